/** What a Job that was found under our name means for us. */

import type { Job, Pod } from "../cluster/wire.ts";
import { annotations, mainContainer } from "../manifest/names.ts";
import { mainHasEnded, podIsOver } from "../observe/containers.ts";
import { jobEvidence, podEvidence } from "../observe/evidence.ts";
import { finishedAt, isFinished, jobState } from "../observe/job-state.ts";
import type { RunnerContext } from "../runner-context.ts";
import { readFresh } from "../follow/read-run.ts";
import type { FreshAnswer } from "../follow/read-run.ts";
import { isOver, refOf } from "../supervision/slot-holder.ts";
import type { Supervised } from "../supervision/supervised.ts";
import { hasSpool } from "../follow/run-output.ts";
import { confirmMissingMilliseconds, harvestSeconds } from "../timings.ts";

export type Occupancy =
  /** Somebody is at it, or it may still run. */
  | "held"
  /** Makes room. */
  | "over"
  /** Nobody is at it, and what it did or does is worth having. */
  | "orphaned";

export interface Stance {
  readonly supervised: Supervised;
  readonly adopt: "when-orphaned" | "never";
}

export async function occupancy(
  context: RunnerContext,
  job: Job,
  { supervised, adopt }: Stance,
  signal: AbortSignal,
): Promise<Occupancy> {
  const evidence = jobEvidence(job);
  const concluded = job.metadata?.annotations?.[annotations.concludedAt] !== undefined;
  if (!isFinished(evidence)) {
    // Concluded as soon as its container had ended: the Job says so a moment later, or never, where another container lives on.
    if (concluded) return (await mainIsOver(context, job, signal)) ? "over" : "held";
    if (supervised.kind !== "no") return "held";
    // Created by a process that died before it could release it: it never ran, and its Secrets may be missing.
    if (jobState(evidence).kind === "suspended" && !isReleased(job)) return "over";
    // Claimed only: without its seal nobody knows what it runs.
    if (context.seals.standing(job).kind !== "ours") return "held";
    return adopt === "never" ? "held" : "orphaned";
  }
  const fresh = await readPods(context, job, signal);
  if (fresh.kind === "error" || !isOver(job, fresh.pods)) return "held";
  if (concluded) return "over";
  // However long ago it finished: an adopter that lives may have begun to read its log just now.
  if (supervised.kind !== "no") return "held";
  if (adopt !== "never" && (await tells(context, job, fresh.pods, signal))) return "orphaned";
  return unattendedSeconds(context, job, supervised.forSeconds) > harvestSeconds ? "over" : "held";
}

/** Nothing of the run itself is left, whatever still runs beside it in its pod. */
async function mainIsOver(context: RunnerContext, job: Job, signal: AbortSignal): Promise<boolean> {
  const fresh = await readPods(context, job, signal);
  if (fresh.kind === "error" || fresh.job === null) return false;
  return fresh.pods.every((pod) => podIsOver(pod.status) || mainHasEnded(podEvidence(pod), mainContainer));
}

/** There is something of it to be read. */
async function tells(
  context: RunnerContext,
  job: Job,
  pods: readonly Pod[],
  signal: AbortSignal,
): Promise<boolean> {
  if (pods.length > 0 || (await hasSpool(context, job.metadata?.uid ?? ""))) return true;
  await context.clock.sleep(confirmMissingMilliseconds, signal);
  const again = await readPods(context, job, signal);
  return again.kind === "error" || again.pods.length > 0;
}

/**
 * Since when nobody can have been at it: a supervisor that did not renew its Lease may only have been frozen, and goes on
 * reading; one that has just adopted the run needs its time, too.
 */
function unattendedSeconds({ serverTime }: RunnerContext, job: Job, expiredSeconds: number | null): number {
  const times = [finishedAt(jobEvidence(job)), job.metadata?.annotations?.[annotations.adoptedAt]]
    .map((time) => Date.parse(time ?? ""))
    .filter((time) => !Number.isNaN(time));
  const seconds = (serverTime.now() - Math.max(...times)) / 1000;
  return expiredSeconds === null ? seconds : Math.min(seconds, expiredSeconds);
}

function readPods(context: RunnerContext, job: Job, signal: AbortSignal): Promise<FreshAnswer> {
  return readFresh(context, refOf(job), signal);
}

export function isReleased(job: Job): boolean {
  return job.metadata?.annotations?.[annotations.releasedAt] !== undefined;
}
