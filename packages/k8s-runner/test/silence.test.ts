/** What never answers is given up; what is only quiet is not. */

import { startFaultProxy, startLocalCluster } from "@claude-k8s/local-cluster";
import type { FaultProxy } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { openTransport } from "../src/cluster/connect.ts";
import { createLogSource } from "../src/cluster/log-requests.ts";
import type { Transport } from "../src/cluster/transport.ts";
import { openWatch } from "../src/cluster/watch-requests.ts";
import { connect } from "../src/index.ts";
import type { LogAnswer } from "../src/cluster/log-source.ts";

const limitMilliseconds = 300;
const { signal } = new AbortController();
const read = { namespace: "default", podName: "talks", container: "main", follow: false };

test.each([false, true])("a log that never opens is unavailable (follow: %s)", async (follow) => {
  const { proxy, transport } = await open();
  const fault = proxy.inject({
    when: { kind: follow ? "log-follow" : "log-read" },
    fault: { kind: "silence", beforeHeaders: true },
  });
  const answer = await createLogSource(transport, limitMilliseconds).open({ ...read, follow }, { signal });
  expect(answer).toMatchObject({ kind: "unavailable", message: expect.stringContaining("silent") });
  expect(fault.remaining).toBe(0);
});

test("a plain read that stops in the middle breaks off, and the next one is whole", async () => {
  const { proxy, transport } = await open();
  const source = createLogSource(transport, limitMilliseconds);
  proxy.inject({ when: { kind: "log-read" }, fault: { kind: "silence", afterBytes: 20 } });
  await expect(textOf(await source.open(read, { signal }))).rejects.toThrow("silent");
  expect(await textOf(await source.open(read, { signal }))).toMatch(/ hello\n$/);
});

test("a follow may be quiet for as long as its container is", async () => {
  const { transport } = await open();
  const answer = await createLogSource(transport, limitMilliseconds).open(
    { ...read, follow: true },
    { signal },
  );
  // The container speaks again after three times the limit.
  expect((await textOf(answer)).split("\n")).toMatchObject([
    expect.stringContaining("hello"),
    expect.stringContaining("again"),
    "",
  ]);
});

test("a watch that never opens is unavailable", async () => {
  const { proxy, transport } = await open();
  proxy.inject({ when: { kind: "watch pods" }, fault: { kind: "silence", beforeHeaders: true } });
  const selection = { resourceVersion: "1", timeoutSeconds: 60, silenceMilliseconds: 60_000 };
  const limited = { ...selection, openMilliseconds: limitMilliseconds };
  const answer = await openWatch(transport, "/api/v1/namespaces/default/pods", limited, signal);
  expect(answer).toMatchObject({ kind: "error", error: { kind: "unavailable" } });
});

test("a watch without a sign of life breaks off", async () => {
  const { transport } = await open("never");
  const selection = { resourceVersion: "", timeoutSeconds: 60, silenceMilliseconds: limitMilliseconds };
  const answer = await openWatch(transport, "/api/v1/namespaces/default/pods", selection, signal);
  if (answer.kind === "error") throw new Error(answer.error.message);
  const seen: string[] = [];
  const watching = (async () => {
    for await (const { type } of answer.value) seen.push(type);
  })();
  await expect(watching).rejects.toThrow("silent");
  expect(seen).toEqual(["added"]);
});

/** A pod that says a word, and after a while another one; `never`: what happens to it afterwards is no sign of life. */
async function open(
  ending?: "never",
): Promise<{ readonly proxy: FaultProxy; readonly transport: Transport }> {
  const local = await startLocalCluster({
    containers: () => ({
      steps: [{ stdout: "hello\n" }, { stdout: "again\n", afterMilliseconds: 3 * limitMilliseconds }],
      ...(ending !== undefined && { ending }),
    }),
  });
  const proxy = await startFaultProxy({ target: local.kubeconfig });
  const { transport } = await openTransport({ kubeconfig: proxy.kubeconfig });
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  onTestFinished(async () => {
    await cluster.close();
    await transport.close();
    await proxy.close();
    await local.close();
  });
  await cluster.create("pods", "default", {
    metadata: { name: "talks" },
    spec: { restartPolicy: "Never", containers: [{ name: "main", image: "lab/base:1" }] },
  });
  await expect
    .poll(() => cluster.get("pods", "default", "talks"))
    .toMatchObject({ value: { status: { phase: "Running" } } });
  return { proxy, transport };
}

async function textOf(answer: LogAnswer): Promise<string> {
  if (answer.kind !== "stream") throw new Error(JSON.stringify(answer));
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
