/** What a Job that was found under our name means for us. */

import type { Job, Pod } from "../cluster/wire.ts";
import { annotations } from "../manifest/names.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { finishedAt, isFinished, jobState } from "../observe/job-state.ts";
import type { RunnerContext } from "../runner-context.ts";
import { readFresh } from "../follow/read-run.ts";
import type { FreshAnswer } from "../follow/read-run.ts";
import { harvestSeconds, isOver, refOf } from "../supervision/slot-holder.ts";
import type { Supervised } from "../supervision/slot-holder.ts";
import { hasSpool } from "../follow/run-output.ts";
import { confirmMissingMilliseconds } from "../follow/known-state.ts";

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
    // Concluded: its ending is told as soon as the container has ended, a moment before the Job says so.
    if (supervised.kind !== "no" || concluded) return "held";
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
function unattendedSeconds({ clock }: RunnerContext, job: Job, expiredSeconds: number | null): number {
  const times = [finishedAt(jobEvidence(job)), job.metadata?.annotations?.[annotations.adoptedAt]]
    .map((time) => Date.parse(time ?? ""))
    .filter((time) => !Number.isNaN(time));
  const seconds = (clock.now() - Math.max(...times)) / 1000;
  return expiredSeconds === null ? seconds : Math.min(seconds, expiredSeconds);
}

function readPods(context: RunnerContext, job: Job, signal: AbortSignal): Promise<FreshAnswer> {
  return readFresh(context, refOf(job), signal);
}

export function isReleased(job: Job): boolean {
  return job.metadata?.annotations?.[annotations.releasedAt] !== undefined;
}
