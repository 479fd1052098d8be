/** An API server that speaks HTTP/1.1 only, as `kubectl proxy` does. */

import { createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { connect, createRunner } from "../src/index.ts";
import { drain, runOf, shell } from "./world.ts";

test("a run over HTTP/1.1", async () => {
  const local = await startLocalCluster();
  const { certificateAuthority: ca, token, url } = local;
  const server = createServer((asked, answered) => {
    const headers = { ...asked.headers, authorization: `Bearer ${token}` };
    const upstream = request(`${url}${asked.url}`, { ca, method: asked.method, headers }, (answer) => {
      answered.writeHead(answer.statusCode ?? 500, answer.headers).flushHeaders();
      answer.pipe(answered);
    });
    upstream.on("error", () => void answered.destroy());
    answered.on("close", () => void upstream.destroy());
    asked.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "proxy",
    clusters: [
      { name: "proxy", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
    ],
    users: [{ name: "proxy", user: {} }],
    contexts: [{ name: "proxy", context: { cluster: "proxy", user: "proxy" } }],
  };
  const cluster = await connect({ kubeconfig: JSON.stringify(kubeconfig) });
  const runner = createRunner({ cluster });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
    server.closeAllConnections();
    server.close();
    await local.close();
  });
  const spec = {
    namespace: "default",
    runId: "r",
    image: "a:1",
    command: shell("echo hi; sleep 1; echo ho"),
  };
  const runs = await Promise.all(["a", "b", "c"].map((slot) => runner.start({ ...spec, slot })));
  const ended = await Promise.all(runs.map((start) => drain(runOf(start))));
  expect(ended.map(({ output }) => output)).toEqual(["hi\nho\n", "hi\nho\n", "hi\nho\n"]);
});
