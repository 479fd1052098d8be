/** One supervising process of a soak: starts or adopts the runs of its slots, and writes down what it got. Killed at any moment. */

import { stillOpen } from "./leftovers.ts";
import { openMortalRunner } from "./mortal-runner.ts";
import { recordsIn } from "./records.ts";
import { shapeOf } from "./shape.ts";
import { superviseSlot } from "./slot.ts";
import type { SupervisorTask } from "./task.ts";

const task = JSON.parse(process.argv[2] ?? "{}") as SupervisorTask;
process.stdin.once("end", () => process.exit(1)).resume();
const records = recordsIn(task.folder);
const opened = await openMortalRunner(task, records);
const { runner } = opened;
const waiting = [...task.runs];
await Promise.all(Array.from({ length: task.concurrency }, work));
await opened.close();
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
