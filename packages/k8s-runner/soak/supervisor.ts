/** One supervising process of a soak: starts or adopts the runs of its slots, and writes down what it got. Killed at any moment. */

import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, createRunner } from "../src/index.ts";
import { commandFor } from "./workload.ts";

export interface SupervisorTask {
  readonly kubeconfigPath: string;
  readonly namespace: string;
  readonly folder: string;
  readonly slots: readonly string[];
  readonly lines: number;
}

export interface SlotResult {
  readonly slot: string;
  readonly exit: string;
  readonly exitCode: number | null;
  readonly gaps: number;
  readonly complete: boolean;
  readonly replay: string | null;
  readonly outputPath: string;
}

const task = JSON.parse(process.argv[2] ?? "{}") as SupervisorTask;
const cluster = await connect({ kubeconfig: readFileSync(task.kubeconfigPath, "utf8") });
const runner = createRunner({ cluster, leaseSeconds: 5, spoolFolder: join(task.folder, "spool") });
await Promise.all(task.slots.map(superviseSlot));
await runner.close();
await cluster.close();

async function superviseSlot(slot: string): Promise<void> {
  const resultPath = join(task.folder, `${slot}.json`);
  while (!existsSync(resultPath)) await attempt(slot, resultPath);
}

async function attempt(slot: string, resultPath: string): Promise<void> {
  const start = await runner.start(
    {
      namespace: task.namespace,
      slot,
      runId: `${slot}-${process.pid}`,
      image: "lab/base:1",
      imagePullPolicy: "Never",
      command: commandFor(task.lines),
    },
    { waitSeconds: 60 },
  );
  if (start.kind === "refused") throw new Error(`${slot}: ${JSON.stringify(start.failure)}`);
  if (start.kind === "busy") return;
  const { run } = start;
  let replay: string | null = null;
  const listening = (async () => {
    for await (const event of run.events) if (event.type === "job-adopted") ({ replay } = event);
  })();
  // As the host does it: an adoption gets a fresh transcript.
  const outputPath = join(task.folder, `${slot}.${process.pid}.out`);
  rmSync(outputPath, { force: true });
  writeFileSync(outputPath, "");
  for await (const chunk of run.output) appendFileSync(outputPath, chunk);
  const exit = await run.exit;
  await listening;
  const result: SlotResult = {
    slot,
    exit: exit.kind === "failed" ? `failed: ${JSON.stringify(exit.failure)}` : exit.kind,
    exitCode: exit.kind === "exited" ? exit.exitCode : null,
    gaps: exit.evidence.gaps.length,
    complete: exit.evidence.logComplete,
    replay,
    outputPath,
  };
  writeFileSync(resultPath, JSON.stringify(result));
  await run.cleanUp({ keepJobSeconds: 0 });
}
