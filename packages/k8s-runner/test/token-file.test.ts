/** Kubeconfigs whose user has a `tokenFile`, which the Kubernetes client for JavaScript does not know. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test, vi } from "vitest";
import { InvalidKubeconfigError, connect, createRunner } from "../src/index.ts";
import { createHurriedClock } from "./clock.ts";
import type { Cluster, ConnectOptions } from "../src/index.ts";

test("a relative path is relative to the kubeconfig's folder; a rotated token is read again", async () => {
  const { local, path } = await prepare();
  await writeFile(path("tokens/current"), `${local.token}\n`);
  await writeFile(path("config"), kubeconfigOf(local, "tokens/current"));
  const cluster = await open({ kubeconfig: { path: path("config") } });
  expect(await answerOf(cluster)).toEqual([]);
  local.apiServer.rotateToken();
  expect(await answerOf(cluster)).toContain("Unauthorized");
  await writeFile(path("tokens/current"), local.token);
  expect(await answerOf(cluster)).toEqual([]);
});

test("a kubeconfig given as text names the file by an absolute path", async () => {
  const { local, path } = await prepare();
  await writeFile(path("tokens/current"), local.token);
  const cluster = await open({ kubeconfig: kubeconfigOf(local, path("tokens/current")) });
  expect(await answerOf(cluster)).toEqual([]);
});

test("the files of KUBECONFIG are merged, each with paths of its own", async () => {
  const { local, path } = await prepare();
  await writeFile(path("tokens/current"), local.token);
  await writeFile(path("tokens/user"), JSON.stringify({ users: [userOf("current")] }));
  await writeFile(path("config"), kubeconfigOf(local, null));
  vi.stubEnv("KUBECONFIG", `${path("config")}:${path("tokens/user")}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cluster = await open({});
  expect(await answerOf(cluster)).toEqual([]);
});

test("the file goes before a token that stands beside it, as for kubectl", async () => {
  const { local, path } = await prepare();
  await writeFile(path("tokens/current"), local.token);
  const cluster = await open({ kubeconfig: kubeconfigOf(local, path("tokens/current"), "stale") });
  expect(await answerOf(cluster)).toEqual([]);
});

test("a file that is not there, or empty, is told by its path", async () => {
  const { local, path } = await prepare();
  await writeFile(path("config"), kubeconfigOf(local, "tokens/current"));
  const options = { kubeconfig: { path: path("config") } };
  const refusal = async (): Promise<unknown> => connect(options).catch((error: unknown) => error);
  const missing = await refusal();
  expect(InvalidKubeconfigError.isInstance(missing)).toBe(true);
  expect(missing).toMatchObject({ field: "tokenFile" });
  expect(String(missing)).toContain(`${path("tokens/current")}, which cannot be read: ENOENT`);
  await writeFile(path("tokens/current"), "\n");
  expect(String(await refusal())).toContain(`${path("tokens/current")}, which is empty`);
});

test("a file that goes away later is told, and its content is not", async () => {
  const { local, path } = await prepare();
  const { token } = local;
  await writeFile(path("tokens/current"), token);
  const cluster = await open({ kubeconfig: kubeconfigOf(local, path("tokens/current")) });
  local.apiServer.rotateToken();
  await rm(path("tokens/current"));
  expect(await answerOf(cluster)).toContain(`${path("tokens/current")}, which cannot be read: ENOENT`);
  await writeFile(path("tokens/current"), `${token}\nsecond line`);
  const refused = await answerOf(cluster);
  expect(refused).toContain(`${path("tokens/current")}, which holds more than a token`);
  expect(refused).not.toContain(token);
});

test("a start waits for the next token, and for a few seconds only", async () => {
  const { local, path } = await prepare();
  await writeFile(path("tokens/current"), local.token);
  await writeFile(path("config"), kubeconfigOf(local, "tokens/current"));
  const cluster = await open({ kubeconfig: { path: path("config") } });
  const refused = Promise.withResolvers<void>();
  const clock = createHurriedClock();
  const runner = createRunner({
    cluster: {
      ...cluster,
      async create(resource, ...rest) {
        const answer = await cluster.create(resource, ...rest);
        if (answer.kind === "error" && answer.error.kind === "unauthorized") refused.resolve();
        return answer;
      },
    },
    clock,
  });
  onTestFinished(() => runner.close());
  const spec = { namespace: "default", slot: "s", runId: "r", image: "a:1", command: ["echo", "hello"] };
  local.apiServer.rotateToken();
  const starting = runner.start(spec);
  await refused.promise;
  await writeFile(path("tokens/current"), local.token);
  const start = await starting;
  expect(start.kind).toBe("started");
  if (start.kind === "started") await start.run.stop({ reason: "seen" });

  local.apiServer.rotateToken();
  const answers = runner.start({ ...spec, slot: "other" });
  clock.hurry(20);
  expect(await answers).toMatchObject({
    kind: "refused",
    failure: { kind: "kubeconfig-invalid", field: "users", message: "Unauthorized" },
  });
});

async function prepare() {
  const folder = await mkdtemp(join(tmpdir(), "token-file-"));
  const path = (name: string): string => join(folder, name);
  await mkdir(path("tokens"));
  const local = await startLocalCluster();
  onTestFinished(async () => {
    await local.close();
    await rm(folder, { recursive: true });
  });
  return { local, path };
}

async function open(options: ConnectOptions): Promise<Cluster> {
  const cluster = await connect(options);
  onTestFinished(() => cluster.close());
  return cluster;
}

/** Who is let in finds no runs. */
async function answerOf(cluster: Cluster): Promise<readonly unknown[] | string> {
  const runner = createRunner({ cluster });
  try {
    return await runner.list({ namespace: "default" });
  } catch (error) {
    return String(error);
  } finally {
    await runner.close();
  }
}

function userOf(tokenFile: string, token?: string) {
  return { name: "me", user: { tokenFile, ...(token === undefined ? {} : { token }) } };
}

function kubeconfigOf(local: LocalCluster, tokenFile: string | null, token?: string): string {
  const authority = Buffer.from(local.certificateAuthority).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "here",
    clusters: [{ name: "here", cluster: { server: local.url, "certificate-authority-data": authority } }],
    contexts: [{ name: "here", context: { cluster: "here", user: "me" } }],
    ...(tokenFile === null ? {} : { users: [userOf(tokenFile, token)] }),
  });
}
