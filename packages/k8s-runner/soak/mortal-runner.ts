/** The runner of a supervising process: some exec sessions break, and some of its steps kill the process. */

import { readFileSync } from "node:fs";
import { connect } from "../src/index.ts";
import type { Cluster, Runner } from "../src/index.ts";
import { createRunnerWith } from "../src/runner.ts";
import { mortalStep, openExec } from "./exec/open-exec.ts";
import { createRandom } from "./random.ts";
import type { Records } from "./records.ts";
import { soakKey } from "./shape.ts";
import { mortalDisk } from "./spool-death.ts";
import type { SupervisorTask } from "./task.ts";

export interface MortalRunner {
  readonly runner: Runner;
  readonly cluster: Cluster;
  close(): Promise<void>;
}

export async function openMortalRunner(task: SupervisorTask, records: Records): Promise<MortalRunner> {
  const { dieInSpoolWrite } = task;
  const direct = await connect({ kubeconfig: readFileSync(task.kubeconfigPath, "utf8") });
  const opened =
    task.exec === null
      ? null
      : await openExec(task.exec, {
          random: createRandom(task.shape.seed, `exec of ${task.identity}`),
          count: (kind) => records.note({ fact: "exec-broken", kind }),
          step: mortalStep(task.dieInExec, () => records.note({ fact: "dies-in-an-exec" })),
        });
  const cluster = opened === null ? direct : { ...direct, exec: opened.exec };
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
    async close() {
      await runner.close();
      await direct.close();
      await opened?.close();
    },
  };
}
