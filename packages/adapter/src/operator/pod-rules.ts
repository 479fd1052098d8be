import type { SettingRefusal } from "@claude-k8s/diagnostics";
import {
  type PodPolicy,
  type PolicyViolation,
  type RunSpec,
  checkPodPolicy,
  jobManifest,
} from "@claude-k8s/k8s-runner";

import { isDeepStrictEqual } from "node:util";

import type { V1Container, V1PodSpec } from "@kubernetes/client-node";

import type { Inheritance } from "../own-pod/inherit.ts";
import { isObject } from "../settings/values.ts";
import { type Bringer, createBringer } from "./bringer.ts";
import type { OperatorFile } from "./file-schema.ts";
import { podBeyondMaximum } from "./limits.ts";
import { type PatternValues, allowsImage, matchesAny } from "./patterns.ts";
import { normal, refusedFields } from "./overlay-fields.ts";
import { type GivenVariables, refusedPodVariables } from "./pod-variables.ts";

/** The operator's `allow` as the runner's policy, which holds for the merged Job. */
export function podPolicyOf(rules: OperatorFile, values: PatternValues): PodPolicy {
  const { allow = {} } = rules;
  const named = (patterns: readonly string[]) => (name: string) => matchesAny(patterns, name, values);
  const { images } = allow;
  return {
    fields: fieldsOf(rules),
    ...(images && { images: (name: string) => allowsImage(images, name, values) }),
    ...(allow.secrets && { secrets: named(allow.secrets), imagePullSecrets: named(allow.secrets) }),
    ...(allow.claims && { claims: named(allow.claims) }),
    ...(allow.serviceAccounts && { serviceAccounts: named(allow.serviceAccounts) }),
  };
}

function fieldsOf({ allow }: OperatorFile): readonly string[] {
  return (allow?.podTemplate ?? []).map(normal);
}

/**
 * The merged Job of a run, before it is sent: the runner's policy, the operator's maximum, and what an overlay could do to the
 * run's secrets without leaving "restricted". The runner checks the policy once more on what it sends.
 */
export function refusedPod(
  spec: RunSpec,
  rules: OperatorFile,
  values: PatternValues,
  given: GivenVariables & { readonly inherited: Inheritance },
): readonly SettingRefusal[] {
  const job = jobManifest(spec);
  // With what the run is lent, where that is known: the adapter itself has chosen it, no setting reaches this field.
  const policy = spec.policy ?? podPolicyOf(rules, values);
  const fields = fieldsOf(rules);
  const listed = rules.allow?.podTemplateFields;
  const pod = job.spec?.template.spec;
  const bringer = createBringer(spec, pod);
  return [
    ...checkPodPolicy(job, policy).map((violation) => refusalOf(violation, bringer)),
    ...(listed === undefined || given.overlayBy === "operator"
      ? []
      : refusedFields(spec.podTemplate, listed)),
    ...metadataRefusals(overlayMetadata(spec), fields),
    ...(pod === undefined
      ? []
      : [
          ...resolverRefusals(pod, fields, bringer, given.inherited),
          ...(fields.includes("spec.containers[*].env")
            ? []
            : refusedPodVariables(spec, pod, given, rules.allow?.env ?? [], values)),
          ...podBeyondMaximum(withoutCopiers(pod, spec), rules.maximum ?? {}).map((refusal) => {
            const brought = bringer.ofContainer(refusal.value);
            return brought === null ? refusal : Object.assign({}, refusal, { setting: brought.key });
          }),
        ]),
  ];
}

/**
 * Beside the containers that copy files or call git: they are the runner's, small, and run nothing of the agent's. One that an overlay
 * has changed counts like any other, and so does the set-up of a repository.
 */
function withoutCopiers(pod: V1PodSpec, { podTemplate: _overlay, ...bare }: RunSpec): V1PodSpec {
  if (bare.copies === undefined && bare.repository === undefined) return pod;
  const { copies: _copies, repository: _repository, ...plain } = bare;
  const others = new Set(containersOf(jobManifest(plain).spec?.template.spec).map(({ name }) => name));
  const copiers = new Set(
    containersOf(jobManifest(bare).spec?.template.spec)
      .filter(({ name }) => !others.has(name) && name !== setupContainer)
      .map((container) => JSON.stringify(container)),
  );
  const isOther = (container: V1Container): boolean => !copiers.has(JSON.stringify(container));
  const { containers, initContainers } = pod;
  return Object.assign({}, pod, {
    ...(Array.isArray(containers) && { containers: containers.filter(isOther) }),
    ...(Array.isArray(initContainers) && { initContainers: initContainers.filter(isOther) }),
  });
}

const setupContainer = "repository-setup";

function containersOf(pod: V1PodSpec | undefined): readonly V1Container[] {
  return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])];
}

const allowKeys: Readonly<Record<string, string>> = {
  image: "allow.images",
  secret: "allow.secrets",
  imagePullSecret: "allow.secrets",
  claim: "allow.claims",
  serviceAccount: "allow.serviceAccounts",
};

function refusalOf({ field, value, rule, requirement }: PolicyViolation, bringer: Bringer): SettingRefusal {
  const own = rule === "image" && field.startsWith("spec.containers[0]") ? "image" : null;
  return {
    setting: own ?? (rule === "serviceAccount" ? "serviceAccountName" : bringer.ofField(field)),
    ...(value !== null && { value: unquoted(value) }),
    rule: requirement,
    allow: allowKeys[rule] ?? "allow.podTemplate",
  };
}

