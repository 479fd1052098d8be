/** A kubeconfig that somebody else wrote: what of it is refused, by which name, and that nothing of it was done before. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { InvalidKubeconfigError, connect } from "../../src/index.ts";
import type { ConnectOptions, KubeconfigPermission, RestrictedKubeconfig } from "../../src/index.ts";

interface Written {
  readonly cluster?: object;
  readonly user?: object;
}

/** Each field that reaches beyond the text, and the permission that allows it. */
const reaching: readonly (readonly [string, KubeconfigPermission, Written])[] = [
  ["exec", "allowExec", { user: { exec: plugin("/bin/true") } }],
  ["auth-provider", "allowAuthProvider", { user: { "auth-provider": { name: "oidc" } } }],
  ["tokenFile", "allowTokenFile", { user: { tokenFile: "beside" } }],
  [
    "client-certificate",
    "allowClientCertificateFiles",
    { user: { "client-certificate": "beside", "client-key-data": "cGVt" } },
  ],
  [
    "client-key",
    "allowClientCertificateFiles",
    { user: { "client-key": "beside", "client-certificate-data": "cGVt" } },
  ],
  [
    "certificate-authority",
    "allowCertificateAuthorityFile",
    { cluster: { "certificate-authority": "beside" } },
  ],
  [
    "insecure-skip-tls-verify",
    "allowInsecureSkipTlsVerify",
    { cluster: { "insecure-skip-tls-verify": true } },
  ],
  ["proxy-url", "allowProxyUrl", { cluster: { "proxy-url": "http://127.0.0.1:9" } }],
  ["server", "allowHttp", { cluster: { server: "http://127.0.0.1:9" } }],
];

test.each(reaching)("%s is refused, and taken with %s", async (field, permission, written) => {
  const folder = await aFolder();
  await writeFile(join(folder, "beside"), "a-token");
  const path = join(folder, "config");
  await writeFile(path, kubeconfigOf(written));
  const refused = await refusalOf({ kubeconfig: { path }, trust: {} });
  expect(refused).toMatchObject({ field, allowedBy: permission });
  expect(refused.message).toContain(permission);
  expect(await refusalOf({ kubeconfig: kubeconfigOf(written), trust: {} })).toMatchObject({ field });
  expect(await opens({ kubeconfig: { path }, trust: { [permission]: true } })).toBe(true);
  expect(await opens({ kubeconfig: { path } })).toBe(true);
  const others = Object.fromEntries(reaching.map(([, other]) => [other, other !== permission]));
  expect(await refusalOf({ kubeconfig: { path }, trust: others })).toMatchObject({ field });
});

test.each([{ token: "t" }, { username: "u", password: "p" }])(
  "what stands in the text itself is taken: data, %j, a name for TLS, an impersonated user",
  async (who) => {
    const data = Buffer.from("pem").toString("base64");
    const written: ConnectOptions = {
      kubeconfig: kubeconfigOf({
        cluster: {
          "certificate-authority-data": data,
          "tls-server-name": "name",
          "insecure-skip-tls-verify": false,
          "proxy-url": "",
          "certificate-authority": "",
        },
        user: {
          "client-certificate-data": data,
          "client-key-data": data,
          ...who,
          as: "other",
          exec: null,
          tokenFile: "",
        },
      }),
      trust: {},
    };
    expect(await opens(written)).toBe(true);
  },
);

test("a user that the context does not name may have what it wants", async () => {
  const text = JSON.parse(kubeconfigOf({ user: { token: "t" } }));
  text.users.unshift({ name: "other", user: { exec: plugin("/bin/false") } });
  expect(await opens({ kubeconfig: JSON.stringify(text), trust: {} })).toBe(true);
  text.contexts.push({ name: "second", context: { cluster: "k", user: "other" } });
  const refused = await refusalOf({ kubeconfig: JSON.stringify(text), context: "second", trust: {} });
  expect(refused).toMatchObject({ field: "exec" });
});

