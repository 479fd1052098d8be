/**
 * A connection that carries nothing any more and does not say so: a middlebox that forgot it, a client that missed a reset. What
 * is asked next must not be asked there.
 */

import { createConnection, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../src/clock.ts";
import { connect } from "../src/index.ts";
import { createLogFollower } from "../src/logs/follower.ts";

const lines = 30;

test("a request that ran out of time has the next one asked on a new connection", async () => {
  const { cluster, tunnel } = await behindTunnel();
  await cluster.get("pods", "default", "a");
  tunnel.freeze();
  const silent = await cluster.get("pods", "default", "a", { deadlineMilliseconds: 300 });
  expect(silent).toMatchObject({ error: { kind: "unavailable" } });
  const answered = await cluster.get("pods", "default", "a", { deadlineMilliseconds: 600_000 });
  expect(answered).toMatchObject({ error: { kind: "not-found" } });
});

test("watches on that connection end at once, and are opened anew", async () => {
  const { cluster, tunnel } = await behindTunnel();
  const selection = { resourceVersion: "", timeoutSeconds: 300, silenceMilliseconds: 300_000 };
  const watch = await cluster.watch("pods", "default", selection, { signal: new AbortController().signal });
  if (watch.kind === "error") throw new Error(watch.error.message);
  tunnel.freeze();
  await cluster.get("pods", "default", "a", { deadlineMilliseconds: 300 });
  const watching = (async () => {
    for await (const _ of watch.value);
  })();
  await expect(watching).rejects.toThrow("left for a new one");
});

test("a followed log goes on from another connection, every line once", async () => {
  const { cluster, tunnel } = await behindTunnel();
  await cluster.create("pods", "default", {
    metadata: { name: "talks" },
    spec: { restartPolicy: "Never", containers: [{ name: "main", image: "lab/base:1" }] },
  });
  await expect
    .poll(() => cluster.get("pods", "default", "talks"))
    .toMatchObject({ value: { status: { phase: "Running" } } });
  const abort = new AbortController();
  const follower = createLogFollower({
    source: cluster.logs,
    target: { namespace: "default", podName: "talks", podUid: "any", container: "main" },
    verify: async () => {
      const pod = await cluster.get("pods", "default", "talks", { deadlineMilliseconds: 500 });
      if (pod.kind === "error") return "unknown";
      return pod.value.status?.phase === "Running" ? "running" : "terminated";
    },
    onEvent: () => undefined,
    clock: systemClock,
    random: Math.random,
    signal: abort.signal,
    timings: { quietMilliseconds: 500 },
  });
  let output = "";
  for await (const chunk of follower.output) {
    output += Buffer.from(chunk).toString();
    if (output.split("\n").length !== 4) continue;
    tunnel.freeze();
    // As the renewal of a Lease does it, soon: plain reads have another connection then.
    await cluster.get("pods", "default", "talks", { deadlineMilliseconds: 300 });
  }
  expect(output).toBe(Array.from({ length: lines }, (_, index) => `${index}\n`).join(""));
  expect(await follower.completion).toMatchObject({ complete: true, gaps: [] });
});

async function behindTunnel() {
  const local = await startLocalCluster({
    containers: () => ({
      steps: Array.from({ length: lines }, (_, index) => ({ stdout: `${index}\n`, afterMilliseconds: 100 })),
    }),
  });
  const tunnel = await openTunnel(Number(new URL(local.url).port));
  const config = new KubeConfig();
  config.loadFromString(local.kubeconfig);
  const kubeconfig = JSON.parse(config.exportConfig());
  for (const { cluster } of kubeconfig.clusters) cluster.server = `https://127.0.0.1:${tunnel.port}`;
  const cluster = await connect({ kubeconfig: JSON.stringify(kubeconfig) });
  onTestFinished(async () => {
    await cluster.close();
    tunnel.close();
    await local.close();
  });
  return { cluster, tunnel };
}

/** Passes on what comes, until it is frozen; what is opened later is passed on again. */
async function openTunnel(targetPort: number) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = createConnection({ port: targetPort, host: "127.0.0.1" });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
