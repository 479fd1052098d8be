/** One server process of a soak: calls `execute()` for the runs of its tasks as Paperclip does. Killed at any moment. */

import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mortalStep } from "../../k8s-runner/soak/exec/open-exec.ts";
import { stillOpen } from "../../k8s-runner/soak/leftovers.ts";
import { openMortalRunner } from "../../k8s-runner/soak/mortal-runner.ts";
import { recordsIn } from "../../k8s-runner/soak/records.ts";
import type { SupervisorTask } from "../../k8s-runner/soak/task.ts";
import { createConnections } from "../src/connections.ts";
import type { ExecuteDependencies } from "../src/execution.ts";
import { createRestartMemory } from "../src/restart/memory.ts";
import { createExecRight } from "../src/sessions/exec-right.ts";
import { createSessions } from "../src/sessions/sessions.ts";
import { createSessionStore } from "../src/sessions/store.ts";
import { runTask } from "./host.ts";
import { turnRecordsIn } from "./records.ts";
import { taskShapeOf } from "./shape.ts";

const task = JSON.parse(process.argv[2] ?? "{}") as SupervisorTask;
process.stdin.once("end", () => process.exit(1)).resume();
const records = recordsIn(task.folder);
const turns = turnRecordsIn(task.folder);
const connections = createConnections(async () => {
  const opened = await openMortalRunner(task, records);
  return { ...opened, secrets: {}, defaultNamespace: task.namespace };
});
const home = join(task.folder, "paperclip");
const dependencies: ExecuteDependencies = {
  connections,
  server: {
    operator: {
      word: async () => ({
        kind: "rules",
        file: null,
        rules: { kubeconfigFolders: [dirname(task.kubeconfigPath)] },
        problems: [],
      }),
    },
    home: { folder: home, instance: join(home, "instances", "default") },
    environment: {},
    bundledSkills: [],
  },
  memory: createRestartMemory(join(task.folder, "restart")),
  sessions: createSessions(createSessionStore(join(task.folder, "sessions")), createExecRight()),
};
const called = mortalStep(task.dieInCallback, () => records.note({ fact: "dies-in-a-callback" }));
const waiting = [...task.runs];
let hangs = false;
await Promise.all(Array.from({ length: task.concurrency }, work));
// Whoever hangs would be told of the end of its runner, and take that for its own.
if (hangs) process.exit(0);
await connections.close();
process.stdin.destroy();
const resources = await stillOpen();
if (resources.length > 0) records.note({ fact: "left-open", resources });

async function work(): Promise<void> {
  for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
    const shaping = { seed: task.shape.seed, lines: task.shape.lines, local: task.exec?.directory != null };
    const shape = taskShapeOf(shaping, index);
    if (Date.now() > task.newRunsUntil && !records.begun(shape.slot)) continue;
    records.begin(shape.slot);
    const hanging = new AbortController();
    const refused = (message: string): void => records.note({ fact: "refused", slot: shape.slot, message });
    const running = runTask({ task, shape, turns, called, refused, home, dependencies });
    const allRunsMilliseconds = task.hangSeconds * 1000 * shape.turns.length;
    const late = sleep(allRunsMilliseconds, "hangs" as const, { signal: hanging.signal });
    const outcome = await Promise.race([running, late]);
    hanging.abort();
    late.catch(() => undefined);
    hangs ||= outcome === "hangs";
    records.writeResult({
      slot: shape.slot,
      exit: outcome === "hangs" ? "hangs" : "done",
      exitCode: null,
      gaps: [],
      complete: true,
      outputPath: "",
      lastEvents: [],
    });
  }
}
