/** Both ways to ask the API server keep the same promises: that of a server which follows for hours, and that of a brief command. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { createConnection, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Cluster } from "../src/index.ts";
import { connect } from "../src/index.ts";

describe.each([
  ["for hours", false],
  ["brief", true],
])("%s", (_name, brief) => {
  const open = async (kubeconfig: object): Promise<Cluster> => {
    const cluster = await connect({ kubeconfig: JSON.stringify(kubeconfig), brief });
    onTestFinished(() => cluster.close());
    return cluster;
  };

  test("objects are made, read, listed, changed and deleted", async () => {
    const cluster = await open(kubeconfigOf(await start()));
    const made = await cluster.create("secrets", "default", {
      metadata: { name: "a", labels: { mine: "yes" } },
      stringData: { word: "ä".repeat(100_000) },
    });
    expect(made).toMatchObject({ kind: "ok", serverTime: expect.any(Number) });
    const labelSelector = "mine=yes";
    expect(await cluster.list("secrets", "default", { labelSelector })).toMatchObject({
      value: { items: [{ metadata: { name: "a" } }] },
    });
    await cluster.patch("secrets", "default", "a", { metadata: { labels: { mine: "no" } } });
    expect(await cluster.list("secrets", "default", { labelSelector })).toMatchObject({
      value: { items: [] },
    });
    expect(await cluster.delete("secrets", "default", "a", {})).toMatchObject({ kind: "ok" });
    expect(await cluster.get("secrets", "default", "a")).toMatchObject({
      kind: "error",
      error: { kind: "not-found", httpStatus: 404 },
    });
  });

  test("fifty questions at once are all answered", async () => {
    const cluster = await open(kubeconfigOf(await start()));
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => cluster.get("jobs", "default", `a-${index}`)),
    );
    expect(
      answers.filter((answer) => answer.kind === "error" && answer.error.kind === "not-found"),
    ).toHaveLength(50);
  });

  test("a log is read whole, followed, and let go of", async () => {
    const local = await start();
    const cluster = await open(kubeconfigOf(local));
    const log = { namespace: "default", podName: await talkingPod(cluster), container: "main" };
    const controller = new AbortController();
    const { signal } = controller;
    expect(await textOf(await cluster.logs.open({ ...log, follow: false }, { signal }))).toBe("hello\n");
    const followed = textOf(await cluster.logs.open({ ...log, follow: true }, { signal }));
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(followed).rejects.toBeInstanceOf(Error);
    await expect(cluster.logs.open({ ...log, follow: true }, { signal })).rejects.toBe(reason);
  });

  test("a watch says what happens, and ends with the connection", async () => {
    const cluster = await open(kubeconfigOf(await start()));
    const listed = await cluster.list("secrets", "default", {});
    if (listed.kind === "error") throw new Error(listed.error.message);
    const { resourceVersion } = listed.value;
    const { signal } = new AbortController();
    const selection = { resourceVersion, timeoutSeconds: 300, silenceMilliseconds: 300_000 };
    const watch = await cluster.watch("secrets", "default", selection, { signal });
    if (watch.kind === "error") throw new Error(watch.error.message);
    await cluster.create("secrets", "default", { metadata: { name: "seen" } });
    const changes = watch.value[Symbol.asyncIterator]();
    expect(JSON.stringify((await changes.next()).value)).toContain("seen");
    const rest = (async () => {
      while (!(await changes.next()).done);
    })().catch(() => undefined);
    await cluster.close();
    await rest;
    expect(await cluster.get("secrets", "default", "seen")).toMatchObject({
      error: { kind: "unavailable", message: expect.stringContaining("closed") },
    });
  });

  test("a token that was refused is read again, once", async () => {
    const local = await start();
    const folder = mkdtempSync(join(tmpdir(), "transports-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, local.token);
    const cluster = await open(kubeconfigOf(local, { user: { tokenFile } }));
    expect(await cluster.list("jobs", "default", {})).toMatchObject({ kind: "ok" });
    local.apiServer.rotateToken();
    expect(await cluster.list("jobs", "default", {})).toMatchObject({ error: { kind: "unauthorized" } });
    writeFileSync(tokenFile, local.token);
    expect(await cluster.list("jobs", "default", {})).toMatchObject({ kind: "ok" });
  });

  test("a credential plugin gives the token", async () => {
    const local = await start();
    const folder = mkdtempSync(join(tmpdir(), "transports-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const answer = JSON.stringify({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: local.token },
    });
    writeFileSync(join(folder, "answer"), answer);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "cat",
      args: [join(folder, "answer")],
      interactiveMode: "Never",
    };
    const cluster = await open(kubeconfigOf(local, { user: { exec } }));
    expect(await cluster.list("jobs", "default", {})).toMatchObject({ kind: "ok" });
  });

  test("a proxy leads to it, with name and password", async () => {
    const local = await start();
    const proxy = await startProxy(local);
    const password = ["pass", "word"].join("%20");
    const cluster = await open(
      kubeconfigOf(local, {
        cluster: {
          server: "https://api.hidden.example:6443",
          "proxy-url": proxy.url.replace("//", `//me:${password}@`),
          "tls-server-name": "localhost",
        },
      }),
    );
    expect(await cluster.list("jobs", "default", {})).toMatchObject({ kind: "ok" });
    expect(proxy.asked()).toEqual({
      target: "api.hidden.example:6443",
      authorization: `Basic ${Buffer.from(`me:${decodeURIComponent(password)}`).toString("base64")}`,
    });
  });

  test("a proxy that refuses says so with its status", async () => {
    const proxy = createHttpServer();
    proxy.on(
      "connect",
      (_asked, socket: Socket) => void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
    );
    const url = `http://127.0.0.1:${await portOf(proxy)}`;
    const cluster = await open(kubeconfigOf(await start(), { cluster: { "proxy-url": url } }));
    expect(await cluster.get("jobs", "default", "a")).toMatchObject({
      error: { kind: "unavailable", message: expect.stringContaining("407") },
    });
  });

  test.each([
    ["another authority", { "certificate-authority-data": undefined }],
    ["another name", { "tls-server-name": "somebody.example" }],
    ["another address", { "tls-server-name": "10.11.12.13" }],
  ])("a certificate of %s is not trusted", async (_what, changes) => {
    const cluster = await open(kubeconfigOf(await start(), { cluster: changes }));
    expect(await cluster.get("jobs", "default", "a")).toMatchObject({ error: { kind: "unavailable" } });
  });

  test.each([
    [
      "insecure-skip-tls-verify",
      { "certificate-authority-data": undefined, "insecure-skip-tls-verify": true },
    ],
    ["the name in its certificate", { "tls-server-name": "localhost" }],
    ["the address in its certificate", { "tls-server-name": "127.0.0.1" }],
  ])("it is taken with %s", async (_what, changes) => {
    const cluster = await open(kubeconfigOf(await start(), { cluster: changes }));
    expect(await cluster.list("jobs", "default", {})).toMatchObject({ kind: "ok" });
  });

  test("a server without TLS, behind a path", async () => {
    const server = createHttpServer((asked, answered) => {
      const found = asked.url === "/base/apis/batch/v1/namespaces/default/jobs/a";
      answered.writeHead(found ? 200 : 404, { "content-type": "application/json" });
      answered.end(JSON.stringify({ metadata: { name: "a" } }));
    });
    const url = `http://127.0.0.1:${await portOf(server)}/base/`;
    const cluster = await open(kubeconfigOf(null, { cluster: { server: url } }));
    expect(await cluster.get("jobs", "default", "a")).toMatchObject({ value: { metadata: { name: "a" } } });
  });

  test("a connection that the server closes between two questions costs none of them", async () => {
    const server = createHttpServer((asked, answered) => {
      answered.end("{}");
      answered.once("finish", () => void asked.socket.destroy());
    });
    const cluster = await open(
      kubeconfigOf(null, { cluster: { server: `http://127.0.0.1:${await portOf(server)}` } }),
    );
    for (let index = 0; index < 20; index += 1)
      expect(await cluster.get("jobs", "default", `a-${index}`)).toMatchObject({ kind: "ok" });
  });

  test("nobody listens, nobody answers, and an answer breaks off: each is said", async () => {
    const gone = createServer();
    const port = await portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    const nobody = await open(kubeconfigOf(null, { cluster: { server: `http://127.0.0.1:${port}` } }));
    expect(await nobody.get("jobs", "default", "a")).toMatchObject({ error: { kind: "unavailable" } });
    const silent = createServer((socket) => void socket.on("error", () => undefined));
    const url = `https://127.0.0.1:${await portOf(silent)}`;
    const waiting = await open(kubeconfigOf(null, { cluster: { server: url } }));
    expect(await waiting.get("jobs", "default", "a", { deadlineMilliseconds: 200 })).toMatchObject({
      error: { kind: "unavailable", message: expect.stringContaining("no answer within 0.2 s") },
    });
    const broken = createHttpServer((_asked, answered) => {
      answered.writeHead(200, { "content-length": "100" });
      answered.write("{", () => void answered.destroy());
    });
    const cut = await open(
      kubeconfigOf(null, { cluster: { server: `http://127.0.0.1:${await portOf(broken)}` } }),
    );
    expect(await cut.get("jobs", "default", "a")).toMatchObject({ error: { kind: "unavailable" } });
  });

  test("a socket for exec is opened with the same credentials", async () => {
    const local = await start();
    const cluster = await open(kubeconfigOf(local));
    const { signal } = new AbortController();
    const { socket, headers } = await cluster.openSocket({ signal });
    const asked = httpRequest({
      createConnection: () => socket,
      path: "/version",
      headers: { host: "x", ...headers },
    });
    const status = new Promise((resolve, reject) => {
      asked.once("response", ({ statusCode }) => resolve(statusCode)).once("error", reject);
    });
    asked.end();
    expect(await status).toBe(200);
  });
});

async function start(): Promise<LocalCluster> {
  const local = await startLocalCluster({
    containers: () => ({ steps: [{ stdout: "hello\n" }], ending: "never" }),
  });
  onTestFinished(() => local.close());
  return local;
}

function kubeconfigOf(
  local: LocalCluster | null,
  { cluster = {}, user = {} }: { readonly cluster?: object; readonly user?: object } = {},
): object {
  const known =
    local === null
      ? { "insecure-skip-tls-verify": true }
      : {
          server: local.url,
          "certificate-authority-data": Buffer.from(local.certificateAuthority).toString("base64"),
        };
  const token = local === null || Object.keys(user).length > 0 ? {} : { token: local.token };
  return {
    clusters: [{ name: "k", cluster: { ...known, ...cluster } }],
    users: [{ name: "u", user: { ...token, ...user } }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    "current-context": "c",
  };
}

async function talkingPod(cluster: Cluster): Promise<string> {
  const name = "talks";
  const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "lab/base:1" }] };
  await cluster.create("pods", "default", { metadata: { name }, spec });
  await expect
    .poll(async () => {
      const { signal } = new AbortController();
      const log = { namespace: "default", podName: name, container: "main", follow: false } as const;
      const answer = await cluster.logs.open(log, { signal });
      return answer.kind === "stream" ? await textOf(answer) : answer.kind;
    })
    .toBe("hello\n");
  return name;
}

async function textOf(answer: Awaited<ReturnType<Cluster["logs"]["open"]>>): Promise<string> {
  if (answer.kind !== "stream") throw new Error(`no log: ${answer.kind}`);
  let text = "";
  // Each record begins with its time.
  for await (const chunk of answer.chunks) text += Buffer.from(chunk).toString().replaceAll(/^\S+ /gm, "");
  return text;
}

/** An HTTP proxy that knows one server, whatever it is called. */
async function startProxy(local: LocalCluster) {
  let target = "";
  let authorization: string | undefined;
  const proxy = createHttpServer();
  proxy.on("connect", ({ url = "", headers }, client: Socket) => {
    target = url;
    authorization = headers["proxy-authorization"];
    const upstream = createConnection(Number(new URL(local.url).port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => undefined).on("close", () => void client.destroy());
    client.on("error", () => undefined).on("close", () => void upstream.destroy());
  });
  const url = `http://127.0.0.1:${await portOf(proxy)}`;
  return { url, asked: () => ({ target, authorization }) };
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
