/** The pod that we run in, and what of it another pod could have. */

import { expect, test } from "vitest";
import { readOwnPod, sharedFolderOf } from "../../src/index.ts";
import type { Cluster, OwnMount, SharedFolder } from "../../src/index.ts";
import type { Pod } from "../../src/cluster/wire.ts";

const pod: Pod = {
  metadata: { name: "server-0", namespace: "paperclip", uid: "uid-1" },
  spec: {
    nodeName: "node-7",
    serviceAccountName: "server",
    imagePullSecrets: [{ name: "registry" }],
    dnsPolicy: "None",
    dnsConfig: { nameservers: ["10.0.0.10"] },
    hostAliases: [{ ip: "10.1.1.1", hostnames: ["git.internal"] }],
    nodeSelector: { pool: "agents" },
    tolerations: [
      { key: "pool", operator: "Equal", value: "agents", effect: "NoSchedule" },
      {
        key: "node.kubernetes.io/not-ready",
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 300,
      },
      {
        key: "node.kubernetes.io/unreachable",
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 300,
      },
    ],
    securityContext: { runAsUser: 1001, fsGroup: 2000 },
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: "paperclip-data" } },
      { name: "login", secret: { secretName: "provider" } },
    ],
    containers: [
      { name: "mesh", image: "mesh:1" },
      {
        name: "paperclip",
        image: "paperclip:2",
        imagePullPolicy: "IfNotPresent",
        securityContext: { runAsGroup: 1002 },
        env: [
          { name: "PLAIN", value: "a literal that must not be shown" },
          { name: "ANTHROPIC_API_KEY", valueFrom: { secretKeyRef: { name: "provider", key: "key" } } },
          { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        ],
        volumeMounts: [
          { name: "data", mountPath: "/paperclip", subPath: "prod" },
          { name: "login", mountPath: "/login", readOnly: true },
          { name: "gone", mountPath: "/gone" },
        ],
      },
    ],
  },
};

function clusterWith(answer: Awaited<ReturnType<Cluster["get"]>>): Pick<Cluster, "get"> {
  return { get: (async () => answer) as Cluster["get"] };
}
const found = clusterWith({ kind: "ok", value: pod, serverTime: null });
const name = { namespace: "paperclip", name: "server-0", container: "paperclip" };

test("what is read, and that no value of a variable is", async () => {
  const answer = await readOwnPod(found, name);
  expect(answer).toEqual({
    kind: "pod",
    pod: {
      namespace: "paperclip",
      name: "server-0",
      nodeName: "node-7",
      image: "paperclip:2",
      imagePullPolicy: "IfNotPresent",
      imagePullSecrets: ["registry"],
      serviceAccountName: "server",
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["10.0.0.10"] },
      hostAliases: [{ ip: "10.1.1.1", hostnames: ["git.internal"] }],
      nodeSelector: { pool: "agents" },
      tolerations: [{ key: "pool", operator: "Equal", value: "agents", effect: "NoSchedule" }],
      affinity: null,
      runtimeClassName: null,
      runAsUser: 1001,
      runAsGroup: 1002,
      fsGroup: 2000,
      mounts: [
        {
          mountPath: "/paperclip",
          subPath: "prod",
          readOnly: false,
          volume: { name: "data", persistentVolumeClaim: { claimName: "paperclip-data" } },
        },
        {
          mountPath: "/login",
          subPath: "",
          readOnly: true,
          volume: { name: "login", secret: { secretName: "provider" } },
        },
      ],
      secretVariables: [{ name: "ANTHROPIC_API_KEY", secretName: "provider", key: "key", optional: false }],
    },
  });
});

test("without a name, the first container is ours", async () => {
  const { container: _, ...first } = name;
  expect(await readOwnPod(found, first)).toMatchObject({ pod: { image: "mesh:1" } });
});

