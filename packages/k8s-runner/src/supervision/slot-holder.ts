/** What a Job says of the run that it is of, and of who has its slot. Pure: whether somebody lives is asked elsewhere. */

import type { Job, Pod } from "../cluster/wire.ts";
import { annotations } from "../manifest/names.ts";
import type { Seals } from "../manifest/seal.ts";
import { podIsOver } from "../observe/containers.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { isFinished } from "../observe/job-state.ts";
import type { RunFailure, SlotHolder } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";

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
export function foreignFailure({ seals }: { readonly seals: Seals }, job: Job): RunFailure | null {
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
    podName: null,
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
