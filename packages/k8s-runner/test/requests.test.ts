/** A request ends when it must, whatever becomes of its connection. */

import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { startFaultProxy, startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import type { Cluster } from "../src/index.ts";
import { connect } from "../src/index.ts";

test("a request that waits for its connection ends at its deadline", { timeout: 5000 }, async () => {
  const cluster = await connectedToNobody();
  const answer = await cluster.get("jobs", "default", "a", { deadlineMilliseconds: 200 });
  expect(answer).toMatchObject({ kind: "error", error: { kind: "unavailable" } });
});

test("a request that waits for its connection ends with its signal", { timeout: 5000 }, async () => {
  const cluster = await connectedToNobody();
  const { signal, abort } = abortable();
  const asked = [
    cluster.delete("jobs", "default", "a", {}, { signal }),
    cluster.watch(
      "jobs",
      "default",
      { resourceVersion: "1", timeoutSeconds: 60, silenceMilliseconds: 60_000 },
      { signal },
    ),
    cluster.logs.open({ namespace: "default", podName: "a", container: "main", follow: true }, { signal }),
  ];
  abort(new Error("enough"));
  for (const answer of asked) await expect(answer).rejects.toThrow("enough");
});

test("a server that goes away while a watch is open keeps no request", { timeout: 20_000 }, async () => {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  const proxy = await startFaultProxy({
    target: local.kubeconfig,
    plan: [{ probability: 1, when: { kind: "get jobs" }, fault: { kind: "goaway" } }],
  });
  onTestFinished(() => proxy.close());
  const cluster = await connect({ kubeconfig: proxy.kubeconfig });
  onTestFinished(() => cluster.close());
  const { signal, abort } = abortable();
  onTestFinished(() => abort(new Error("over")));
  for (let round = 0; round < 3; round += 1) {
    const { resourceVersion } = valueOf(await cluster.list("jobs", "default", {}));
    const selection = { resourceVersion, timeoutSeconds: 300, silenceMilliseconds: 75_000 };
    valueOf(await cluster.watch("jobs", "default", selection, { signal }));
    const asked = [];
    // One after the other, so that some are on their way when the server says that it goes.
    for (let index = 0; index < 40; index += 1) {
      asked.push(cluster.get("jobs", "default", `a-${index}`, { deadlineMilliseconds: 1000 }));
      await nextTurn();
    }
    for (const answer of await Promise.all(asked)) expect(answer.kind).toBe("error");
  }
});

/** Something that takes connections and says nothing: no TLS handshake ever ends. */
async function connectedToNobody(): Promise<Cluster> {
  const server = createServer((socket) => void socket.on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const cluster = await connect({ kubeconfig: kubeconfigOf(`https://127.0.0.1:${port}`) });
  onTestFinished(async () => {
    await cluster.close();
    server.close();
  });
  return cluster;
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "only",
    clusters: [{ name: "only", cluster: { server } }],
    users: [{ name: "only", user: {} }],
    contexts: [{ name: "only", context: { cluster: "only", user: "only" } }],
  });
}

function abortable(): { readonly signal: AbortSignal; readonly abort: (reason: Error) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

function valueOf<T>(answer: { kind: "ok"; value: T } | { kind: "error"; error: { message: string } }): T {
  if (answer.kind === "error") throw new Error(answer.error.message);
  return answer.value;
}
