/** Supervising processes, one after the other in each lane: killed at moments of the seed, started again until all runs are over. */

import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { between, createRandom } from "./random.ts";
import type { Records } from "./records.ts";
import { slotOf } from "./shape.ts";
import type { SupervisorTask } from "./task.ts";

export interface Lane {
  readonly number: number;
  readonly runs: readonly number[];
  readonly kubeconfigPath: string;
  readonly spoolFolder: string;
  readonly fullDisk: boolean;
}

export type LaneTask = Omit<
  SupervisorTask,
  "kubeconfigPath" | "spoolFolder" | "identity" | "runs" | "cursorsOnly" | keyof Death
>;

type Death = Pick<SupervisorTask, "dieInSpoolWrite" | "dieInExec" | "dieInCallback">;

export interface LaneReport {
  readonly processes: number;
  /** SIGKILL that ended a living process. */
  readonly kills: number;
  readonly problems: readonly string[];
}

const mostCrashes = 3;

/** Resolves when every run of the lane has a result, or at the abort, when its process is gone. */
export async function keepSupervised(
  lane: Lane,
  task: LaneTask,
  options: {
    readonly records: Records;
    readonly kills: boolean;
    readonly awayMilliseconds: number;
    readonly signal: AbortSignal;
    /** The program of a supervising process, and how each of them dies. Default: the runner's. */
    readonly program?: URL;
    readonly fateOf?: typeof fateOf;
  },
): Promise<LaneReport> {
  const { records, signal, program = new URL("supervisor.ts", import.meta.url) } = options;
  const fates = options.kills ? (options.fateOf ?? fateOf) : () => immortal;
  const problems: string[] = [];
  let kills = 0;
  let life = 0;
  for (; !signal.aborted && problems.length < mostCrashes; life++) {
    const late = Date.now() > task.newRunsUntil;
    const runs = lane.runs.filter((index) => {
      const slot = slotOf(task.shape.seed, index);
      return records.result(slot) === null && (!late || records.begun(slot));
    });
    if (runs.length === 0) break;
    const fate = fates(task, lane, life);
    const alive = { ...task, ...taskOf(lane, task, life), runs, ...fate.death };
    const ended = await liveOnce(alive, program, fate.killAfterMilliseconds, signal);
    if (ended.signal === "SIGKILL" && !signal.aborted) {
      kills++;
      await sleep(options.awayMilliseconds, undefined, { signal }).catch(() => undefined);
    } else if (ended.code !== 0 && !signal.aborted)
      problems.push(
        `supervisor ${lane.number}.${life} ended with ${ended.code ?? ended.signal}: ${ended.said}`,
      );
  }
  return { processes: life, kills, problems };
}

export interface Fate {
  readonly killAfterMilliseconds: number;
  readonly death: Death;
}

const noDeath: Death = { dieInSpoolWrite: null, dieInExec: null, dieInCallback: null };
export const immortal: Fate = { killAfterMilliseconds: 2 ** 31 - 1, death: noDeath };

/**
 * Some die in the middle of their start, most at their work, half of these in a write to the spool; where there is exec, as many in
 * a session of it.
 */
function fateOf({ shape: { seed }, exec }: LaneTask, lane: Lane, life: number): Fate {
  const random = createRandom(seed, `lane ${lane.number} life ${life}`);
  const early = random() < 0.1;
  const killAfterMilliseconds = early ? between(random, 700, 4000) : between(random, 8000, 35_000);
  const inWrite = !early && random() < 0.6 && !lane.fullDisk;
  const dieInSpoolWrite = inWrite ? between(random, 1, 200) : null;
  const inExec = exec !== null && !early && random() < 0.5;
  const death = inExec ? { ...noDeath, dieInExec: between(random, 1, 40) } : { ...noDeath, dieInSpoolWrite };
  return { killAfterMilliseconds, death };
}

function taskOf(lane: Lane, { shape: { seed } }: LaneTask, life: number) {
  return {
    kubeconfigPath: lane.kubeconfigPath,
    spoolFolder: lane.spoolFolder,
    cursorsOnly: lane.fullDisk,
    identity: `soak-${seed}-${lane.number}-${life}`,
  };
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

async function liveOnce(
  task: SupervisorTask,
  program: URL,
  killAfterMilliseconds: number,
  signal: AbortSignal,
): Promise<Ended> {
  const logPath = join(task.folder, `${task.identity}.log`);
  const log = createWriteStream(logPath);
  const child = spawn(
    process.execPath,
    ["--conditions=@claude-k8s/source", fileURLToPath(program), JSON.stringify(task)],
    {
      // Its standard input ends with this process, however that ends.
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        TMPDIR: join(task.folder, "tmp"),
        // Half of what a new process costs is compiling.
        NODE_COMPILE_CACHE: join(task.folder, "compiled"),
      },
    },
  );
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const ended = Promise.withResolvers<Omit<Ended, "said">>();
  child.once("close", (code, by) => ended.resolve({ code, signal: by }));
  const over = new AbortController();
  const killing = AbortSignal.any([over.signal, signal]);
  const kill = sleep(killAfterMilliseconds, undefined, { signal: killing })
    .catch(() => undefined)
    .then(() => (over.signal.aborted ? undefined : child.kill("SIGKILL")));
  const { code, signal: by } = await ended.promise;
  over.abort();
  await kill;
  await new Promise<void>((resolve) => log.end(resolve));
  return { code, signal: by, said: readFileSync(logPath, "utf8").slice(-2000) };
}
