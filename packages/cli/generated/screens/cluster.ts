import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type Runner, connect, createRunner } from "@claude-k8s/k8s-runner";
import {
  type ClusterClock,
  type ContainerScript,
  type LocalCluster,
  type LocalClusterOptions,
  createSystemClock,
  startLocalCluster,
} from "@claude-k8s/local-cluster";

import { block } from "./block.ts";
import { screenOf } from "./terminal.ts";

const namespace = "agents";

/** The runs that the list shows: an image stands for what its container prints. */
const runs = [
  { agent: "coder", task: "SHOP-12", image: "success", recording: "tool-parallel", ending: { exitCode: 0 } },
  { agent: "reviewer", task: "SHOP-9", image: "failure", recording: "max-turns", ending: { exitCode: 1 } },
  { agent: "coder", task: "SHOP-14", image: "running", recording: "long-bash", lines: 4, ending: "never" },
] as const;

const recordings = new URL("../../../stream-parser/test/fixtures/recordings/", import.meta.url);

/** What needs a cluster, on a small one in this process. */
export async function clusterScreens(): Promise<readonly string[]> {
  return [
    "The runs of a namespace, whoever supervises them, with what they have used:",
    await onCluster(
      { clock: behind(25 * 60_000 + 5000), containers: ({ image }) => scriptOf(image) },
      listScreen,
    ),
    "Whether a run would work (here on the small cluster of the tests, which has no volumes):",
    await onCluster({}, doctorScreen),
  ];
}

async function listScreen({ kubeconfig }: LocalCluster, where: readonly string[]): Promise<string> {
  const cluster = await connect({ kubeconfig });
  const runner = createRunner({ cluster });
  try {
    await startRuns(runner);
    // By age would be by chance: all of them are made within a second.
    const args = ["list", "--sort-by", "name"];
    return block([...args, "-n", namespace], await screenOf([...args, ...where]));
  } finally {
    await runner.close();
    await cluster.close();
  }
}

async function doctorScreen({ url }: LocalCluster, where: readonly string[]): Promise<string> {
  const screen = await screenOf(["doctor", ...where]);
  // The port is another one each time.
  return block(["doctor", "-n", namespace], screen.replaceAll(url, "https://10.0.0.1:6443"));
}

async function onCluster(
  options: LocalClusterOptions,
  take: (cluster: LocalCluster, where: readonly string[]) => Promise<string>,
): Promise<string> {
  const cluster = await startLocalCluster({ ...options, namespaces: [namespace] });
  const folder = mkdtempSync(path.join(tmpdir(), "claude-k8s-screens-"));
  const kubeconfig = path.join(folder, "config");
  writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  try {
    return await take(cluster, ["--kubeconfig", kubeconfig, "-n", namespace]);
  } finally {
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The machine's clock, so long ago: what is made now has an age of 25 minutes, however slowly this runs. */
function behind(milliseconds: number): ClusterClock {
  const clock = createSystemClock();
  return {
    nowNanoseconds: () => clock.nowNanoseconds() - BigInt(milliseconds) * 1_000_000n,
    after: (wait, callback) => clock.after(wait, callback),
  };
}

function scriptOf(image: string): ContainerScript | null {
  const run = runs.find((one) => one.image === image);
  if (run === undefined) return null;
  const lines = readFileSync(new URL(`${run.recording}.ndjson`, recordings), "utf8").split("\n");
  const shown = "lines" in run ? lines.slice(0, run.lines) : lines.filter((line) => line !== "");
  return { steps: [{ stdout: shown.map((line) => `${line}\n`).join("") }], ending: run.ending };
}

/** Returns when each of them is as far as it goes. */
async function startRuns(runner: Runner): Promise<void> {
  for (const { agent, task, image, ending } of runs) {
    const slot = `paperclip/acme/${agent}/${task}`;
    const start = await runner.start({ namespace, slot, runId: task, image, command: ["claude"] });
    if (start.kind !== "started") throw new Error(`${task} was not started: ${JSON.stringify(start)}`);
    if (ending !== "never") await start.run.exit;
    // All that it prints is written in one go.
    else for await (const chunk of start.run.output) if (chunk.length > 0) break;
  }
}
