/** Who has a slot. */

import type { Job, Pod } from "../cluster/wire.ts";
import { annotations } from "../manifest/names.ts";
import { podIsOver } from "../observe/containers.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { isFinished } from "../observe/job-state.ts";
import type { RunFailure, SlotHolder } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { confirmLeaseBelowSeconds, confirmLeaseMilliseconds, harvestSeconds } from "../timings.ts";
import type { Liveness } from "./lease.ts";

export function refOf(job: Job): RunRef {
  const runId = job.metadata?.annotations?.[annotations.runId] ?? "";
  return {
    namespace: job.metadata?.namespace ?? "",
    jobName: job.metadata?.name ?? "",
    jobUid: job.metadata?.uid ?? "",
    // It may have been written by anybody, and goes into messages.
    runId: runId.slice(0, longestRunId),
  };
}

/** As `validateRunSpec` allows. */
const longestRunId = 253;

/** What is said of a Job that the runner leaves alone; `null`: it is ours. */
export function foreignFailure({ seals }: Pick<RunnerContext, "seals">, job: Job): RunFailure | null {
  const standing = seals.standing(job);
  if (standing.kind !== "foreign") return null;
  const { namespace, jobName } = refOf(job);
  const createdAt = job.metadata?.creationTimestamp ?? null;
  return { kind: "slot-foreign", jobName, namespace, reason: standing.reason, createdAt };
}

export function holderOf(job: Job, supervised: boolean): SlotHolder {
  const { namespace, jobName, jobUid, runId } = refOf(job);
  return {
    jobName,
    jobUid,
    namespace,
    runId: runId || null,
    supervisor: supervisorOf(job),
    supervised,
    createdAt: job.metadata?.creationTimestamp ?? null,
    terminating: job.metadata?.deletionTimestamp !== undefined || isFinished(jobEvidence(job)),
  };
}

/** The name of a Lease; what could not be one names nobody. */
const identityForm = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

export function supervisorOf(job: Job): string | null {
  const supervisor = job.metadata?.annotations?.[annotations.supervisor];
  return supervisor !== undefined && identityForm.test(supervisor) ? supervisor : null;
}

/** Ended, and with no container that may still run: a terminating pod keeps the slot. */
export function isOver(job: Job, pods: readonly Pod[]): boolean {
  return isFinished(jobEvidence(job)) && pods.every(({ status }) => podIsOver(status));
}

function isAtIt(own: { readonly endedAt: number | null } | undefined, now: number): boolean {
  return own !== undefined && (own.endedAt === null || now - own.endedAt < harvestSeconds * 1000);
}

export type Supervised =
  /** `unknown`: it could not be asked, so it may be. */
  | { readonly kind: "yes" | "unknown" }
  /** Its supervisor's Lease ran out so many seconds ago; `null`: there is no Lease. */
  | { readonly kind: "no"; readonly forSeconds: number | null };

/**
 * Whether somebody is at this Job. A Lease that has only just expired is read again: the API server may have been out
 * of everybody's reach, and its supervisor lives and renews as soon as it can.
 */
export async function supervisedBy(
  { leases, clock, identity, active, starting }: RunnerContext,
  job: Job,
  signal: AbortSignal,
): Promise<Supervised> {
  const supervisor = supervisorOf(job);
  if (supervisor === null) return nobody;
  const attempt = job.metadata?.annotations?.[annotations.attempt] ?? "";
  if (supervisor === identity && (starting.has(attempt) || starting.has(job.metadata?.uid ?? "")))
    return { kind: "yes" };
  if (supervisor === identity)
    return isAtIt(active.get(job.metadata?.uid ?? ""), clock.now()) ? { kind: "yes" } : nobody;
  const namespace = job.metadata?.namespace ?? "";
  const first = await leases.liveness(namespace, supervisor, signal);
  if (first.kind !== "expired") return toSupervised(first);
  if (first.forSeconds === null || first.forSeconds > confirmLeaseBelowSeconds) return toSupervised(first);
  await clock.sleep(confirmLeaseMilliseconds, signal);
  return toSupervised(await leases.liveness(namespace, supervisor, signal));
}

const nobody: Supervised = { kind: "no", forSeconds: null };

function toSupervised(liveness: Liveness): Supervised {
  if (liveness.kind === "expired") return { kind: "no", forSeconds: liveness.forSeconds };
  return { kind: liveness.kind === "current" ? "yes" : "unknown" };
}

/** What cannot be asked must never count as dead. */
export async function isSupervised(context: RunnerContext, job: Job, signal: AbortSignal): Promise<boolean> {
  return (await supervisedBy(context, job, signal)).kind !== "no";
}
