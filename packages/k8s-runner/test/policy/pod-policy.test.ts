/** What the runner asks of a pod beyond Pod Security: each attack, and the legitimate use next to it. */

import { describe, expect, test } from "vitest";
import { checkPodPolicy, jobManifest } from "../../src/index.ts";
import type { PodPolicy } from "../../src/index.ts";
import { describeWorlds, drain, runOf, specOf } from "../world.ts";
import { passingSpec, passingTemplate } from "./variants.ts";

type Json = any;

interface Row {
  readonly name: string;
  readonly overlay: Json;
  /** Field and rule; `null`: allowed. */
  readonly violation: readonly [field: string, rule: string] | null;
  readonly policy?: PodPolicy;
}

const volume = (source: Json): Json => ({ spec: { volumes: [{ name: "x", ...source }] } });
const variable = (valueFrom: Json): Json => ({
  spec: { containers: [{ name: "main", env: [{ name: "X", valueFrom }] }] },
});
const main = (more: Json): Json => ({ spec: { containers: [{ name: "main", ...more }] } });
const claimTemplate = (spec: Json): Json =>
  volume({ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], ...spec } } } });

const claimMetadata = (metadata: Json): Json =>
  volume({
    ephemeral: { volumeClaimTemplate: { metadata, spec: { accessModes: ["ReadWriteOnce"] } } },
  });

