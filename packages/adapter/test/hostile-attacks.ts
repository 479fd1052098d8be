/** What an agent may write into settings against the server, the cluster and others, and what must come of it. */

import path from "node:path";

type Json = Record<string, unknown>;
export type Attacks = Readonly<Record<string, Json>>;

export function overlay(spec: object, command?: readonly string[]): Json {
  return {
    podTemplate: {
      spec: {
        ...spec,
        containers: [{ name: "main", command: command ?? ["sh", "-c", "env; echo IN-THE-POD"] }],
      },
    },
  };
}

const main = (fields: object): Json => ({
  podTemplate: {
    spec: {
      containers: [{ name: "main", command: ["sh", "-c", "env; echo IN-THE-POD"], ...fields }],
    },
  },
});
const metadata = (more: object): Json => ({
  podTemplate: { ...(overlay({})["podTemplate"] as Json), metadata: more },
});
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const named = <T>(count: number, make: (index: number) => [string, T]): Readonly<Record<string, T>> =>
  Object.fromEntries(many(count, make));

/** Refused without an operator's file; `instance`: the folder of the server's data. */
export function refusedAttacks(instance: string, address: string): Attacks {
  return {
    "the server's environment as instructions": { instructionsFilePath: "/proc/self/environ" },
    "the same through another process": { instructionsFilePath: "/proc/1/environ" },
    "the server's key": { instructionsFilePath: path.join(instance, "secrets/master.key") },
    "the server's configuration": { instructionsFilePath: path.join(instance, "config.json") },
    "a file without end": { instructionsFilePath: "/dev/zero" },
    "a kubeconfig anywhere": { kubeconfig: "/etc/hostname" },
    "a kubeconfig that is a device": { kubeconfig: "/dev/zero" },
    "the node's disk": overlay({ volumes: [{ name: "h", hostPath: { path: "/" } }] }),
    "the node's network and processes": overlay({
      hostNetwork: true,
      hostPID: true,
      shareProcessNamespace: null,
    }),
    "user 0": overlay({ securityContext: { runAsUser: 0, runAsNonRoot: false } }),
    "a token of the cluster": overlay({ automountServiceAccountToken: true }),
    "a token by a projected volume": overlay({
      volumes: [{ name: "t", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }],
    }),
    "a Secret of the namespace": overlay({ volumes: [{ name: "s", secret: { secretName: "victim" } }] }),
    "a claim of the namespace": overlay({
      volumes: [{ name: "c", persistentVolumeClaim: { claimName: "victim" } }],
    }),
    "another address for the run's token": { paperclipApiUrl: "https://collector.example.net" },
    "a proxy for it": { env: { HTTPS_PROXY: "http://collector.example.net" } },
    "code for it": { env: { NODE_OPTIONS: "--require /workspace/x.js" } },
    "names that lead elsewhere": overlay({ hostAliases: [{ ip: "192.0.2.1", hostnames: ["localhost"] }] }),
    "settings of Claude Code": { extraArgs: ["--settings", '{"apiKeyHelper":"id"}'] },
    "an identity by a label": { labels: { "azure.workload.identity/use": "true" } },
    // Of the second attack.
    "an address that programs read differently": {
      paperclipApiUrl: `${address}\\@collector.example.net/`,
    },
    "the same by a fragment": { paperclipApiUrl: `${address}#@collector.example.net/` },
    "a program for git": { env: { GIT_SSH_COMMAND: "sh -c 'id'" } },
    "a program for make": { env: { MAKEFLAGS: "--eval=$(shell id)" } },
    "a program for a shell": { env: { BASH_ENV: "/workspace/x" } },
    "a program for Java": { env: { JAVA_TOOL_OPTIONS: "-javaagent:/workspace/x.jar" } },
    "a variable with a name without end": main({
      env: [{ name: `A${"_HTTP_PROXY".repeat(10_000)}`, value: "x" }],
    }),
    "a variable that comes from an annotation": main({
      env: [
        {
          name: "HTTPS_PROXY",
          valueFrom: { fieldRef: { fieldPath: "metadata.annotations['x']" } },
        },
      ],
    }),
    "a claim of its own with an order to its provisioner": overlay({
      volumes: [
        {
          name: "own",
          ephemeral: {
            volumeClaimTemplate: {
              metadata: { annotations: { "nfs.io/storage-path": "victim" } },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          },
        },
      ],
    }),
    // Of the third.
    "a text that a pattern never comes to an end with": { env: { MAKEFLAGS: `${"j".repeat(60)}!` } },
    "a stop that takes for ever": overlay({ terminationGracePeriodSeconds: 9_000_000_000 }),
    "the run's token as the name of a folder": main({
      volumeMounts: [{ name: "tmp", mountPath: "/x", subPathExpr: "$(PAPERCLIP_API_KEY)" }],
    }),
    "a label of a webhook that no list has": metadata({ labels: { aadpodidbinding: "victim" } }),
    "a sidecar by an annotation": metadata({ annotations: { "injector.acme.example/inject": "true" } }),
    "a driver that mounts what it likes": overlay({
      volumes: [{ name: "d", csi: { driver: "secrets-store.csi.k8s.io" } }],
    }),
    "a container that is put into a running pod": overlay({
      ephemeralContainers: [{ name: "e", image: "lab/base:1" }],
    }),
    "a Secret for pulling images": overlay({ imagePullSecrets: [{ name: "registry-of-others" }] }),
    "a node": overlay({ nodeName: "control-plane" }),
  };
}

/** Too much or too deep to be looked at: settings that cannot be used, and a server that goes on answering. */
export const unusableAttacks: Attacks = {
  "more variables than a program can be started with": { env: named(40_000, (index) => [`V${index}`, "x"]) },
  "tens of thousands of init containers": {
    podTemplate: { spec: { initContainers: many(40_000, (index) => ({ name: `c${index}` })) } },
  },
  "tens of thousands of labels": { labels: named(40_000, (index) => [`l${index}`, "x"]) },
  "tens of thousands of tolerations": { tolerations: many(40_000, (index) => ({ key: `k${index}` })) },
  "keys that stand twice": { podTemplate: "spec: {a: 1, a: 2}" },
  "an alias bomb": {
    podTemplate: `spec:\n${many(12, (level) => `  l${level}: &l${level} ${level === 0 ? "[x, x]" : `[*l${level - 1}, *l${level - 1}]`}`).join("\n")}`,
  },
  "brackets without end": { podTemplate: "[".repeat(100_000) },
  "a comment with line ends of another kind": { labels: `a=b${" #".repeat(500_000)}\rx` },
};

/** What an operator's file has to say for these to be refused. */
export const ruledBy = (image: string): string =>
  [
    "allow:",
    `  images: ["${image}", "docker.io/*"]`,
    "  podTemplateFields: [spec.containers, spec.volumes]",
    "maximum: { cpu: 1, memory: 1Gi, resources: {}, newVolumes: 1Gi, deadlineSeconds: 600 }",
    "",
  ].join("\n");

export const ruledAttacks: Attacks = {
  "a limit of 0, which is none": { resources: { limits: { cpu: "0", memory: "0.0Gi" } } },
  "the overlay's limit of 0": main({ resources: { limits: { cpu: "0m", memory: "0" } } }),
  "a limit with more digits than a number has": { resources: { limits: { cpu: "1e30" } } },
  "an image of a machine in capitals": { image: "EVIL/acme/x" },
  "another image beside": overlay({
    initContainers: [
      {
        name: "i",
        image: "evil.example/x",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  }),
  "a graphics card": { resources: { limits: { "nvidia.com/gpu": "1" } } },
  "a volume of its own that is too large": overlay({
    volumes: [
      {
        name: "own",
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } },
          },
        },
      },
    ],
  }),
  "tolerations that are emptied": { podTemplate: { spec: { tolerations: [] } } },
  "a deadline beyond the maximum": { timeoutSec: 601 },
};
