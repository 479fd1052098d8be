/**
 * A folder into a run and back, beside `kubectl cp` of the same folder: in, and back after one file in a hundred was changed, which
 * `kubectl cp` can only do as a whole. Needs a real cluster, as the local one has no exec. `BENCH_COPY=FILES,MEBIBYTES` gives the size;
 * the full one is `50000,1024`.
 */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchRow } from "../../../scripts/bench-row.ts";
import { createRunner } from "../src/index.ts";
import type { Cluster, Run, Runner, RunSpec } from "../src/index.ts";
import { podNameOf } from "./pods.ts";
import type { BenchPlace } from "./place.ts";

const [files = 5000, mebibytes = 100] = (process.env["BENCH_COPY"] ?? "")
  .split(",")
  .flatMap((part) => Number(part) || []);
const perFolder = 100;
const changedShare = 0.01;
const inLimit = 1;
const backLimit = 0.1;

interface Figures {
  readonly inSeconds: number;
  readonly backSeconds: number;
  /** The most that this process grew meanwhile. */
  readonly growthMebibytes: number;
}

export async function benchCopies(place: BenchPlace): Promise<void> {
  if (place.name === "local" || place.kubeconfigPath === null) {
    console.log("copies         needs KUBECONFIG and kubectl: not run");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "claude-k8s-copies-"));
  const tree = join(folder, "tree");
  makeTree(tree);
  const seen = withTimes(place.cluster);
  const runner = createRunner({ cluster: seen.cluster });
  try {
    const peer = await kubectlCopies(place, runner, folder, tree);
    const own = await ownCopies(place, runner, tree, seen.times);
    // Not before: the node would remove its files while the other one's are written.
    await peer.end();
    const what = `${mebibytes} MiB in ${files} files`;
    compared(`${what}, into a run`, [own.inSeconds, peer.inSeconds], inLimit);
    const changed = `${changedShare * 100} % of them changed`;
    compared(`${what}, back after ${changed}`, [own.backSeconds, peer.backSeconds], backLimit);
    benchRow({
      what: `${what}, what the process grew by`,
      figure: `${own.growthMebibytes.toFixed(0)} MiB`,
      limit: "the same for every size",
    });
  } finally {
    await runner.close();
    rmSync(folder, { recursive: true });
  }
}

function compared(what: string, [own, peer]: readonly [own: number, peer: number], limit: number): void {
  benchRow({
    what,
    figure: `${(own / peer).toFixed(2)} × (${own.toFixed(1)} s)`,
    peer: `\`kubectl cp\` of all (${peer.toFixed(1)} s)`,
    limit: `${limit} ×`,
    held: own / peer <= limit,
  });
}

/** Random bytes: nothing on the way can make them fewer. */
function makeTree(tree: string): void {
  const size = Math.max(1, Math.floor((mebibytes * 1024 * 1024) / files));
  for (let index = 0; index < files; index++) {
    const at = join(tree, `folder-${Math.floor(index / perFolder)}`);
    if (index % perFolder === 0) mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `file-${index}`), randomBytes(size));
  }
}

function specOf({ namespace }: BenchPlace, more: Partial<RunSpec> & Pick<RunSpec, "command">): RunSpec {
  return {
    namespace,
    slot: `bench-${randomBytes(4).toString("hex")}`,
    runId: "copies",
    image: "lab/base:1",
    imagePullPolicy: "Never",
    ...more,
  };
}

async function started(runner: Runner, spec: RunSpec): Promise<Run> {
  const start = await runner.start(spec);
  if (start.kind !== "started") throw new Error(`the run did not start: ${JSON.stringify(start)}`);
  return start.run;
}

async function kubectlCopies(
  place: BenchPlace,
  runner: Runner,
  folder: string,
  tree: string,
): Promise<Pick<Figures, "inSeconds" | "backSeconds"> & { readonly end: () => Promise<unknown> }> {
  const run = await started(
    runner,
    specOf(place, {
      command: ["sh", "-c", "echo ready; exec sleep 3600"],
      volumes: [{ name: "data", emptyDir: {} }],
      volumeMounts: [{ name: "data", mountPath: "/data" }],
    }),
  );
  const output = run.output[Symbol.asyncIterator]();
  await output.next();
  const podName = await podNameOf(place, run.ref.jobName);
  const copy = (from: string, to: string): Promise<number> =>
    secondsOf("kubectl", ["--kubeconfig", place.kubeconfigPath ?? "", "cp", "-c", "main", from, to]);
  const pod = `${place.namespace}/${podName}`;
  await settled();
  const inSeconds = await copy(tree, `${pod}:/data/tree`);
  await settled();
  const backSeconds = await copy(`${pod}:/data/tree`, join(folder, "back"));
  return { inSeconds, backSeconds, end: () => drained(run, output, () => run.stop({ graceSeconds: 0 })) };
}

async function ownCopies(
  place: BenchPlace,
  runner: Runner,
  tree: string,
  times: ReadonlyMap<string, number>,
): Promise<Figures> {
  const change = `const fs = require("fs"); let n = 0;
    for (let i = 0; i < ${files}; i += ${Math.round(1 / changedShare)}) { fs.appendFileSync("/copied/folder-" + Math.floor(i / ${perFolder}) + "/file-" + i, "changed"); n++ }
    console.log(n)`;
  await settled();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 100);
  const run = await started(
    runner,
    specOf(place, {
      command: ["node", "-e", change],
      copies: { folders: [{ path: "/copied", folder: tree }] },
    }),
  );
  const at = new Map<string, number>();
  const events = (async () => {
    for await (const event of run.events) at.set(event.type, performance.now());
  })();
  const exit = await drained(run, run.output[Symbol.asyncIterator](), () => run.exit);
  await events;
  clearInterval(sampling);
  const returned = exit.evidence.files?.returned;
  const expected = Math.ceil(files * changedShare);
  if (returned?.kind !== "returned" || returned.written !== expected)
    throw new Error(`${expected} files should have come back: ${JSON.stringify(returned)}`);
  const between = (from: number | undefined, to: number | undefined): number =>
    ((to ?? NaN) - (from ?? NaN)) / 1000;
  return {
    inSeconds: between(times.get("receive"), at.get("files-sent")),
    backSeconds: between(times.get("send"), at.get("files-returned")),
    growthMebibytes: (most - before) / 1024 / 1024,
  };
}

async function drained<T>(run: Run, output: AsyncIterator<Uint8Array>, end: () => Promise<T>): Promise<T> {
  const reading = (async () => {
    while ((await output.next()).done !== true);
  })();
  const ended = await end();
  await reading;
  await run.cleanUp({ keepJobSeconds: 0 });
  return ended;
}

/** When the program in the pod was called last, by its first word. */
function withTimes(cluster: Cluster): {
  readonly cluster: Cluster;
  readonly times: ReadonlyMap<string, number>;
} {
  const times = new Map<string, number>();
  const exec: Cluster["exec"] = {
    open(request, options) {
      for (const word of ["receive", "send"])
        if (request.command.includes(word)) times.set(word, performance.now());
      return cluster.exec.open(request, options);
    },
  };
  const seen = new Proxy(cluster, {
    get: (target, name) => (name === "exec" ? exec : (Reflect.get(target, name) as unknown)),
  });
  return { cluster: seen, times };
}

/** What was written before is on the disk: else whoever comes second waits for what the first one wrote. */
async function settled(): Promise<void> {
  await secondsOf("sync", []);
}

function secondsOf(command: string, args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve((performance.now() - begun) / 1000)
        : reject(new Error(`${command} ended with exit code ${code}`)),
    );
  });
}