const rows: readonly Row[] = [
  {
    name: "a claim of its own whose annotations tell an NFS provisioner the folder",
    overlay: claimMetadata({ annotations: { "nfs.io/storage-path": "victim" } }),
    violation: ["spec.volumes[1].ephemeral.volumeClaimTemplate.metadata.annotations", "claim"],
  },
  {
    name: "a claim of its own whose labels do, where the class's path has them in it",
    overlay: claimMetadata({ labels: { folder: "victim" } }),
    violation: ["spec.volumes[1].ephemeral.volumeClaimTemplate.metadata.labels", "claim"],
  },
  {
    name: "the same where the policy exempts them",
    overlay: claimMetadata({ labels: { team: "a" } }),
    policy: { fields: ["spec.volumes[*].ephemeral.volumeClaimTemplate.metadata.labels"] },
    violation: null,
  },
  { name: "a claim of its own", overlay: claimTemplate({}), violation: null },
  {
    name: "a stop that takes for ever",
    overlay: { spec: { terminationGracePeriodSeconds: 9_000_000_000 } },
    violation: ["spec.terminationGracePeriodSeconds", "gracePeriod"],
  },
  {
    name: "a stop that takes for ever, as a text",
    overlay: { spec: { terminationGracePeriodSeconds: "99999999" } },
    violation: ["spec.terminationGracePeriodSeconds", "gracePeriod"],
  },
  {
    name: "a negative time for a stop",
    overlay: { spec: { terminationGracePeriodSeconds: -1 } },
    violation: ["spec.terminationGracePeriodSeconds", "gracePeriod"],
  },
  {
    name: "an hour for a stop",
    overlay: { spec: { terminationGracePeriodSeconds: 3600 } },
    violation: null,
  },
  {
    name: "a probe's time for a stop",
    overlay: main({ livenessProbe: { exec: { command: ["x"] }, terminationGracePeriodSeconds: 90_000 } }),
    violation: ["spec.containers[0].livenessProbe.terminationGracePeriodSeconds", "gracePeriod"],
  },
  {
    name: "a secret as the name of a folder",
    overlay: main({
      env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "api-keys", key: "k" } } }],
      volumeMounts: [{ name: "work", mountPath: "/w", subPathExpr: "a/$(TOKEN)" }],
    }),
    policy: { secrets: "any" },
    violation: ["spec.containers[0].volumeMounts[1].subPathExpr", "secretInPath"],
  },
  {
    name: "a secret as the name of a folder, by another variable",
    overlay: main({
      env: [{ name: "SUB", value: "$(TOKEN)" }],
      volumeMounts: [{ name: "work", mountPath: "/w", subPathExpr: "$(SUB)" }],
    }),
    violation: ["spec.containers[0].volumeMounts[1].subPathExpr", "secretInPath"],
  },
  {
    name: "the pod's name as that of a folder",
    overlay: main({
      env: [
        { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "TEAM", value: "web" },
      ],
      volumeMounts: [{ name: "work", mountPath: "/w", subPathExpr: "$(TEAM)/$(POD)/$$(TOKEN)" }],
    }),
    violation: null,
  },
  { name: "nothing", overlay: {}, violation: null },
  {
    name: "a token by automount",
    overlay: { spec: { automountServiceAccountToken: true } },
    violation: ["spec.automountServiceAccountToken", "serviceAccountToken"],
  },
  {
    name: "automount left to the service account",
    overlay: { spec: { automountServiceAccountToken: null } },
    violation: ["spec.automountServiceAccountToken", "serviceAccountToken"],
  },
  {
    name: "automount as a text",
    overlay: { spec: { automountServiceAccountToken: "false" } },
    violation: ["spec.automountServiceAccountToken", "serviceAccountToken"],
  },
  {
    name: "a token by projection",
    overlay: volume({
      projected: { sources: [{ downwardAPI: {} }, { serviceAccountToken: { path: "t" } }] },
    }),
    violation: ["spec.volumes[1].projected.sources[1].serviceAccountToken", "serviceAccountToken"],
  },
  {
    name: "a certificate of the cluster by projection",
    overlay: volume({ projected: { sources: [{ podCertificate: { signerName: "a/b" } }] } }),
    violation: ["spec.volumes[1].projected.sources[0].podCertificate", "serviceAccountToken"],
  },
  {
    name: "sources that are no list",
    overlay: volume({ projected: { sources: { "0": { serviceAccountToken: { path: "t" } } } } }),
    violation: ["spec.volumes[1].projected.sources", "type"],
  },
  {
    name: "another's Secret as a volume",
    overlay: volume({ secret: { secretName: "api-keys" } }),
    violation: ["spec.volumes[1].secret.secretName", "secret"],
  },
  {
    name: "a Secret that the policy names",
    overlay: volume({ secret: { secretName: "api-keys" } }),
    policy: { secrets: ["api-keys"] },
    violation: null,
  },
  {
    name: "a Secret that the policy's function knows",
    overlay: volume({ secret: { secretName: "acme-keys" } }),
    policy: { secrets: (name) => name.startsWith("acme-") },
    violation: null,
  },
  {
    name: "a Secret of another slot's run",
    overlay: volume({ secret: { secretName: "run-00000000000000000000-aaaaaaaa-0" } }),
    violation: ["spec.volumes[1].secret.secretName", "secret"],
  },
  {
    name: "another's Secret by projection",
    overlay: volume({ projected: { sources: [{ secret: { name: "api-keys" } }] } }),
    violation: ["spec.volumes[1].projected.sources[0].secret.name", "secret"],
  },
  {
    name: "another's Secret as a variable",
    overlay: variable({ secretKeyRef: { name: "api-keys", key: "k" } }),
    violation: ["spec.containers[0].env[0].valueFrom.secretKeyRef.name", "secret"],
  },
  {
    name: "another's Secret as all variables of an init container",
    overlay: {
      spec: {
        initContainers: [
          {
            name: "i",
            image: "i",
            envFrom: [{ secretRef: { name: "api-keys" } }],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    },
    violation: ["spec.initContainers[0].envFrom[0].secretRef.name", "secret"],
  },
  {
    name: "another's Secret for a driver",
    overlay: volume({ csi: { driver: "d", nodePublishSecretRef: { name: "api-keys" } } }),
    policy: { fields: ["spec.volumes[*].csi.driver"] },
    violation: ["spec.volumes[1].csi.nodePublishSecretRef.name", "secret"],
  },
  {
    name: "a driver that mounts what it likes",
    overlay: volume({ csi: { driver: "secrets-store.csi.k8s.io" } }),
    violation: ["spec.volumes[1].csi", "inlineDriver"],
  },
  {
    name: "a pull secret",
    overlay: { spec: { imagePullSecrets: [{ name: "registry" }] } },
    violation: ["spec.imagePullSecrets[0].name", "imagePullSecret"],
  },
  {
    name: "a pull secret that the policy names",
    overlay: { spec: { imagePullSecrets: [{ name: "registry" }] } },
    policy: { imagePullSecrets: ["registry"] },
    violation: null,
  },
  {
    name: "a claim",
    overlay: volume({ persistentVolumeClaim: { claimName: "others" } }),
    violation: ["spec.volumes[1].persistentVolumeClaim.claimName", "claim"],
  },
  {
    name: "a claim that the policy names",
    overlay: volume({ persistentVolumeClaim: { claimName: "own" } }),
    policy: { claims: ["own"] },
    violation: null,
  },
  { name: "a new claim for the pod", overlay: claimTemplate({}), violation: null },
  {
    name: "a copy of another's claim",
    overlay: claimTemplate({ dataSource: { kind: "PersistentVolumeClaim", name: "others" } }),
    violation: ["spec.volumes[1].ephemeral.volumeClaimTemplate.spec.dataSource", "claim"],
  },
  {
    name: "a copy of another's claim, by reference",
    overlay: claimTemplate({ dataSourceRef: { kind: "PersistentVolumeClaim", name: "others" } }),
    violation: ["spec.volumes[1].ephemeral.volumeClaimTemplate.spec.dataSourceRef", "claim"],
  },
  {
    name: "a volume by its name",
    overlay: claimTemplate({ volumeName: "pv-others" }),
    violation: ["spec.volumes[1].ephemeral.volumeClaimTemplate.spec.volumeName", "claim"],
  },
  { name: "a ConfigMap", overlay: volume({ configMap: { name: "ca" } }), violation: null },
  {
    name: "a ConfigMap that the policy does not name",
    overlay: variable({ configMapKeyRef: { name: "others", key: "k" } }),
    policy: { configMaps: ["ca"] },
    violation: ["spec.containers[0].env[0].valueFrom.configMapKeyRef.name", "configMap"],
  },
  {
    name: "an image that the policy does not name",
    overlay: main({ image: "evil/x:1" }),
    policy: { images: (image) => image.startsWith("lab/") },
    violation: ["spec.containers[0].image", "image"],
  },
  {
    name: "an image as a volume",
    overlay: volume({ image: { reference: "evil/x:1" } }),
    policy: { images: (image) => image.startsWith("lab/") },
    violation: ["spec.volumes[1].image.reference", "image"],
  },
  {
    name: "an image that the policy names",
    overlay: main({ image: "lab/other:1" }),
    policy: { images: (image) => image.startsWith("lab/") },
    violation: null,
  },
  { name: "a service account", overlay: { spec: { serviceAccountName: "agent" } }, violation: null },
  {
    name: "a service account that the policy does not name",
    overlay: { spec: { serviceAccountName: "paperclip" } },
    policy: { serviceAccounts: ["agent"] },
    violation: ["spec.serviceAccountName", "serviceAccount"],
  },
  {
    name: "a service account by the old field",
    overlay: { spec: { serviceAccount: "paperclip" } },
    policy: { serviceAccounts: ["agent"] },
    violation: ["spec.serviceAccount", "serviceAccount"],
  },
  {
    name: "a node past the scheduler",
    overlay: { spec: { nodeName: "control-plane" } },
    violation: ["spec.nodeName", "scheduling"],
  },
  {
    name: "a scheduler of its own",
    overlay: { spec: { schedulerName: "mine" } },
    violation: ["spec.schedulerName", "scheduling"],
  },
  {
    name: "the priority of the cluster's own parts",
    overlay: { spec: { priorityClassName: "system-node-critical" } },
    violation: ["spec.priorityClassName", "scheduling"],
  },
  {
    name: "a priority, a selector, a toleration, an affinity",
    overlay: {
      spec: {
        priorityClassName: "agents",
        nodeSelector: { pool: "agents" },
        tolerations: [{ key: "agents", operator: "Exists" }],
        affinity: { nodeAffinity: {} },
        runtimeClassName: "gvisor",
      },
    },
    violation: null,
  },
  {
    name: "Windows, which Pod Security exempts",
    overlay: { spec: { os: { name: "windows" } } },
    violation: ["spec.os.name", "operatingSystem"],
  },
  {
    name: "user 0",
    overlay: { spec: { securityContext: { runAsUser: 0 } } },
    violation: ["spec.securityContext.runAsUser", "runAsUser"],
  },
  {
    name: "user 0 as a text",
    overlay: { spec: { securityContext: { runAsUser: "0" } } },
    violation: ["spec.securityContext.runAsUser", "runAsUser"],
  },
  {
    name: "a host path that the policy names",
    overlay: volume({ hostPath: { path: "/var/cache" } }),
    policy: { fields: ["spec.volumes[*].hostPath"] },
    violation: null,
  },
  {
    name: "a field whose name only begins as the policy's",
    overlay: { spec: { hostNetwork: true } },
    policy: { fields: ["spec.host"] },
    violation: ["spec.hostNetwork", "hostNamespaces"],
  },
  {
    name: "an ephemeral container",
    overlay: { spec: { ephemeralContainers: [{ name: "e", image: "e" }] } },
    violation: ["spec.ephemeralContainers", "unknownField"],
  },
  {
    name: "a field that nobody knows",
    overlay: { spec: { hostEverything: true } },
    violation: ["spec.hostEverything", "unknownField"],
  },
  {
    name: "a container's field that nobody knows",
    overlay: main({ hostEverything: true }),
    violation: ["spec.containers[0].hostEverything", "unknownField"],
  },
  {
    name: "containers that are no list",
    overlay: { spec: { initContainers: { name: "x", securityContext: { privileged: true } } } },
    violation: ["spec.initContainers", "type"],
  },
  {
    name: "a list in a list",
    overlay: { spec: { volumes: [[{ name: "x", hostPath: { path: "/" } }]] } },
    violation: ["spec.volumes", "type"],
  },
  {
    name: "a template that is replaced by a text",
    overlay: { spec: "x" },
    violation: ["spec", "type"],
  },
  {
    name: "no containers",
    overlay: { spec: { containers: null } },
    violation: ["spec.containers", "type"],
  },
  {
    name: "what only looks as if it were false, by inheritance",
    overlay: JSON.parse(
      '{"spec":{"automountServiceAccountToken":null,"__proto__":{"automountServiceAccountToken":false}}}',
    ),
    violation: ["spec.automountServiceAccountToken", "serviceAccountToken"],
  },
  {
    name: "a container that runs again and again",
    overlay: main({ restartPolicy: "Always" }),
    violation: ["spec.containers[0].restartPolicy", "runsOnce"],
  },
  {
    name: "a finalizer that keeps the pod",
    overlay: { metadata: { finalizers: ["example.com/never"] } },
    violation: ["metadata.finalizers", "finalizers"],
  },
  {
    name: "the lifted context of a replaced spec",
    overlay: { spec: { securityContext: { $patch: "replace" } } },
    violation: ["spec.containers[0].securityContext.runAsNonRoot", "runAsNonRoot"],
  },
];

describe("the policy of pods", () => {
  test.each(rows.map((row) => [row.name, row] as const))(
    "%s",
    (_name, { overlay, policy = {}, violation }) => {
      const job = jobManifest({ ...passingSpec, podTemplate: overlay });
      const found = checkPodPolicy(job, policy).map(({ field, rule }) => [field, rule].join(": "));
      const wanted = violation?.join(": ") ?? null;
      expect(found.filter((one) => wanted === null || one === wanted)).toEqual(
        wanted === null ? [] : [wanted],
      );
    },
  );

  test("is complete: prompt, files, secret variables and sidecars of the runner's own pass the closed default", () => {
    const job = jobManifest({
      ...passingSpec,
      stdin: "prompt",
      files: [{ path: "/data/big", content: new Uint8Array(1_500_000) }],
      secretEnv: { TOKEN: "hidden" },
      writablePaths: ["/home/agent"],
    });
    expect(checkPodPolicy(job)).toEqual([]);
  });
  test("takes a pod template, too, and knows no own Secrets then", () => {
    const { template } = jobManifest({ ...passingSpec, stdin: "prompt" }).spec!;
    expect(checkPodPolicy(template).map(({ rule }) => rule)).toEqual(["secret"]);
    expect(checkPodPolicy(passingTemplate())).toEqual([]);
  });
  test.each([null, undefined, 1, "pod", [], {}])("refuses what is no pod: %j", (nothing) => {
    expect(checkPodPolicy(nothing).map(({ rule }) => rule)).toContain("type");
  });
  test.each([String(2 ** 25), "501", "-1", "1e3", "NaN", " 1"])(
    "a Job that says it has %j Secrets of its own has none",
    (count) => {
      const job: Json = JSON.parse(JSON.stringify(jobManifest({ ...passingSpec, stdin: "prompt" })));
      job.metadata.annotations["claude-k8s.io/payload-secrets"] = count;
      expect(checkPodPolicy(job).map(({ rule }) => rule)).toEqual(["secret"]);
    },
  );
  test("labels of the caller stand above the overlay's", () => {
    const { template } = jobManifest({
      ...passingSpec,
      labels: { company: "acme" },
      podTemplate: { metadata: { labels: { company: "other", more: "x" } } },
    }).spec!;
    expect(template.metadata?.labels).toMatchObject({ company: "acme", more: "x" });
  });
});

describeWorlds("a policy", (world) => {
  const hostPath = { spec: { volumes: [{ name: "x", hostPath: { path: "/" } }] } };

  test("keeps a Job from being sent, and names the field", async () => {
    const runner = world().runner({ policy: {} });
    const spec = specOf(world(), { podTemplate: hostPath });
    expect(await runner.start(spec)).toMatchObject({
      kind: "refused",
      failure: {
        kind: "policy-violated",
        violations: [{ field: "spec.volumes[1].hostPath", rule: "hostPathVolumes" }],
      },
    });
    const { body } = await world().request("GET", `/apis/batch/v1/namespaces/${world().namespace}/jobs`);
    expect(body.items).toEqual([]);
  });
  test("of the spec stands in the place of the runner's", async () => {
    const runner = world().runner({ policy: { images: [] } });
    const refused = await runner.start(specOf(world()));
    expect(refused).toMatchObject({ kind: "refused", failure: { violations: [{ rule: "image" }] } });
    const { run, output } = await drain(
      runOf(await runner.start(specOf(world(), { policy: { images: ["lab/base:1"] }, stdin: "x" }))),
    );
    expect(output).toBe("hello\n");
    await run.cleanUp({ keepJobSeconds: 0 });
  });
});
