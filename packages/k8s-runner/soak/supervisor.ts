/** One supervising process of a soak: starts or adopts the runs of its slots, and writes down what it got. Killed at any moment. */

import { readFileSync } from "node:fs";
import { connect } from "../src/index.ts";
import { createRunnerWith } from "../src/runner.ts";
import { mortalStep, openExec } from "./exec/open-exec.ts";
import { createRandom } from "./random.ts";
import { soakKey } from "./shape.ts";
import { stillOpen } from "./leftovers.ts";
import { recordsIn } from "./records.ts";
import { shapeOf } from "./shape.ts";
import { superviseSlot } from "./slot.ts";
import type { SupervisorTask } from "./task.ts";
import { mortalDisk } from "./spool-death.ts";

const task = JSON.parse(process.argv[2] ?? "{}") as SupervisorTask;
process.stdin.once("end", () => process.exit(1)).resume();
const records = recordsIn(task.folder);
const cluster = await connect({ kubeconfig: readFileSync(task.kubeconfigPath, "utf8") });
const opened =
  task.exec === null
    ? null
    : await openExec(task.exec, {
        random: createRandom(task.shape.seed, `exec of ${task.identity}`),
        count: (kind) => records.note({ fact: "exec-broken", kind }),
        step: mortalStep(task.dieInExec, () => records.note({ fact: "dies-in-an-exec" })),
      });
const runner = createRunnerWith(
  {
    cluster: opened === null ? cluster : { ...cluster, exec: opened.exec },
    leaseSeconds: 5,
    spoolFolder: task.spoolFolder,
    identity: task.identity,
    sealKey: soakKey,
  },
  {
    defects: task.defects,
    ...(task.dieInSpoolWrite === null
      ? {}
      : {
          disk: mortalDisk(task.dieInSpoolWrite, () => records.note({ fact: "dies-in-a-spool-write" })),
        }),
  },
);
const waiting = [...task.runs];
await Promise.all(Array.from({ length: task.concurrency }, work));
await runner.close();
await cluster.close();
await opened?.close();
process.stdin.destroy();
const resources = await stillOpen();
if (resources.length > 0) records.note({ fact: "left-open", resources });

async function work(): Promise<void> {
  for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
    const shape = shapeOf(task.shape, index);
    if (Date.now() > task.newRunsUntil && !records.begun(shape.slot)) continue;
    records.begin(shape.slot);
    await superviseSlot({
      runner,
      records,
      task,
      shape: task.cursorsOnly ? { ...shape, sink: "cursor" } : shape,
    });
  }
}
