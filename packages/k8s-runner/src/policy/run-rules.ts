/**
 * What the runner asks of its pods beyond Pod Security, which says nothing of Secrets, claims and tokens, nor of how a pod gets to
 * its node.
 */

import type { Allowed, PodPolicy } from "../types/policy.ts";
import { mostHoldAfterDeletionSeconds } from "../manifest/copies.ts";
import { isAbsentOr, ofContainers, ofPod } from "./control.ts";
import type { Control } from "./control.ts";
import { at, containersOf, each, entries, isAbsent, volumesOf } from "./place.ts";
import type { Place } from "./place.ts";
import { pathsWithSecrets } from "./secret-paths.ts";

type NamedRule = Pick<Control, "rule" | "requirement" | "places"> & { readonly allowed: Allowed };

/** `ownSecrets`: those that the run makes for itself. */
export function runRules(policy: PodPolicy, ownSecrets: readonly string[]): readonly Control[] {
  const secrets = policy.secrets ?? [];
  return [...fixedRules, ...claimRules, ...namedRules(policy).map(toControl), ...secretRules(secrets)];

  function secretRules(allowed: Allowed): readonly Control[] {
    const isAllowed = (name: string): boolean => ownSecrets.includes(name) || allows(allowed, name);
    const requirement = "must be a Secret of the run itself, or one that the policy allows";
    return [{ rule: "secret", requirement, places: secretNames, allows: nameIs(isAllowed) }];
  }
}

/** A stop waits for it, and so do the slot and the node, whatever the command does with the time. */
const mostGraceSeconds = 3600 + mostHoldAfterDeletionSeconds;

const fixedRules: readonly Control[] = [
  {
    rule: "gracePeriod",
    requirement: `must be at most ${mostGraceSeconds} seconds: a pod that is being stopped keeps its node and its slot`,
    places: (template) => [
      at(template, "spec", "terminationGracePeriodSeconds"),
      ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) =>
        ofContainers(probe, "terminationGracePeriodSeconds")(template),
      ),
    ],
    allows: (value) =>
      isAbsent(value) || (typeof value === "number" && value >= 0 && value <= mostGraceSeconds),
  },
  {
    rule: "secretInPath",
    requirement:
      "must name no variable with a secret: the path stands on the volume, and in events where it cannot be made",
    places: (template) => containersOf(template).flatMap(pathsWithSecrets),
    allows: isAbsent,
  },
  {
    rule: "serviceAccountToken",
    requirement: "must be false: a run gets no token of the cluster",
    places: ofPod("automountServiceAccountToken"),
    allows: (value) => value === false,
  },
  {
    rule: "serviceAccountToken",
    requirement: "must be absent: a run gets no token of the cluster",
    places: (template) =>
      projections(template).flatMap((source) => [
        at(source, "serviceAccountToken"),
        at(source, "podCertificate"),
      ]),
    allows: isAbsent,
  },
  {
    rule: "scheduling",
    requirement: "must be absent: the scheduler chooses the node",
    places: ofPod("nodeName"),
    allows: isAbsentOr(""),
  },
  {
    rule: "scheduling",
    requirement: "must be absent or default-scheduler",
    places: ofPod("schedulerName"),
    allows: isAbsentOr("default-scheduler"),
  },
  {
    rule: "scheduling",
    requirement: "must not be a class of the cluster's own parts",
    places: ofPod("priorityClassName"),
    allows: (value) => isAbsent(value) || (typeof value === "string" && !value.startsWith("system-")),
  },
  {
    rule: "operatingSystem",
    requirement: "must be absent or linux",
    places: ofPod("os", "name"),
    allows: isAbsentOr("linux"),
  },
  {
    rule: "inlineDriver",
    requirement: "must be absent: what such a driver mounts, such as other people's secrets, no rule can see",
    places: (template) => volumesOf(template).map((volume) => at(volume, "csi")),
    allows: isAbsent,
  },
  {
    rule: "devices",
    requirement: "must be absent: a device claim is somebody's",
    places: ofPod("resourceClaims"),
    allows: (value) => isAbsent(value) || (Array.isArray(value) && value.length === 0),
  },
  {
    rule: "runsOnce",
    requirement: "must be absent or Never: a run happens once",
    places: (template) =>
      each(at(template, "spec", "containers")).map((container) => at(container, "restartPolicy")),
    allows: isAbsentOr("Never"),
  },
  {
    rule: "runsOnce",
    requirement: "must be absent: a run happens once",
    places: ofContainers("restartPolicyRules"),
    allows: isAbsent,
  },
  {
    rule: "finalizers",
    requirement: "must be absent: a pod with finalizers of its own stays for ever",
    places: (template) => [at(template, "metadata", "finalizers")],
    allows: isAbsent,
  },
];

