/** Kubeconfigs that work with kubectl, against a cluster: plugins, proxies, plain HTTP, several files. */

import { createServer, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, onTestFinished, test, vi } from "vitest";
import { InvalidKubeconfigError, connect } from "../../src/index.ts";
import type { Cluster, ConnectOptions } from "../../src/index.ts";

test.each(["absolute", "../bin/get-token", "./../bin/get-token"])(
  "a plugin is found from the kubeconfig's folder: %s",
  async (command) => {
    const { local, plugin, write } = await prepare();
    const path = await write({ exec: { command: command === "absolute" ? plugin : command } });
    expect(await answerOf(await open({ kubeconfig: { path } }))).toBe("ok");
    expect(local.token).not.toBe("");
  },
);

test("a bare command is looked for in PATH, its variables and what it may know are handed over", async () => {
  const { folder, write } = await prepare();
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env["PATH"]}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const exec = {
    command: "get-token",
    env: [{ name: "MARK", value: "here" }],
    args: ["first"],
    provideClusterInfo: true,
  };
  const path = await write({ exec });
  expect(await answerOf(await open({ kubeconfig: { path } }))).toBe("ok");
  const [call] = (await readFile(join(folder, "calls"), "utf8")).split("\n");
  const [argument, mark, info = "{}"] = (call ?? "").split("|");
  expect([argument, mark]).toEqual(["first", "here"]);
  expect(JSON.parse(info)).toMatchObject({
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1",
    spec: { interactive: false, cluster: { server: expect.stringContaining("https://") } },
  });
});

test("a plugin's token is used until it is refused, and the plugin is then asked again", async () => {
  const { local, folder, plugin, write, calls } = await prepare();
  const cluster = await open({ kubeconfig: { path: await write({ exec: { command: plugin } }) } });
  const answers = await Promise.all([1, 2, 3].map(() => answerOf(cluster)));
  expect(answers).toEqual(["ok", "ok", "ok"]);
  expect(await calls()).toBe(1);
  local.apiServer.rotateToken();
  expect(await answerOf(cluster)).toContain("Unauthorized");
  await writeFile(join(folder, "token"), tokenOf(local));
  const again = await Promise.all([1, 2, 3].map(() => answerOf(cluster)));
  expect(again).toEqual(["ok", "ok", "ok"]);
  // Once for the refusal, once for all three that came after.
  expect(await calls()).toBe(3);
});

test("a plugin whose token has expired is asked again without a refusal", async () => {
  const { plugin, write, calls, folder } = await prepare();
  await writeFile(join(folder, "expiry"), new Date(Date.now() + 5000).toISOString());
  const cluster = await open({ kubeconfig: { path: await write({ exec: { command: plugin } }) } });
  expect(await answerOf(cluster)).toBe("ok");
  expect(await answerOf(cluster)).toBe("ok");
  expect(await calls()).toBe(2);
});

const v1 = '"apiVersion":"client.authentication.k8s.io/v1"';

test.each([
  [
    "is not installed; install it with: brew",
    { command: "no-such-plugin", installHint: "install it with: brew" },
  ],
  ["is not installed", { command: "./no-such-plugin" }],
  ["ended with exit code 3: no login", { command: "/bin/sh", args: ["-c", "echo no login >&2; exit 3"] }],
  ["wrote no JSON", { command: "/bin/echo", args: ["hello"] }],
  ["wrote no ExecCredential", { command: "/bin/echo", args: ["{}"] }],
  [
    "wrote neither a token nor a certificate",
    { command: "/bin/echo", args: [`{"kind":"ExecCredential",${v1},"status":{}}`] },
  ],
  [
    "characters that no token has",
    { command: "/bin/echo", args: [`{"kind":"ExecCredential",${v1},"status":{"token":"a\\nb"}}`] },
  ],
  [
    'of "client.authentication.k8s.io/v1beta1", and the kubeconfig asks for "client.authentication.k8s.io/v1"',
    {
      command: "/bin/echo",
      args: [`{"kind":"ExecCredential",${v1.replace("/v1", "/v1beta1")},"status":{"token":"a"}}`],
    },
  ],
  ["of no apiVersion", { command: "/bin/echo", args: ['{"kind":"ExecCredential","status":{"token":"a"}}'] }],
  ["wrote more than", { command: "/bin/sh", args: ["-c", "head -c 3000000 /dev/zero"] }],
])("a plugin that cannot be used says why: %s", async (why, exec) => {
  const { write } = await prepare();
  const cluster = await open({ kubeconfig: { path: await write({ exec }) } });
  const answer = await cluster.get("namespaces", null, "default");
  expect(answer).toMatchObject({
    kind: "error",
    error: { kind: "unauthorized", httpStatus: null, message: expect.stringContaining(why) },
  });
});

