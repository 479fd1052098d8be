/** A request ends when it must, whatever becomes of its connection. */

import { createServer as createHttpServer } from "node:http";
import { createConnection, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { startFaultProxy, startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster, RequestMatch } from "@claude-k8s/local-cluster";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import type { ApiAnswer, Cluster } from "../src/index.ts";
import { connect } from "../src/index.ts";
import type { LogAnswer } from "../src/cluster/log-source.ts";

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

/** So long that a test which waited for it would fail. */
const patient = { deadlineMilliseconds: 600_000 };

test("a server that asks to leave its connections keeps nobody waiting behind a watch", async () => {
  const { proxy, cluster, signal } = await behindProxy({ kind: "get leases" });
  for (let round = 0; round < 5; round += 1) {
    const watch = await openWatch(cluster, signal);
    for (const skip of [0, 10, 20])
      proxy.inject({ when: { kind: "get jobs" }, fault: { kind: "goaway" }, skip });
    const asked: Promise<ApiAnswer<unknown>>[] = [];
    // One after the other, so that some are on their way when the server says that it goes.
    for (let index = 0; index < 40; index += 1) {
      asked.push(cluster.get("jobs", "default", `a-${index}`, patient));
      asked.push(cluster.delete("jobs", "default", `a-${index}`, {}, patient));
      await nextTurn();
    }
    for (const answer of await Promise.all(asked))
      expect(answer).toMatchObject({ kind: "error", error: { kind: "not-found" } });
    await expect(endOf(watch)).resolves.toBeDefined();
  }
  expect(proxy.incidents).toHaveLength(15);
});

test("a log is followed although another one goes on where the server asked to leave", async () => {
  const { proxy, cluster, signal, local } = await behindProxy({ kind: "log-follow" });
  const podName = await talkingPod(cluster);
  const follow = { namespace: "default", podName, container: "main", follow: true };
  for (let round = 1; round <= 4; round += 1) {
    const answer = await cluster.logs.open(follow, { signal });
    expect(await firstChunk(answer)).toContain("hello");
    expect(proxy.incidents).toHaveLength(round);
    expect(local.inspect().follows).toBe(round);
  }
  await cluster.close();
  await expect.poll(() => local.inspect()).toMatchObject({ follows: 0 });
});

test("close ends what is left on connections that the server asked to leave", async () => {
  const { proxy, cluster, signal, local } = await behindProxy({ kind: "log-follow" });
  const podName = await talkingPod(cluster);
  const follow = { namespace: "default", podName, container: "main", follow: true };
  const logs = [await cluster.logs.open(follow, { signal }), await cluster.logs.open(follow, { signal })];
  const watch = await openWatch(cluster, signal);
  proxy.inject({ when: { kind: "get pods" }, fault: { kind: "goaway" } });
  const hanging = proxy.inject({
    when: { kind: "get jobs" },
    fault: { kind: "silence", beforeHeaders: true },
    times: Infinity,
  });
  const asked = cluster.get("jobs", "default", "a", patient);
  await hanging.happened;
  await cluster.get("pods", "default", podName, patient);
  await cluster.close();
  expect(await asked).toMatchObject({ kind: "error", error: { kind: "unavailable" } });
  for (const stream of [...logs.map(chunksOf), watch]) await expect(endOf(stream)).resolves.toBeDefined();
  await expect.poll(() => local.inspect()).toMatchObject({ follows: 0, watches: 0 });
  const after = await cluster.get("pods", "default", podName, patient);
  expect(after).toMatchObject({ kind: "error", error: { message: expect.stringContaining("closed") } });
});

test("500 logs are followed over at most 6 connections, watches and requests included", async () => {
  const local = await talkingCluster();
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const { signal, abort } = abortable();
  onTestFinished(async () => {
    abort(new Error("over"));
    await cluster.close();
  });
  const podName = await talkingPod(cluster);
  const follow = { namespace: "default", podName, container: "main", follow: true };
  for (let index = 0; index < 4; index += 1) await openWatch(cluster, signal);
  const logs = await Promise.all(Array.from({ length: 500 }, () => cluster.logs.open(follow, { signal })));
  for (const answer of logs) expect(await firstChunk(answer)).toContain("hello");
  await cluster.get("pods", "default", podName);
  await cluster.logs.open({ ...follow, follow: false }, { signal });
  const { follows, connections } = local.inspect();
  expect(follows).toBe(500);
  expect(connections).toBeLessThanOrEqual(6);
});

test("reads of logs that hang leave room for everything else", async () => {
  const { proxy, cluster, signal } = await behindProxy({ kind: "get leases" });
  const reads = 120;
  const silence = { kind: "silence", afterBytes: 0, forMilliseconds: 600_000 } as const;
  proxy.inject({ when: { kind: "log-read" }, fault: silence, times: Infinity });
  const place = {
    namespace: "default",
    podName: await talkingPod(cluster),
    container: "main",
    follow: false,
  };
  const first = new AbortController();
  const others = new AbortController();
  const hanging = Array.from({ length: reads }, (_, index) =>
    cluster.logs.open(place, { signal: AbortSignal.any([signal, (index < 40 ? first : others).signal]) }),
  );
  const ended = Promise.allSettled(hanging);
  await expect.poll(() => proxy.incidents.length, { timeout: 30_000 }).toBe(40);
  expect(await cluster.get("jobs", "default", "a", patient)).toMatchObject({ error: { kind: "not-found" } });
  expect(proxy.incidents).toHaveLength(40);
  first.abort(new Error("enough"));
  await expect.poll(() => proxy.incidents.length, { timeout: 30_000 }).toBe(80);
  others.abort(new Error("over"));
  expect(await ended).toHaveLength(reads);
});

test("a writing that waits for the new connection is not lost with a reading that is moved away", async () => {
  const { proxy, cluster } = await behindRelay((opened) => opened === 2);
  await cluster.get("pods", "default", "a", patient);
  proxy.inject({ when: { kind: "get jobs" }, fault: { kind: "goaway" } });
  const asked: Promise<ApiAnswer<unknown>>[] = [];
  for (let index = 0; index < 10; index += 1) {
    asked.push(cluster.get("jobs", "default", `a-${index}`, patient));
    asked.push(cluster.delete("jobs", "default", `a-${index}`, {}, patient));
  }
  for (const answer of await Promise.all(asked))
    expect(answer).toMatchObject({ kind: "error", error: { kind: "not-found" } });
});

test("through a proxy, too, a server that asks to leave keeps nobody waiting", async () => {
  const { proxy } = await behindProxy({ kind: "get leases" });
  const tunnel = await openTunnel();
  const config = new KubeConfig();
  config.loadFromString(proxy.kubeconfig);
  const kubeconfig = JSON.parse(config.exportConfig());
  for (const entry of kubeconfig.clusters) entry.cluster["proxy-url"] = tunnel.url;
  const cluster = await connect({ kubeconfig: JSON.stringify(kubeconfig) });
  const { signal, abort } = abortable();
  onTestFinished(async () => {
    abort(new Error("over"));
    await cluster.close();
  });
  const watch = await openWatch(cluster, signal);
  proxy.inject({ when: { kind: "get jobs" }, fault: { kind: "goaway" } });
  for (let index = 0; index < 10; index += 1)
    expect(await cluster.delete("jobs", "default", `a-${index}`, {}, patient)).toMatchObject({
      error: { kind: "not-found" },
    });
  await cluster.get("jobs", "default", "a", patient);
  for (let index = 0; index < 10; index += 1)
    expect(await cluster.delete("jobs", "default", `a-${index}`, {}, patient)).toMatchObject({
      error: { kind: "not-found" },
    });
  await expect(endOf(watch)).resolves.toBeDefined();
  expect(tunnel.opened()).toBeGreaterThanOrEqual(2);
});

/** Between the client and the fault proxy. On those connections that it holds nothing ever arrives. */
async function behindRelay(holds: (opened: number) => boolean) {
  const { proxy } = await behindProxy({ kind: "get leases" });
  const config = new KubeConfig();
  config.loadFromString(proxy.kubeconfig);
  const { port } = new URL(config.getCurrentCluster()?.server ?? "");
  let opened = 0;
  const relay = createServer((client) => {
    client.on("error", () => undefined);
    opened += 1;
    if (holds(opened)) return;
    const upstream = createConnection(Number(port), "127.0.0.1").on("error", () => undefined);
    upstream.pipe(client).pipe(upstream);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const { port: relayed } = relay.address() as AddressInfo;
  const cluster = await connect({ kubeconfig: proxy.kubeconfig.replaceAll(`:${port}`, `:${relayed}`) });
  onTestFinished(async () => {
    await cluster.close();
    relay.close();
  });
  return { proxy, cluster };
}

/** An HTTP proxy that knows CONNECT and nothing else. */
async function openTunnel(): Promise<{ readonly url: string; readonly opened: () => number }> {
  let opened = 0;
  const server = createHttpServer();
  server.on("connect", ({ url = "" }, client: Socket) => {
    opened += 1;
    const upstream = createConnection(Number(url.split(":").at(-1)), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on("error", () => undefined).on("close", () => void other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, opened: () => opened };
}

/** Every such request makes the server ask to leave its connection. */
async function behindProxy(when: RequestMatch) {
  const local = await talkingCluster();
  const proxy = await startFaultProxy({
    target: local.kubeconfig,
    plan: [{ probability: 1, when, fault: { kind: "goaway" } }],
  });
  const cluster = await connect({ kubeconfig: proxy.kubeconfig });
  const { signal, abort } = abortable();
  onTestFinished(async () => {
    abort(new Error("over"));
    await cluster.close();
    await proxy.close();
  });
  return { local, proxy, cluster, signal };
}

async function talkingCluster(): Promise<LocalCluster> {
  const local = await startLocalCluster({
    containers: () => ({ steps: [{ stdout: "hello\n" }], ending: "never" }),
  });
  onTestFinished(() => local.close());
  return local;
}

async function talkingPod(cluster: Cluster): Promise<string> {
  const name = "talks";
  await cluster.create("pods", "default", {
    metadata: { name },
    spec: { restartPolicy: "Never", containers: [{ name: "main", image: "lab/base:1" }] },
  });
  await expect
    .poll(() => cluster.get("pods", "default", name))
    .toMatchObject({ value: { status: { phase: "Running" } } });
  return name;
}

async function openWatch(cluster: Cluster, signal: AbortSignal): Promise<AsyncIterable<unknown>> {
  const { resourceVersion } = valueOf(await cluster.list("jobs", "default", {}));
  const selection = { resourceVersion, timeoutSeconds: 300, silenceMilliseconds: 300_000 };
  return valueOf(await cluster.watch("jobs", "default", selection, { signal }));
}

/** How it ended: normally, or with an error. */
async function endOf(stream: AsyncIterable<unknown>): Promise<string> {
  try {
    for await (const _ of stream);
    return "ended";
  } catch (error) {
    return String(error);
  }
}

function chunksOf(answer: LogAnswer): AsyncIterable<Uint8Array> {
  if (answer.kind !== "stream") throw new Error(`no log: ${JSON.stringify(answer)}`);
  return answer.chunks;
}

/** Leaves the stream open. */
async function firstChunk(answer: LogAnswer): Promise<string> {
  const { value } = await chunksOf(answer)[Symbol.asyncIterator]().next();
  return Buffer.from(value ?? []).toString();
}

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
