/** What a Job that was found under our name means for us. */

import type { Job } from "../cluster/wire.ts";
import { annotations, labels } from "../manifest/names.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { finishedAt, isFinished, jobState } from "../observe/job-state.ts";
import type { RunnerContext } from "./context.ts";
import { readFresh } from "./fresh.ts";
import { harvestSeconds, isOver, refOf } from "./holder.ts";
import type { Supervised } from "./holder.ts";
import { hasSpool } from "./output.ts";

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
    if (supervised !== "no" || concluded) return "held";
    // Created by a process that died before it could release it: it never ran, and its Secrets may be missing.
    if (jobState(evidence).kind === "suspended" && !isReleased(job)) return "over";
    return adopt === "never" ? "held" : "orphaned";
  }
  const fresh = await readFresh(context, refOf(job), job.metadata?.labels?.[labels.slot] ?? "", signal);
  if (fresh.kind === "error" || !isOver(job, fresh.pods)) return "held";
  if (concluded) return "over";
  const ageSeconds = (context.clock.now() - Date.parse(finishedAt(evidence) ?? "")) / 1000;
  if (supervised === "unknown") return "held";
  if (supervised === "yes") return ageSeconds > harvestSeconds ? "over" : "held";
  if (adopt === "never") return "over";
  const tells = fresh.pods.length > 0 || (await hasSpool(context, job.metadata?.uid ?? ""));
  return tells ? "orphaned" : "over";
}

export function isReleased(job: Job): boolean {
  return job.metadata?.annotations?.[annotations.releasedAt] !== undefined;
}