const beta = "client.authentication.k8s.io/v1beta1";

/** As kubectl 1.32 takes them. */
test.each<readonly [object, string | null]>([
  [{ interactiveMode: "Always" }, "interactiveMode: Always"],
  [{ interactiveMode: undefined }, "no interactiveMode"],
  [{ interactiveMode: "" }, "no interactiveMode"],
  [{ interactiveMode: "never" }, "unknown interactiveMode"],
  [{ interactiveMode: "Never" }, null],
  [{ interactiveMode: "IfAvailable" }, null],
  [{ apiVersion: undefined }, "no apiVersion"],
  [{ apiVersion: "" }, "no apiVersion"],
  [{ apiVersion: beta, interactiveMode: undefined }, null],
  [{ apiVersion: beta, interactiveMode: "Always" }, "interactiveMode: Always"],
  [{ apiVersion: beta, interactiveMode: "Sometimes" }, "unknown interactiveMode"],
  [{ env: [{ name: "MARK" }] }, null],
  [{ env: null, args: null }, null],
])("a plugin with %j", async (exec, why) => {
  const { plugin, write } = await prepare();
  const path = await write({ exec: { command: plugin, ...exec } });
  const refusal = await open({ kubeconfig: { path } }).then(
    () => null,
    (error: InvalidKubeconfigError) => error,
  );
  expect([refusal?.field ?? null, refusal?.allowedBy ?? null]).toEqual([why === null ? null : "exec", null]);
  expect(refusal?.message ?? "").toContain(why ?? "");
});

test.each<readonly [string, object]>([
  ["a token", {}],
  ["a file with one", { token: undefined, tokenFile: "../token" }],
])("a plugin beside %s is not asked", async (_, user) => {
  const { local, plugin, write, calls } = await prepare();
  const path = await write({ token: local.token, ...user, exec: { command: plugin } });
  expect(await answerOf(await open({ kubeconfig: { path } }))).toBe("ok");
  await expect(calls()).rejects.toThrow("ENOENT");
});

test("a plugin that does not end is killed when the connection is closed", async () => {
  const { write, folder } = await prepare();
  const script = `echo $$ > ${join(folder, "pid")}; exec sleep 600`;
  const path = await write({ exec: { command: "/bin/sh", args: ["-c", script] } });
  const cluster = await connect({ kubeconfig: { path } });
  const answer = cluster.get("namespaces", null, "default");
  await expect.poll(() => readFile(join(folder, "pid"), "utf8").catch(() => "")).not.toBe("");
  const pid = Number(await readFile(join(folder, "pid"), "utf8"));
  await cluster.close();
  expect(await answer).toMatchObject({ kind: "error" });
  await expect.poll(() => alive(pid)).toBe(false);
});

test.each(["proxy-url", "HTTPS_PROXY", "https_proxy"])("the server is reached through %s", async (by) => {
  const { local, write } = await prepare();
  const proxy = await startProxy(local);
  if (by !== "proxy-url") vi.stubEnv(by, proxy.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const path = await write(
    { token: local.token },
    {
      server: "https://api.hidden.example:6443",
      "tls-server-name": "127.0.0.1",
      ...(by === "proxy-url" ? { "proxy-url": proxy.url } : {}),
    },
  );
  const cluster = await open({ kubeconfig: { path } });
  const many = await Promise.all(Array.from({ length: 30 }, () => answerOf(cluster)));
  expect(new Set(many)).toEqual(new Set(["ok"]));
  expect(proxy.targets()).toContain("api.hidden.example:6443");
  // HTTP/2 goes through the tunnel, too: all share a connection.
  expect(proxy.targets().length).toBeLessThan(3);
});

test("a proxy's user and password are sent to it, and never told", async () => {
  const { local, write } = await prepare();
  const password = ["pass", "word"].join("-");
  const proxy = await startProxy(local, `Basic ${Buffer.from(`me:${password}`).toString("base64")}`);
  const with_ = (user: string): string => proxy.url.replace("http://", `http://${user}@`);
  const server = { server: "https://api.hidden.example:6443", "tls-server-name": "127.0.0.1" };
  const right = await write({ token: local.token }, { ...server, "proxy-url": with_(`me:${password}`) });
  expect(await answerOf(await open({ kubeconfig: { path: right } }))).toBe("ok");
  const wrong = await write({ token: local.token }, { ...server, "proxy-url": with_("me:other-word") });
  const answer = await answerOf(await open({ kubeconfig: { path: wrong } }));
  expect(answer).toContain("407");
  expect(answer).not.toContain("other-word");
});

test("NO_PROXY leads past the proxy", async () => {
  const { local, write } = await prepare();
  vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:9");
  vi.stubEnv("NO_PROXY", "127.0.0.0/8");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await answerOf(await open({ kubeconfig: { path: await write({ token: local.token }) } }))).toBe(
    "ok",
  );
});

