import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { startLocalCluster } from "@claude-k8s/local-cluster";
import { afterAll, beforeAll, expect, test } from "vitest";

import { connectRunner } from "../src/connect.ts";
import { execute } from "../src/execute.ts";
import type { ExecutionContext, HostMcpServer } from "../src/host/contract.ts";
import { secretsOfJob } from "../src/host/job-secrets.ts";
import { fakeHost } from "./host-context.ts";
import { type World, createWorld } from "./scenario/world.ts";

let world: World;
let folder: string;
beforeAll(async () => {
  const cluster = await startLocalCluster({ images: () => ({ kind: "present" }) });
  world = await createWorld({
    name: "local",
    kubeconfig: cluster.kubeconfig,
    image: "lab/base:1",
    close: () => cluster.close(),
  });
  folder = path.dirname(world.settings({})["kubeconfig"] as string);
});
afterAll(() => world.close());

/** Made of pieces, so that no scanner takes this file for a leak. Each is one source's. */
const planted = {
  "run token": ["run", "token", "of", "this", "test"].join("-"),
  "variable by name": ["swordfish", "only"].join("-"),
  "variable by binding": ["a plain looking", "sentence"].join(" "),
  "short variable": ["pw", "12345"].join(""),
  "MCP token": ["mcp", "connection", "words"].join("-"),
  "tool token": ["tool", "bearer", "words"].join("-"),
  "repository URL": ["repository", "password"].join("-"),
  "settings URL": ["url", "password", "here"].join("-"),
  "tool result": `ghp_${"A1b2C3d4".repeat(5)}`,
  "tool result by name": ["Kp7fQ2x", "Lm9Rz"].join(""),
};

/** A prompt that holds every secret: the program writes it back, with its arguments and its whole environment. */
const promptTemplate = [...Object.values(planted), `UNKNOWN_PASSWORD=${planted["tool result by name"]}`]
  .filter((text) => text !== planted["tool result by name"])
  .join("\n");

function hostOf(plan: object, task: string) {
  const servers: HostMcpServer[] = [
    { name: "board", url: "https://mcp.example.com", token: planted["MCP token"], connectionId: "c1" },
  ];
  const host = fakeHost({
    authToken: planted["run token"],
    runId: `run-${task}`,
    runtime: { taskKey: task },
    config: {
      ...world.settings({ tell: true, ...plan }),
      promptTemplate,
      extraArgs: ["--append-system-prompt", planted["variable by name"]],
    },
    context: {
      paperclipRuntimeTools: { bearerToken: planted["tool token"] },
      paperclipWorkspace: {
        cwd: "/x",
        source: "project_workspace",
        repoUrl: `https://bot:${planted["repository URL"]}@github.com/a/b.git`,
      },
    },
  });
  const env = {
    ...(host.context.config["env"] as object | undefined),
    DB_PASSWORD: planted["variable by name"],
    DATABASE: `postgres://user:${planted["settings URL"]}@db/x`,
    PLAIN: planted["variable by binding"],
    SHORT_PASSWORD: planted["short variable"],
  };
  const context: ExecutionContext = {
    ...host.context,
    config: { ...host.context.config, env },
    agent: {
      ...host.context.agent,
      adapterConfig: { env: { PLAIN: { type: "secret_ref", secretId: "1" } } },
    },
    runtimeMcp: { getServers: () => servers },
  };
  const progress: unknown[] = [];
  return {
    ...host,
    context: { ...context, onRuntimeProgress: (update: unknown) => void progress.push(update) },
    progress,
  };
}

function leaksIn(sink: unknown): readonly string[] {
  const text = typeof sink === "string" ? sink : JSON.stringify(sink);
  return Object.entries(planted).flatMap(([source, value]) => (text.includes(value) ? [source] : []));
}

test.each([
  ["a run that succeeds", { recording: "tool-parallel", exitCode: 0 }],
  ["a run that fails", { recording: "tool-parallel", exitCode: 1 }],
])("%s: no secret of any source reaches any sink", async (_name, plan) => {
  const host = hostOf(plan, `everywhere-${plan.exitCode}`);
  const result = await execute(host.context, world);
  expect(host.output()).toContain('"type":"told"');
  expect(host.output()).toContain("[redacted ");
  const sinks = {
    transcript: host.output(),
    summary: result.summary,
    resultJson: result.resultJson,
    errorMessage: result.errorMessage,
    result,
    events: host.events,
    progress: host.progress,
    invocation: host.invocations,
  };
  for (const [name, sink] of Object.entries(sinks))
    expect({ [name]: leaksIn(sink ?? "") }).toEqual({ [name]: [] });
  for (const line of host.output().trimEnd().split("\n")) JSON.parse(line);
});

test("what a kubeconfig says to prove who we are is known, whoever prints it", async () => {
  const file = path.join(folder, "with-token");
  const token = ["kubeconfig", "token", "words"].join("-");
  writeFileSync(
    file,
    JSON.stringify(
      {
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        "current-context": "c",
      },
      null,
      1,
    ),
  );
  const connection = await connectRunner(
    { kubeconfig: file, context: null, trust: null },
    { spoolFolder: null },
  );
  await connection.close();
  expect(Object.values(connection.secrets)).toContain(token);
});

test("a kubeconfig is read once: one that has become a pipe since keeps nobody waiting", async () => {
  const pipe = path.join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const token = ["kubeconfig", "token", "pipe"].join("-");
  const text = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { token } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  });
  // What comes once only is gone for whoever reads a second time.
  const [connection] = await Promise.all([
    connectRunner({ kubeconfig: pipe, context: null, trust: null }, { spoolFolder: null }),
    writeFile(pipe, text),
  ]);
  await connection.close();
  expect(Object.values(connection.secrets)).toEqual([token]);
});

test("the Secrets of a Job that another process made are read as far as they may be", async () => {
  const job = {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: "main",
              env: [
                {
                  name: "PAPERCLIP_API_KEY",
                  valueFrom: { secretKeyRef: { name: "p", key: "env.PAPERCLIP_API_KEY" } },
                },
                { name: "MODE", valueFrom: { secretKeyRef: { name: "p", key: "env.MODE" } } },
                { name: "OWN", valueFrom: { secretKeyRef: { name: "denied", key: "password" } } },
              ],
            },
          ],
        },
      },
    },
  };
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const data = {
    "env.PAPERCLIP_API_KEY": base64("token-of-the-first-run"),
    "env.MODE": base64("production"),
  };
  const get = (async (resource: string, _namespace: string, name: string) => {
    if (resource === "jobs") return { kind: "ok", value: job, serverTime: null };
    if (name === "p") return { kind: "ok", value: { data }, serverTime: null };
    return { kind: "error", error: { kind: "forbidden" } };
  }) as unknown as Parameters<typeof secretsOfJob>[0]["get"];
  expect(await secretsOfJob({ get }, { namespace: "n", jobName: "j" })).toEqual({
    PAPERCLIP_API_KEY: "token-of-the-first-run",
  });
});