test("a refused credential plugin does not run", async () => {
  const folder = await aFolder();
  const proof = join(folder, "proof");
  const exec = { ...plugin("/bin/sh"), args: ["-c", `touch ${proof}`] };
  const text = kubeconfigOf({ user: { exec } });
  await refusalOf({ kubeconfig: text, trust: {} });
  expect(existsSync(proof)).toBe(false);
  // The test can fail: as kubectl reads it, the plugin runs.
  const cluster = await connect({ kubeconfig: text });
  onTestFinished(() => cluster.close());
  await cluster.get("namespaces", null, "default");
  expect(existsSync(proof)).toBe(true);
});

test("an object of the client library is held to the same", async () => {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(kubeconfigOf({ user: { exec: plugin("/bin/true") } }));
  expect(await refusalOf({ kubeconfig: config, trust: {} })).toMatchObject({ field: "exec" });
});

test.each(["fifo", "device", "folder", "process file", "too large", "missing", "a NUL"])(
  "a path that is no kubeconfig is refused at once: %s",
  async (kind) => {
    const folder = await aFolder();
    const place = join(folder, "config");
    let path = place;
    if (kind === "fifo") execFileSync("mkfifo", [place]);
    if (kind === "device") path = "/dev/zero";
    if (kind === "folder") await mkdir(place);
    if (kind === "process file") path = "/proc/self/environ";
    if (kind === "too large") await writeFile(place, Buffer.alloc(1_048_577, " "));
    if (kind === "a NUL") path = `${place}\0`;
    expect(await refusalOf({ kubeconfig: { path }, trust: {} })).toMatchObject({ field: "path" });
  },
);

test("a kubeconfig of exactly 1 MiB is read", async () => {
  const folder = await aFolder();
  const path = join(folder, "config");
  await writeFile(path, kubeconfigOf({}).padEnd(1_048_576, " "));
  expect(await opens({ kubeconfig: { path }, trust: {} })).toBe(true);
});

test("a link leads to a kubeconfig only inside the folders that are allowed", async () => {
  const folder = await aFolder();
  const elsewhere = await aFolder();
  await writeFile(join(elsewhere, "secret"), kubeconfigOf({}));
  await mkdir(join(folder, "..data"));
  await writeFile(join(folder, "..data", "config"), kubeconfigOf({}));
  await symlink(join("..data", "config"), join(folder, "mounted"));
  await symlink(join(elsewhere, "secret"), join(folder, "out"));
  await symlink(elsewhere, join(folder, "folder-out"));
  const of = (name: string, trust: RestrictedKubeconfig): ConnectOptions => ({
    kubeconfig: { path: join(folder, name) },
    trust,
  });
  // As a mounted Secret has it.
  expect(await opens(of("mounted", {}))).toBe(true);
  expect(await opens(of("mounted", { folders: [folder] }))).toBe(true);
  expect(await refusalOf(of("out", {}))).toMatchObject({ field: "path" });
  expect(await refusalOf(of("out", { folders: [folder] }))).toMatchObject({ field: "path" });
  expect(await refusalOf(of("folder-out/secret", { folders: [folder] }))).toMatchObject({ field: "path" });
  expect(await refusalOf(of("../x/config", { folders: [folder] }))).toMatchObject({ field: "path" });
  // A name that only begins like the folder's.
  const [first, ...rest] = folder;
  const sibling = `${first}${rest.join("")}-sibling`;
  await mkdir(sibling);
  onTestFinished(() => rm(sibling, { recursive: true }));
  await writeFile(join(sibling, "config"), kubeconfigOf({}));
  const beside = { kubeconfig: { path: join(sibling, "config") }, trust: { folders: [folder] } };
  expect(await refusalOf(beside)).toMatchObject({ field: "path" });
  expect(await opens({ ...beside, trust: { folders: [folder, sibling] } })).toBe(true);
});