function unquoted(json: string): string {
  return json.replace(/^"(.*)"$/, "$1");
}

/** Names in the pod lead elsewhere by these, the one of Paperclip's API among them. */
const resolving = ["hostAliases", "dnsConfig", "dnsPolicy"] as const;

function resolverRefusals(
  pod: Partial<V1PodSpec>,
  allowed: readonly string[],
  bringer: Bringer,
  { spec, hostAliases }: Inheritance,
): readonly SettingRefusal[] {
  // Names in the pod lead where they lead in the server's own.
  const inherited = { ...spec, hostAliases };
  return resolving.flatMap((field): SettingRefusal[] =>
    pod[field] === undefined ||
    isDeepStrictEqual(pod[field], inherited[field]) ||
    allowed.includes(`spec.${field}`)
      ? []
      : [
          {
            setting: bringer.ofField(`spec.${field}`),
            rule: "names in the pod would lead elsewhere, and the run's token with them",
            allow: "allow.podTemplate",
          },
        ],
  );
}

function overlayMetadata({ podTemplate }: RunSpec): Readonly<Record<string, unknown>> {
  const overlay: unknown = JSON.parse(JSON.stringify(podTemplate ?? {}));
  return isObject(overlay) && isObject(overlay["metadata"]) ? overlay["metadata"] : {};
}

/** Annotations that tell an autoscaler or a person something. Most others are orders to a controller or a webhook. */
const plainAnnotations: ReadonlySet<string> = new Set([
  "cluster-autoscaler.kubernetes.io/safe-to-evict",
  "karpenter.sh/do-not-disrupt",
  "karpenter.sh/do-not-evict",
  "kubectl.kubernetes.io/default-container",
]);

function isPlainAnnotation(key: string): boolean {
  if (!key.includes("/") || plainAnnotations.has(key)) return true;
  const [prefix, ...names] = key.split("/");
  return prefix === "app.kubernetes.io" && names.length === 1;
}

/**
 * Labels by which the cluster's own parts and well-known webhooks put things into a pod or take it out of their reach: identities
 * (`azure.workload.identity/use`), sidecars, queues.
 */
const platformLabels =
  /(^|\.)(k8s\.io|kubernetes\.io|workload\.identity|istio\.io|linkerd\.io|hashicorp\.com|amazonaws\.com|gke\.io|google\.com|azure\.com|microsoft\.com|datadoghq\.com|dynatrace\.com|cilium\.io|knative\.dev|openshift\.io|karpenter\.sh|cert-manager\.io|spiffe\.io|kyverno\.io|gatekeeper\.sh|banzaicloud\.(com|io)|1password\.com|conjur\.org|external-secrets\.io|dapr\.io|volcano\.sh|nvidia\.com|opentelemetry\.io|aquasec\.com|sysdig\.com|kubevirt\.io|argoproj\.io|fluxcd\.io|kuma\.io|konghq\.com|k8s\.aws|akeyless|infisical\.com|doppler\.com|bank-vaults\.io|newrelic\.com|elastic\.co|nginx\.(com|org)|traefik\.io|stackrox\.io|twistlock\.com|crowdstrike\.com|wiz\.io|neuvector\.com|openservicemesh\.io|solo\.io)$/;

/**
 * Words of what such parts do, in names that no list has (`sidecar-injector.acme.com/inject`, `aadpodidbinding`): who makes up a label
 * of their own has no use for them.
 */
const orderWords =
  /inject|sidecar|mutat|webhook|idbinding|(pod|workload|service|managed)[-_.]?identity|(^|[-_./])(iam|vault|mesh|kube2iam)([-_./]|$)/;

function isOrder(key: string): boolean {
  return !key.startsWith("app.kubernetes.io/") && orderWords.test(key.toLowerCase());
}

export function labelRefusals(
  labels: Readonly<Record<string, unknown>>,
  setting: string,
  allowed: readonly string[],
): readonly SettingRefusal[] {
  if (allowed.includes("metadata.labels")) return [];
  return Object.keys(labels).flatMap((key): SettingRefusal[] => {
    const prefix = key.includes("/") ? (key.split("/", 1)[0] ?? "") : "";
    const isPlain = prefix === "app.kubernetes.io" || !platformLabels.test(prefix.toLowerCase());
    return isPlain && !isOrder(key)
      ? []
      : [
          {
            setting: `${setting}.${key}`,
            rule: "labels of the cluster's own parts and of its webhooks change what the pod is given",
            allow: "allow.podTemplate",
          },
        ];
  });
}

function metadataRefusals(
  { labels, annotations }: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): readonly SettingRefusal[] {
  const orders = Object.keys(isObject(annotations) ? annotations : {}).filter(
    (key) => !isPlainAnnotation(key) || isOrder(key),
  );
  return [
    ...labelRefusals(isObject(labels) ? labels : {}, "podTemplate.metadata.labels", allowed),
    ...(allowed.includes("metadata.annotations") ? [] : orders).map((key): SettingRefusal => ({
      setting: `podTemplate.metadata.annotations.${key}`,
      rule: "annotations are orders to the cluster's controllers and webhooks",
      allow: "allow.podTemplate",
    })),
  ];
}

export function allowedFields(rules: OperatorFile): readonly string[] {
  return fieldsOf(rules);
}
