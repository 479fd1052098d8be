import type { Cluster } from "@claude-k8s/k8s-runner";
import { expect, test } from "vitest";

import { findClaims } from "../src/claims.ts";

const own = { "app.kubernetes.io/managed-by": "claude-k8s" };
const claim = (name: string, createdAt: string, more: object = {}) => ({
  metadata: {
    name,
    namespace: "agents",
    uid: `uid-${name}`,
    creationTimestamp: createdAt,
    labels: own,
    ...more,
  },
  spec: { resources: { requests: { storage: "10Gi" } } },
});

/** A cluster with two claims; what was to be removed, and with which UID. */
function clusterWithClaims() {
  const removed: string[] = [];
  const items = [
    claim("old", "2020-01-01T00:00:00Z", { annotations: { "paperclip.io/agent-name": "Coder" } }),
    claim("new", new Date().toISOString()),
  ];
  const cluster = {
    list: async () => ({ kind: "ok", value: { items, resourceVersion: "1" }, serverTime: null }),
    delete: async (_resource: string, _namespace: string, name: string, { uid }: { uid: string }) => {
      removed.push(`${name} ${uid}`);
      return { kind: "ok", value: {}, serverTime: null };
    },
  } as unknown as Cluster;
  return { cluster, removed };
}

test("claims are told, and stay", async () => {
  const { cluster, removed } = clusterWithClaims();
  const found = await findClaims(cluster, { namespace: "agents", removes: false });
  expect(found.map(({ object }) => object)).toEqual([
    "persistentvolumeclaim/old",
    "persistentvolumeclaim/new",
  ]);
  expect(found[0]).toMatchObject({ removed: false, reason: "of agent Coder, 10Gi" });
  expect(removed).toEqual([]);
});

test("removed are those of an age, by their UID", async () => {
  const { cluster, removed } = clusterWithClaims();
  const found = await findClaims(cluster, { namespace: "agents", removes: true, olderThanSeconds: 86_400 });
  expect(found).toMatchObject([{ object: "persistentvolumeclaim/old", removed: true }]);
  expect(removed).toEqual(["old uid-old"]);
});
