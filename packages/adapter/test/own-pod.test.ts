import type { ApiAnswer, Cluster } from "@claude-k8s/k8s-runner";
import { expect, test } from "vitest";

import { createServerPodFinder } from "../src/own-pod/find.ts";

const inPod = {
  KUBERNETES_SERVICE_HOST: "10.96.0.1",
  KUBERNETES_SERVICE_PORT: "443",
  HOSTNAME: "paperclip-0",
};
const pod = {
  metadata: { name: "paperclip-0", namespace: "paperclip", uid: "u1" },
  spec: {
    containers: [
      { name: "proxy", image: "p" },
      { name: "paperclip", image: "paperclip:1" },
    ],
  },
};

/** A cluster that has this pod, or gives this error; and what it was asked. */
function clusterWith(found: object | string, server = "https://10.96.0.1:443") {
  const asked: string[] = [];
  const cluster = {
    server,
    get: async (_resource: string, namespace: string, name: string) => {
      asked.push(`${namespace}/${name}`);
      const error = {
        kind: found,
        message: "no",
        httpStatus: null,
        reason: null,
        causes: [],
        retryAfterSeconds: null,
      };
      return (
        typeof found === "string" ? { kind: "error", error } : { kind: "ok", value: found, serverTime: null }
      ) as ApiAnswer<never>;
    },
  } as unknown as Cluster;
  return { cluster, asked };
}
const find = (environment: Record<string, string>, now = () => 0) =>
  createServerPodFinder(environment, () => "paperclip", { now, processUser: () => ({ uid: 33, gid: 44 }) });

test("by its host name, in the container of its name, as the user of the process", async () => {
  const { cluster, asked } = clusterWith(pod);
  const found = await find(inPod)(cluster);
  expect(found).toMatchObject({ kind: "pod", pod: { image: "paperclip:1" }, user: { uid: 33, gid: 44 } });
  expect(asked).toEqual(["paperclip/paperclip-0"]);
});

test("the first container where none has the name", async () => {
  const { cluster } = clusterWith({ ...pod, spec: { containers: [{ name: "app", image: "app:1" }] } });
  expect(await find(inPod)(cluster)).toMatchObject({ kind: "pod", pod: { image: "app:1" } });
});

test("the pod's own word on its user", async () => {
  const spec = { ...pod.spec, securityContext: { runAsUser: 1000 } };
  expect(await find(inPod)(clusterWith({ ...pod, spec }).cluster)).toMatchObject({
    user: { uid: 1000, gid: 1000 },
  });
});

test.each<[string, Record<string, string>, string, string]>([
  ["outside of a cluster", { HOSTNAME: "laptop" }, "https://10.96.0.1:443", "no pod"],
  ["another cluster", inPod, "https://elsewhere:6443", "not known to be the server's own"],
  ["a pod of the same name", { ...inPod, POD_UID: "other" }, "https://10.96.0.1:443", "another one"],
])("nothing of %s", async (_name, environment, server, words) => {
  const answer = await find(environment)(clusterWith(pod, server).cluster);
  expect(answer).toEqual({ kind: "none", reason: expect.stringContaining(words) });
});

test.each<[string, Record<string, string>, string]>([
  ["an address that every pod knows", inPod, "https://kubernetes.default.svc"],
  ["its UID, whatever the address", { ...inPod, POD_UID: "u1" }, "https://elsewhere:6443"],
])("its own cluster is known by %s", async (_name, environment, server) => {
  expect(await find(environment)(clusterWith(pod, server).cluster)).toMatchObject({ kind: "pod" });
});

test("a pod that was found is not asked for again; a refusal holds for a while, a broken line for no time", async () => {
  let now = 0;
  const finder = find(inPod, () => now);
  const good = clusterWith(pod);
  await finder(good.cluster);
  await finder(good.cluster);
  expect(good.asked).toHaveLength(1);
  const forbidden = clusterWith("forbidden");
  await finder(forbidden.cluster);
  await finder(forbidden.cluster);
  expect(forbidden.asked).toHaveLength(1);
  now = 11 * 60_000;
  await finder(forbidden.cluster);
  expect(forbidden.asked).toHaveLength(2);
  const broken = clusterWith("unavailable");
  await finder(broken.cluster);
  await finder(broken.cluster);
  expect(broken.asked).toHaveLength(2);
});