test("a proxy that is not supported is refused with its field", async () => {
  const { local, write } = await prepare();
  const path = await write({ token: local.token }, { "proxy-url": "socks4://127.0.0.1:1080" });
  expect(await refusalOf({ kubeconfig: { path } })).toMatchObject({ field: "proxy-url" });
  vi.stubEnv("HTTPS_PROXY", "socks4://127.0.0.1:1080");
  onTestFinished(() => void vi.unstubAllEnvs());
  const hidden = await write({ token: local.token }, { server: "https://api.hidden.example" });
  expect(await refusalOf({ kubeconfig: { path: hidden } })).toMatchObject({ field: "HTTPS_PROXY" });
});

test.each([{}, { "insecure-skip-tls-verify": true }])(
  "kubectl proxy: a server with http:// and no user, %j",
  async (extra) => {
    const { local } = await prepare();
    const port = await startPlainFront(local);
    for (const server of [`http://localhost:${port}`, `http://localhost:${port}/`, `localhost:${port}`]) {
      if (server.startsWith("localhost") && "insecure-skip-tls-verify" in extra) continue;
      const kubeconfig = JSON.stringify({
        clusters: [{ name: "p", cluster: { server, ...extra } }],
        contexts: [{ name: "p", context: { cluster: "p" } }],
        "current-context": "p",
      });
      expect(await answerOf(await open({ kubeconfig }))).toBe("ok");
    }
  },
);

test("a plain server behind a plain proxy", async () => {
  const { local } = await prepare();
  const port = await startPlainFront(local);
  const seen: string[] = [];
  const proxy = createServer((asked, answered) => {
    seen.push(asked.url ?? "");
    const { pathname, search } = new URL(asked.url ?? "");
    plainRequest({ port, path: `${pathname}${search}`, headers: asked.headers }, (answer) => {
      answered.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(answered);
    }).end();
  });
  const proxyPort = await listen(proxy);
  const kubeconfig = JSON.stringify({
    clusters: [
      {
        name: "p",
        cluster: { server: "http://api.hidden.example", "proxy-url": `http://127.0.0.1:${proxyPort}` },
      },
    ],
    contexts: [{ name: "p", context: { cluster: "p" } }],
    "current-context": "p",
  });
  expect(await answerOf(await open({ kubeconfig }))).toBe("ok");
  expect(seen[0]).toContain("http://api.hidden.example");
});