test("a pod of the same name in another place is not ours", async () => {
  expect(await readOwnPod(found, { ...name, uid: "uid-1" })).toMatchObject({ kind: "pod" });
  expect(await readOwnPod(found, { ...name, uid: "uid-2" })).toMatchObject({ reason: "not-found" });
  expect(await readOwnPod(found, { ...name, container: "other" })).toMatchObject({ reason: "not-found" });
});

test.each([
  ["forbidden", "forbidden"],
  ["unauthorized", "forbidden"],
  ["not-found", "not-found"],
  ["unavailable", "unavailable"],
  ["rejected", "unavailable"],
] as const)("%s is told as %s", async (kind, reason) => {
  const error = { kind, httpStatus: 0, reason: null, message: "why", causes: [], retryAfterSeconds: null };
  expect(await readOwnPod(clusterWith({ kind: "error", error }), name)).toEqual({
    kind: "none",
    reason,
    message: "why",
  });
});

const claim = { name: "data", persistentVolumeClaim: { claimName: "c" } };
const nfs = { name: "nfs", nfs: { server: "s", path: "/" } };
const inner = { name: "inner", emptyDir: {} };
function mount(mountPath: string, volume: OwnMount["volume"], more: Partial<OwnMount> = {}): OwnMount {
  return { mountPath, subPath: "", readOnly: false, volume, ...more };
}

const rows: readonly (readonly [string, readonly OwnMount[], string, SharedFolder])[] = [
  [
    "below its mount",
    [mount("/paperclip", claim)],
    "/paperclip/work/a",
    { kind: "shared", volume: claim, subPath: "work/a", mountPath: "/paperclip/work/a" },
  ],
  [
    "the mount itself",
    [mount("/paperclip/", claim)],
    "/paperclip",
    { kind: "shared", volume: claim, subPath: "", mountPath: "/paperclip" },
  ],
  [
    "below a part of the volume",
    [mount("/paperclip", claim, { subPath: "prod/home" })],
    "/paperclip/work",
    { kind: "shared", volume: claim, subPath: "prod/home/work", mountPath: "/paperclip/work" },
  ],
  [
    "the longest path counts",
    [mount("/paperclip/work", nfs), mount("/paperclip", claim)],
    "/paperclip/work/a",
    { kind: "shared", volume: nfs, subPath: "a", mountPath: "/paperclip/work/a" },
  ],
  [
    "a name that only begins alike",
    [mount("/paper", claim)],
    "/paperclip",
    { kind: "not-shared", reason: "no-volume", volumeName: null },
  ],
  [
    "a path that climbs out",
    [mount("/paperclip", claim)],
    "/paperclip/../etc",
    { kind: "not-shared", reason: "no-volume", volumeName: null },
  ],
  [
    "an empty volume above shared storage",
    [mount("/paperclip", claim), mount("/paperclip/work", inner)],
    "/paperclip/work",
    { kind: "not-shared", reason: "own-volume", volumeName: "inner" },
  ],
  [
    "a claim of the pod's own",
    [mount("/w", { name: "e", ephemeral: {} })],
    "/w",
    { kind: "not-shared", reason: "own-volume", volumeName: "e" },
  ],
  [
    "read only",
    [mount("/w", claim, { readOnly: true })],
    "/w",
    { kind: "not-shared", reason: "read-only", volumeName: "data" },
  ],
  [
    "a part that depends on a variable",
    [mount("/w", claim, { subPath: null })],
    "/w",
    { kind: "not-shared", reason: "unknown-part", volumeName: "data" },
  ],
  [
    "a volume without a source",
    [mount("/w", { name: "n" })],
    "/w",
    { kind: "not-shared", reason: "own-volume", volumeName: "n" },
  ],
  [
    "a kind that we do not know",
    [mount("/w", { name: "n", newfs: {} } as OwnMount["volume"])],
    "/w",
    { kind: "shared", volume: { name: "n", newfs: {} } as OwnMount["volume"], subPath: "", mountPath: "/w" },
  ],
];

test.each(rows)("%s", (_, mounts, folder, expected) => {
  expect(sharedFolderOf({ mounts }, folder)).toEqual(expected);
});
