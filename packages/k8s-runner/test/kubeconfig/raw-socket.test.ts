/** A socket for `exec`: the same TLS, proxy and credentials as every request. */

import { createServer } from "node:http";
import { connect as connectSocket } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/index.ts";
import type { Cluster } from "../../src/index.ts";

const { signal } = new AbortController();

test.each([false, true])("a request by hand over it is answered (proxy: %s)", async (proxied) => {
  const local = await start();
  const cluster = await open(local, proxied ? await startProxy(local) : null);
  const { socket, headers } = await cluster.openSocket({ signal });
  expect(await ask(socket, headers["authorization"] as string)).toContain("HTTP/1.1 200");
});

test("with the refused one given back, credentials are read anew", async () => {
  const local = await start();
  const cluster = await open(local, null);
  const refused = await cluster.openSocket({ signal });
  const next = await cluster.openSocket({ signal, refused });
  expect(next.credentials).not.toBe(refused.credentials);
  expect(next.headers).toEqual(refused.headers);
});

test("it ends with the connection, and an abort does not wait for it", async () => {
  const local = await start();
  const cluster = await open(local, null);
  const { socket } = await cluster.openSocket({ signal });
  const closed = new Promise<void>((resolve) => socket.once("close", resolve));
  await cluster.close();
  await closed;
  const reason = new Error("enough");
  await expect(cluster.openSocket({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

async function start(): Promise<LocalCluster> {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  return local;
}

async function open(local: LocalCluster, proxy: string | null): Promise<Cluster> {
  const data = Buffer.from(local.certificateAuthority).toString("base64");
  const server = proxy === null ? local.url : "https://api.hidden.example:6443";
  const hidden = proxy === null ? {} : { "proxy-url": proxy, "tls-server-name": "localhost" };
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "k", cluster: { server, "certificate-authority-data": data, ...hidden } }],
    users: [{ name: "u", user: { token: local.token } }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    "current-context": "c",
  });
  const cluster = await connect({ kubeconfig });
  onTestFinished(() => cluster.close());
  return cluster;
}

async function startProxy(local: LocalCluster): Promise<string> {
  const proxy = createServer();
  proxy.on("connect", (_asked, socket: Socket) => {
    const upstream = connectSocket(Number(new URL(local.url).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function ask(socket: Duplex, authorization: string): Promise<string> {
  socket.write(
    `GET /version HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\nconnection: close\r\n\r\n`,
  );
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}