test("of the files of KUBECONFIG one may be missing or empty, and the first one counts", async () => {
  const { local, folder, write } = await prepare();
  const right = await write({ token: local.token });
  const other = await write({ token: "wrong" }, { server: "https://127.0.0.1:9" });
  vi.stubEnv("KUBECONFIG", `${join(folder, "missing")}:${right}:${other}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await answerOf(await open({}))).toBe("ok");
  await writeFile(join(folder, "empty"), "");
  vi.stubEnv("KUBECONFIG", `${join(folder, "empty")}:${right}`);
  expect(await answerOf(await open({}))).toBe("ok");
  vi.stubEnv("KUBECONFIG", join(folder, "missing"));
  expect(await refusalOf({})).toMatchObject({ field: "path" });
});

test("a KubeConfig of the client library", async () => {
  const { local } = await prepare();
  const config = new KubeConfig();
  config.loadFromString(local.kubeconfig);
  const cluster = await open({ kubeconfig: config });
  expect(await answerOf(cluster)).toBe("ok");
  expect(cluster.server).toBe(local.url);
});

test("an auth-provider with a token of OIDC is left to the client library", async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none" })}.${part({ exp: 4_070_908_800 })}.${part({})}`;
  const local = await startLocalCluster({ users: [{ token, name: "jane" }] });
  onTestFinished(() => local.close());
  const provider = {
    name: "oidc",
    config: { "id-token": token, "idp-issuer-url": "https://x.example", "client-id": "c" },
  };
  const kubeconfig = JSON.stringify({
    clusters: [
      {
        name: "k",
        cluster: {
          server: local.url,
          "certificate-authority-data": Buffer.from(local.certificateAuthority).toString("base64"),
        },
      },
    ],
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    users: [{ name: "u", user: { "auth-provider": provider } }],
    "current-context": "c",
  });
  expect(await answerOf(await open({ kubeconfig }))).toBe("ok");
});

test.each([
  ["gcp", "gke-gcloud-auth-plugin"],
  ["azure", "kubelogin"],
  ["openstack", "client-keystone-auth"],
  ["toString", "does not know"],
  ["", "does not know"],
])("the auth-provider %j is refused with what to do", async (name, remedy) => {
  const { write } = await prepare();
  const path = await write({ "auth-provider": { name, config: { "access-token": "a" } } });
  const refused = await refusalOf({ kubeconfig: { path } });
  expect(refused).toMatchObject({ field: "auth-provider", message: expect.stringContaining(remedy) });
});

test.each([
  ["server", { server: "ftp://x" }, {}],
  ["server", { server: "" }, {}],
  ["server", { server: "https://me:pass@127.0.0.1" }, {}],
  ["insecure-skip-tls-verify", { "insecure-skip-tls-verify": "true" }, {}],
  ["certificate-authority-data", { "certificate-authority-data": "???" }, {}],
  ["certificate-authority", { "certificate-authority": "missing" }, {}],
  ["token", {}, { token: 12 }],
  ["token", {}, { token: "two\nlines" }],
  ["exec", {}, { exec: {} }],
  ["as-groups", {}, { "as-groups": "one" }],
  ["client-key", {}, { "client-certificate": "me.crt" }],
  ["client-certificate", {}, { "client-key-data": "QQ==" }],
  ["exec", {}, { exec: { apiVersion: "client.authentication.k8s.io/v1alpha1", command: "aws" } }],
  [
    "insecure-skip-tls-verify",
    { "insecure-skip-tls-verify": true, "certificate-authority-data": "QQ==" },
    { token: "a" },
  ],
  [
    "insecure-skip-tls-verify",
    { "insecure-skip-tls-verify": true, "certificate-authority": "ca.crt" },
    { token: "a" },
  ],
  [
    "certificate-authority",
    { "certificate-authority": "ca.crt", "certificate-authority-data": "QQ==" },
    { token: "a" },
  ],
  ["username", {}, { token: "a", username: "me", password: "p" }],
  ["username", {}, { tokenFile: "token", username: "me", password: "p" }],
  [
    "client-certificate",
    {},
    { "client-certificate": "me.crt", "client-certificate-data": "QQ==", "client-key-data": "QQ==" },
  ],
  [
    "client-key",
    {},
    { "client-certificate-data": "QQ==", "client-key": "me.key", "client-key-data": "QQ==" },
  ],
  ["auth-provider", {}, { "auth-provider": { name: "oidc" }, exec: { command: "aws" } }],
  ["as", {}, { token: "a", "as-groups": ["one"] }],
  ["as", {}, { token: "a", "as-uid": "7" }],
  ["as", {}, { token: "a", "as-user-extra": { scopes: ["one"] } }],
])("what cannot be used is told by its field: %s", async (field, cluster, user) => {
  const { write } = await prepare();
  const path = await write(user, { "certificate-authority-data": undefined, ...cluster });
  expect(await refusalOf({ kubeconfig: { path } })).toMatchObject({ field });
});

test("near misses of what kubectl refuses together: fields that are there and hold nothing", async () => {
  const { local, write } = await prepare();
  const none = { "insecure-skip-tls-verify": false, "certificate-authority": "" };
  const user = { token: local.token, tokenFile: "", username: "", exec: null, "as-groups": [], as: "" };
  expect(await answerOf(await open({ kubeconfig: { path: await write(user, none) } }))).toBe("ok");
});

test.each([
  ["a second document", (text: string) => `${text}\n---\napiVersion: v1\n`],
  ["a byte order mark and CRLF", (text: string) => `\ufeff${text.replaceAll("\n", "\r\n")}`],
  ["a comment first", (text: string) => `# made by hand\n---\n${text}`],
])("YAML as kubectl reads it: %s", async (_what, made) => {
  const { local } = await prepare();
  expect(await answerOf(await open({ kubeconfig: made(yamlOf(local, "false")) }))).toBe("ok");
});

test.each(["yes", "on", "y", "True"])("insecure-skip-tls-verify: %s is true in YAML 1.1", async (word) => {
  const { local } = await prepare();
  expect(await answerOf(await open({ kubeconfig: yamlOf(local, word, "") }))).toBe("ok");
});

function yamlOf(
  local: LocalCluster,
  insecure: string,
  authority = Buffer.from(local.certificateAuthority).toString("base64"),
): string {
  return [
    "apiVersion: v1",
    "kind: Config",
    "current-context: c",
    "contexts: [{ name: c, context: { cluster: k, user: u } }]",
    "clusters:",
    "- name: k",
    "  cluster:",
    `    server: ${local.url}`,
    `    insecure-skip-tls-verify: ${insecure}`,
    `    certificate-authority-data: "${authority}"`,
    `users: [{ name: u, user: { token: "${local.token}" } }]`,
  ].join("\n");
}

interface Prepared {
  readonly local: LocalCluster;
  readonly folder: string;
  /** A plugin that writes the token of the file `token`, and a line to `calls`. */
  readonly plugin: string;
  readonly calls: () => Promise<number>;
  readonly write: (user: object, cluster?: object) => Promise<string>;
}

async function prepare(): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), "kubectl-"));
  const local = await startLocalCluster();
  onTestFinished(async () => {
    await local.close();
    await rm(folder, { recursive: true });
  });
  for (const name of ["bin", ".kube"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "token"), local.token);
  await writeFile(join(folder, "expiry"), "2099-01-01T00:00:00Z");
  const plugin = join(folder, "bin", "get-token");
  const lines = [
    "#!/bin/sh",
    `echo "$1|$MARK|$KUBERNETES_EXEC_INFO" >> ${folder}/calls`,
    `printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"expirationTimestamp":"%s","token":"%s"}}' "$(cat ${folder}/expiry)" "$(cat ${folder}/token)"`,
  ];
  await writeFile(plugin, lines.join("\n"));
  await chmod(plugin, 0o755);
  let written = 0;
  return {
    local,
    folder,
    plugin,
    calls: async () => (await readFile(join(folder, "calls"), "utf8")).split("\n").length - 1,
    async write(user, cluster = {}) {
      const path = join(folder, ".kube", `config-${written++}`);
      const data = Buffer.from(local.certificateAuthority).toString("base64");
      const all = { server: local.url, "certificate-authority-data": data, ...cluster };
      const given =
        "exec" in user && user.exec !== null
          ? {
              ...user,
              exec: {
                apiVersion: "client.authentication.k8s.io/v1",
                interactiveMode: "Never",
                ...(user.exec as object),
              },
            }
          : user;
      await writeFile(
        path,
        JSON.stringify({
          clusters: [{ name: "k", cluster: all }],
          contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
          users: [{ name: "u", user: given }],
          "current-context": "c",
        }),
      );
      return path;
    },
  };
}