test("an allowed file must lie in the folders, too", async () => {
  const folder = await aFolder();
  const elsewhere = await aFolder();
  await writeFile(join(elsewhere, "server-secret"), "some-token");
  await symlink(join(elsewhere, "server-secret"), join(folder, "link"));
  for (const tokenFile of [join(elsewhere, "server-secret"), "link", "/proc/self/environ", "/dev/zero"]) {
    const path = join(folder, "config");
    await writeFile(path, kubeconfigOf({ user: { tokenFile } }));
    const refused = await refusalOf({ kubeconfig: { path }, trust: { allowTokenFile: true } });
    expect(refused).toMatchObject({ field: "tokenFile" });
    expect(refused.message).not.toContain("some-token");
  }
  const text = kubeconfigOf({ user: { tokenFile: join(elsewhere, "server-secret") } });
  expect(await refusalOf({ kubeconfig: text, trust: { allowTokenFile: true } })).toMatchObject({
    field: "tokenFile",
  });
  expect(await opens({ kubeconfig: text, trust: { allowTokenFile: true, folders: [elsewhere] } })).toBe(true);
});

test.each([
  ["aliases that multiply", `a: &a [x,x,x,x,x,x,x,x,x]\n${multiplied()}`],
  ["deep nesting", "[".repeat(500_000)],
  ["many keys", Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join("\n")],
  ["no mapping", "- a"],
  ["nothing", ""],
  ["binary", "\0\u0001\u0002"],
  ["a list in place of a name", '{"current-context":["c"]}'],
  ["entries that are no entries", '{"current-context":"c","contexts":[1]}'],
  // Work that is quadratic in one of these takes minutes, which the test's time limit tells.
])("a hostile text is an error of the kubeconfig, not of the process: %s", async (_name, text) => {
  expect(InvalidKubeconfigError.isInstance(await refusalOf({ kubeconfig: text, trust: {} }))).toBe(true);
});

test("an error of the text quotes nothing of it", async () => {
  const secret = ["hidden", "token"].join("-");
  const refused = await refusalOf({
    kubeconfig: `users:\n- user: {token: ${secret}\nclusters: ]`,
    trust: {},
  });
  expect(`${refused.message} ${refused.stack}`).not.toContain(secret);
});

test("a restricted kubeconfig follows no redirect with its token", async () => {
  const seen: string[] = [];
  const thief = createServer((request, answer) => {
    seen.push(request.headers.authorization ?? "none");
    answer.end("{}");
  });
  const server = createServer((_request, answer) => {
    answer.writeHead(302, { location: `http://127.0.0.1:${portOf(thief)}/` }).end();
  });
  for (const one of [thief, server])
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void [thief.close(), server.close()]);
  const kubeconfig = kubeconfigOf({
    cluster: { server: `http://127.0.0.1:${portOf(server)}` },
    user: { token: "t" },
  });
  const cluster = await connect({ kubeconfig, trust: { allowHttp: true } });
  onTestFinished(() => cluster.close());
  expect(await cluster.get("pods", "default", "p")).toMatchObject({ kind: "error" });
  expect(seen).toEqual([]);
});

function portOf(server: ReturnType<typeof createServer>): number {
  return (server.address() as AddressInfo).port;
}

function multiplied(): string {
  return Array.from("bcdefghij", (letter, index) => {
    const before = "abcdefghij"[index];
    return `${letter}: &${letter} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`;
  }).join("\n");
}

function kubeconfigOf({ cluster = {}, user = {} }: Written): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:9", ...cluster } }],
    users: [{ name: "u", user }],
  });
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trust-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function opens(options: ConnectOptions): Promise<boolean> {
  const cluster = await connect(options);
  await cluster.close();
  return true;
}

async function refusalOf(options: ConnectOptions): Promise<InvalidKubeconfigError> {
  try {
    const cluster = await connect(options);
    await cluster.close();
  } catch (error) {
    if (InvalidKubeconfigError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("it was taken");
}

function plugin(command: string): object {
  return { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never", command };
}
