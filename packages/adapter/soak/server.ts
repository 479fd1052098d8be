/** One server process of a soak: calls `execute()` for the runs of its tasks as Paperclip does. Killed at any moment. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "@claude-k8s/k8s-runner";
import { mortalStep, openExec } from "../../k8s-runner/soak/exec/open-exec.ts";
import { stillOpen } from "../../k8s-runner/soak/leftovers.ts";
import { createRandom } from "../../k8s-runner/soak/random.ts";
import { recordsIn } from "../../k8s-runner/soak/records.ts";
import { soakKey } from "../../k8s-runner/soak/shape.ts";
import { mortalDisk } from "../../k8s-runner/soak/spool-death.ts";
import type { SupervisorTask } from "../../k8s-runner/soak/task.ts";
import { createRunnerWith } from "../../k8s-runner/src/runner.ts";
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
const opened =
  task.exec === null
    ? null
    : await openExec(task.exec, {
        random: createRandom(task.shape.seed, `exec of ${task.identity}`),
        count: (kind) => records.note({ fact: "exec-broken", kind }),
        step: mortalStep(task.dieInExec, () => records.note({ fact: "dies-in-an-exec" })),
      });
const connections = createConnections(async () => {
  const direct = await connect({ kubeconfig: readFileSync(task.kubeconfigPath, "utf8") });
  const cluster = opened === null ? direct : { ...direct, exec: opened.exec };
  const { dieInSpoolWrite } = task;
  const disk =
    dieInSpoolWrite === null
      ? {}
      : { disk: mortalDisk(dieInSpoolWrite, () => records.note({ fact: "dies-in-a-spool-write" })) };
  const runner = createRunnerWith(
    { cluster, leaseSeconds: 5, spoolFolder: task.spoolFolder, identity: task.identity, sealKey: soakKey },
    { defects: task.defects, ...disk },
  );
  return {
    runner,
    cluster,
    secrets: {},
    defaultNamespace: task.namespace,
    async close() {
      await runner.close();
      await direct.close();
    },
  };
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
await opened?.close();
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
    const running = runTask({ task, shape, turns, called, home, dependencies });
    const late = sleep(task.hangSeconds * 1000, "hangs" as const, { signal: hanging.signal });
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
