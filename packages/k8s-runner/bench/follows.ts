/**
 * What 500 followed containers cost their process: connections, memory, processor. On the local cluster 500 runs of a runner; on
 * a real one 500 followers of a few pods, which are on one node as a rule: it serves about 115 follows, the rest are polled.
 */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { benchRow } from "../../../scripts/bench-row.ts";
import { FOLLOWED_LINES, FOLLOWS } from "./follows-task.ts";
import type { FollowsReport, FollowsTask } from "./follows-task.ts";
import type { BenchPlace } from "./place.ts";

const PODS = 10;
const MOST_CONNECTIONS = 6;
const MOST_MEBIBYTES = 300;

export async function benchFollows(place: BenchPlace): Promise<void> {
  const name = `bench-${randomBytes(3).toString("hex")}`;
  const pods = place.name === "real" ? await startPods(place, name) : [];
  try {
    const report = await followInProcess(place, { namespace: place.namespace, pods });
    const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
    const what = `${FOLLOWS} ${pods.length === 0 ? "runs" : `follows of ${pods.length} pods on one node`}`;
    console.log(`${what}: ${report.whole} whole, ${report.polled} polled, ${report.gaps} gaps`);
    benchRow({
      what: `${what}, connections`,
      figure: String(report.connections),
      limit: String(MOST_CONNECTIONS),
      held: report.connections <= MOST_CONNECTIONS,
    });
    benchRow({
      what: `${what}, memory (${mebibytes(report.idleBytes)} MiB before)`,
      figure: `${mebibytes(report.residentBytes)} MiB`,
      limit: `${MOST_MEBIBYTES} MiB`,
      held: mebibytes(report.residentBytes) <= MOST_MEBIBYTES,
    });
    benchRow({ what: `${what}, processor`, figure: `${report.coreShare.toFixed(2)} of one core` });
  } finally {
    for (const index of pods.keys())
      await place.cluster.delete("jobs", place.namespace, `${name}-${index}`, { propagation: "Background" });
  }
}

async function followInProcess(place: BenchPlace, task: FollowsTask): Promise<FollowsReport> {
  const child = spawn(process.execPath, [await builtProcess(), JSON.stringify(task)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(place.kubeconfig);
  let printed = "";
  for await (const chunk of child.stdout) printed += String(chunk);
  return JSON.parse(printed) as FollowsReport;
}

/** As users run it: taking the types out of the sources would cost that process 25 MB. */
async function builtProcess(): Promise<string> {
  const folder = fileURLToPath(new URL("../node_modules/.cache/bench/", import.meta.url));
  await build({
    entry: [fileURLToPath(new URL("follows-process.ts", import.meta.url))],
    outDir: folder,
    config: false,
    format: "esm",
    target: "node22",
    silent: true,
    skipNodeModulesBundle: true,
    esbuildOptions(options) {
      options.conditions = ["@claude-k8s/source"];
    },
  });
  return join(folder, "follows-process.js");
}

/** Containers that print a line a second from a moment on when all are there. */
async function startPods({ cluster, namespace }: BenchPlace, name: string): Promise<FollowsTask["pods"]> {
  const script = `let n = 0; setTimeout(() => { const t = setInterval(() => { console.log(n + " " + "x".repeat(120));
    if (++n >= ${FOLLOWED_LINES}) clearInterval(t); }, 1000); }, 8000);`;
  for (let index = 0; index < PODS; index++) {
    const labels = { bench: name };
    const container = {
      name: "agent",
      image: "lab/base:1",
      imagePullPolicy: "Never",
      command: ["node", "-e", script],
    };
    const created = await cluster.create("jobs", namespace, {
      metadata: { name: `${name}-${index}`, labels },
      spec: {
        backoffLimit: 0,
        template: { metadata: { labels }, spec: { restartPolicy: "Never", containers: [container] } },
      },
    });
    if (created.kind === "error") throw new Error(created.error.message);
  }
  for (;;) {
    const pods = await cluster.list("pods", namespace, { labelSelector: `bench=${name}` });
    if (pods.kind === "error") throw new Error(pods.error.message);
    const running = pods.value.items.filter(
      ({ status }) => status?.containerStatuses?.[0]?.state?.running !== undefined,
    );
    if (running.length === PODS)
      return running.map(({ metadata }) => ({ podName: metadata?.name ?? "", podUid: metadata?.uid ?? "" }));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
