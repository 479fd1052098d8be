/** Where the scenarios run: the local cluster, and the real one where KUBECONFIG names it. */

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { afterAll, beforeAll, describe } from "vitest";
import { connect, createRunner } from "../src/index.ts";
import type {
  Cluster,
  Run,
  RunEvent,
  RunExit,
  Runner,
  RunnerOptions,
  RunSpec,
  RunStart,
  StartOptions,
} from "../src/index.ts";
import { openTransport } from "../src/cluster/connect.ts";
import { limitedUsers } from "./limited.ts";

export interface World {
  readonly place: "local" | "real";
  readonly kubeconfig: string;
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Its controls; `null` in the real cluster. */
  readonly local: LocalCluster | null;
  /** A request that the runner itself never makes. */
  request(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: object,
  ): Promise<{ status: number; body: any }>;
  runner(options?: Partial<RunnerOptions>): Runner;
  /** After its runners are closed. */
  onClose(task: () => Promise<void>): void;
  close(): Promise<void>;
}

const realKubeconfig = process.env["KUBECONFIG"] ?? null;

/** The same scenarios in both places; a local cluster of its own for each call. */
export function describeWorlds(name: string, scenarios: (world: () => World) => void): void {
  describe(`[local] ${name}`, () => {
    inWorld(openLocalWorld, scenarios);
  });
  describeReal(name, scenarios);
}

/** For what the local cluster does not have. */
export function describeReal(name: string, scenarios: (world: () => World) => void): void {
  describe.skipIf(realKubeconfig === null)(`[real] ${name} (needs KUBECONFIG)`, () => {
    inWorld(() => openWorld("real", readFileSync(realKubeconfig ?? "", "utf8")), scenarios);
  });
}

function inWorld(open: () => Promise<World>, scenarios: (world: () => World) => void): void {
  let world: World | null = null;
  beforeAll(async () => {
    world = await open();
  });
  afterAll(() => world?.close());
  scenarios(() => world!);
}

async function openLocalWorld(): Promise<World> {
  const local = await startLocalCluster({
    users: limitedUsers,
    images: (image) => {
      if (image === "lab/base:1") return { kind: "present" };
      return image.startsWith("registry.invalid/") ? { kind: "unreachable" } : { kind: "not-found" };
    },
  });
  const world = await openWorld("local", local.kubeconfig);
  return {
    ...world,
    local,
    async close() {
      await world.close();
      await local.close();
    },
  };
}

/** Makes a namespace of its own; `close` removes it with everything in it. */
export async function openWorld(place: World["place"], kubeconfig: string): Promise<World> {
  const cluster = await connect({ kubeconfig });
  const { transport } = await openTransport({ kubeconfig });
  const namespace = `runner-${randomBytes(4).toString("hex")}`;
  const runners: Runner[] = [];
  const tasks: (() => Promise<void>)[] = [];
  const world: World = {
    place,
    local: null,
    kubeconfig,
    cluster,
    namespace,
    async request(method, path, body) {
      const answer = await transport.send({
        method,
        path,
        signal: AbortSignal.timeout(20_000),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(method === "PATCH" ? { contentType: "application/merge-patch+json" } : {}),
      });
      const text = Buffer.concat(await answer.body.toArray()).toString();
      return { status: answer.httpStatus, body: text === "" ? null : JSON.parse(text) };
    },
    runner(options = {}) {
      const runner = createRunner({ cluster, ...options });
      runners.push(runner);
      return runner;
    },
    onClose: (task) => void tasks.push(task),
    async close() {
      await Promise.all(runners.map((runner) => runner.close()));
      await Promise.all(tasks.map((task) => task()));
      await world.request("DELETE", `/api/v1/namespaces/${namespace}`);
      await transport.close();
      await cluster.close();
    },
  };
  await world.request("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  await defaultServiceAccount(world);
  return world;
}

/** Without it, the Job controller's first pod is refused, and the next comes ten seconds later. */
async function defaultServiceAccount(world: World): Promise<void> {
  const path = `/api/v1/namespaces/${world.namespace}/serviceaccounts/default`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await world.request("GET", path)).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${path} did not appear`);
}

let counter = 0;

export function specOf(world: World, spec: Partial<RunSpec> = {}): RunSpec {
  counter += 1;
  return {
    namespace: world.namespace,
    slot: `slot-${counter}`,
    runId: `run-${counter}`,
    image: "lab/base:1",
    imagePullPolicy: "Never",
    command: ["/bin/sh", "-c", "echo hello"],
    graceSeconds: 5,
    ...spec,
  };
}

export function shell(script: string): string[] {
  return ["/bin/sh", "-c", script];
}

/** Prints `line 1` to `line COUNT`. */
export function counting(count: number, seconds: number): string {
  const sleep = seconds === 0 ? "" : `; sleep ${seconds}`;
  return `for i in $(seq 1 ${count}); do echo line $i${sleep}; done`;
}

export function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");
}

export interface Ended {
  readonly run: Run;
  readonly exit: RunExit;
  readonly output: string;
  readonly bytes: Buffer;
  readonly events: readonly RunEvent[];
}

export function runOf(start: RunStart): Run {
  if (start.kind !== "started" && start.kind !== "adopted")
    throw new Error(`no run: ${JSON.stringify(start)}`);
  return start.run;
}

/** Reads a run to its end. */
export async function drain(run: Run, onChunk?: (text: string) => void): Promise<Ended> {
  const events: RunEvent[] = [];
  const listening = (async () => {
    for await (const event of run.events) events.push(event);
  })();
  const chunks: Uint8Array[] = [];
  for await (const chunk of run.output) {
    chunks.push(chunk);
    onChunk?.(Buffer.from(chunk).toString());
  }
  const exit = await run.exit;
  await listening;
  const bytes = Buffer.concat(chunks);
  return { run, exit, bytes, output: bytes.toString(), events };
}

export async function execute(runner: Runner, spec: RunSpec, options?: StartOptions): Promise<Ended> {
  return drain(runOf(await runner.start(spec, options)));
}

export function failureOf(exit: RunExit) {
  if (exit.kind !== "failed")
    throw new Error(`not failed: ${JSON.stringify({ ...exit, evidence: undefined })}`);
  return exit.failure;
}