/** A claim that a pod makes for itself must not be a copy of somebody's volume. */
const claimRules: readonly Control[] = [
  {
    rule: "claim",
    requirement: "must be absent: the volume of a run's own claim is new and empty",
    places: (template) =>
      volumesOf(template)
        .map((volume) => at(volume, "ephemeral", "volumeClaimTemplate", "spec"))
        .flatMap((spec) =>
          ["dataSource", "dataSourceRef", "volumeName", "selector"].map((name) => at(spec, name)),
        ),
    allows: isAbsent,
  },
  {
    rule: "claim",
    requirement:
      "must be absent: annotations and labels of a claim are orders to the provisioner, such as which folder of a server to use",
    places: (template) =>
      volumesOf(template)
        .map((volume) => at(volume, "ephemeral", "volumeClaimTemplate", "metadata"))
        .flatMap(entries),
    allows: isAbsent,
  },
];

function namedRules(policy: PodPolicy): readonly NamedRule[] {
  return [
    {
      rule: "image",
      requirement: "must be an image that the policy allows",
      allowed: policy.images ?? "any",
      places: (template) => [
        ...ofContainers("image")(template),
        ...volumesOf(template).map((volume) => at(volume, "image", "reference")),
      ],
    },
    {
      rule: "serviceAccount",
      requirement: "must be a service account that the policy allows",
      allowed: policy.serviceAccounts ?? "any",
      places: (template) => [...ofPod("serviceAccountName")(template), ...ofPod("serviceAccount")(template)],
    },
    {
      rule: "claim",
      requirement: "must be a claim that the policy allows",
      allowed: policy.claims ?? [],
      places: (template) =>
        volumesOf(template).map((volume) => at(volume, "persistentVolumeClaim", "claimName")),
    },
    {
      rule: "configMap",
      requirement: "must be a ConfigMap that the policy allows",
      allowed: policy.configMaps ?? "any",
      places: (template) => [
        ...volumesOf(template).map((volume) => at(volume, "configMap", "name")),
        ...projections(template).map((source) => at(source, "configMap", "name")),
        ...variables(template).map((variable) => at(variable, "valueFrom", "configMapKeyRef", "name")),
        ...variableSources(template).map((source) => at(source, "configMapRef", "name")),
      ],
    },
    {
      rule: "imagePullSecret",
      requirement: "must be a Secret for pulling images that the policy allows",
      allowed: policy.imagePullSecrets ?? [],
      places: (template) =>
        each(at(template, "spec", "imagePullSecrets")).map((secret) => at(secret, "name")),
    },
  ];
}

/** Every place of a pod that gives the pod, or a driver on its behalf, the content of a Secret. */
function secretNames(template: Place): readonly Place[] {
  return [
    ...volumesOf(template).map((volume) => at(volume, "secret", "secretName")),
    ...projections(template).map((source) => at(source, "secret", "name")),
    ...variables(template).map((variable) => at(variable, "valueFrom", "secretKeyRef", "name")),
    ...variableSources(template).map((source) => at(source, "secretRef", "name")),
    ...volumesOf(template)
      .flatMap(entries)
      .filter(({ name }) => name !== "secret")
      .flatMap((source) => [
        at(source, "secretRef", "name"),
        at(source, "nodePublishSecretRef", "name"),
        at(source, "secretName"),
      ]),
  ];
}

function projections(template: Place): readonly Place[] {
  return volumesOf(template).flatMap((volume) => each(at(volume, "projected", "sources")));
}

function variables(template: Place): readonly Place[] {
  return containersOf(template).flatMap((container) => each(at(container, "env")));
}

function variableSources(template: Place): readonly Place[] {
  return containersOf(template).flatMap((container) => each(at(container, "envFrom")));
}

function toControl({ allowed, ...rule }: NamedRule): Control {
  return { ...rule, allows: nameIs((name) => allows(allowed, name)) };
}

function nameIs(isAllowed: (name: string) => boolean): (value: unknown) => boolean {
  return (value) => isAbsent(value) || value === "" || (typeof value === "string" && isAllowed(value));
}

function allows(allowed: Allowed, name: string): boolean {
  if (allowed === "any") return true;
  return typeof allowed === "function" ? allowed(name) : allowed.includes(name);
}