function tokenOf(local: LocalCluster): string {
  const config = new KubeConfig();
  config.loadFromString(local.kubeconfig);
  return config.getCurrentUser()?.token ?? "";
}

/** A proxy that leads every tunnel to the cluster, whatever it was asked for. */
async function startProxy(
  local: LocalCluster,
  authorization?: string,
): Promise<{ readonly url: string; readonly targets: () => readonly string[] }> {
  const targets: string[] = [];
  const proxy = createServer();
  const sockets = new Set<Socket>();
  proxy.on("connect", (asked, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    if (authorization !== undefined && asked.headers["proxy-authorization"] !== authorization) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    targets.push(asked.url ?? "");
    const upstream = connectSocket(Number(new URL(local.url).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on("error", () => socket.destroy());
  });
  const port = await listen(proxy);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { url: `http://127.0.0.1:${port}`, targets: () => targets };
}

/** What `kubectl proxy` does. */
function startPlainFront(local: LocalCluster): Promise<number> {
  return listen(
    createServer((asked, answered) => {
      const { host: _other, ...others } = asked.headers;
      const headers = { ...others, authorization: `Bearer ${local.token}` };
      const options = { ca: local.certificateAuthority, method: asked.method, headers };
      const upstream = tlsRequest(`${local.url}${asked.url}`, options, (answer) => {
        answered.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(answered);
      });
      upstream.on("error", () => void answered.destroy());
      asked.pipe(upstream);
    }),
  );
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function open(options: ConnectOptions): Promise<Cluster> {
  const cluster = await connect(options);
  onTestFinished(() => cluster.close());
  return cluster;
}

async function answerOf(cluster: Cluster): Promise<string> {
  const answer = await cluster.get("namespaces", null, "default");
  return answer.kind === "ok" ? "ok" : answer.error.message;
}

async function refusalOf(options: ConnectOptions): Promise<InvalidKubeconfigError> {
  const error = await connect(options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!InvalidKubeconfigError.isInstance(error)) throw new Error(`not refused: ${String(error)}`);
  return error;
}
