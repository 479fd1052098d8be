/** Job → what it is doing and how it ended. Pure tables. */

import type { ConditionEvidence, EventEvidence, JobEvidence } from "../types/evidence.ts";
import type { RunFailure } from "../types/exit.ts";
import type { Ending } from "./pod-ending.ts";

export type JobState =
  /** Suspended: by a queue, or not released yet. */
  | { readonly kind: "suspended" }
  | { readonly kind: "active" }
  /** Its pod is being ended: keep reading, conclude nothing. */
  | { readonly kind: "ending"; readonly reason: string | null }
  | { readonly kind: "complete" }
  | { readonly kind: "failed"; readonly reason: string | null; readonly message: string | null };

export function jobState(job: JobEvidence): JobState {
  const failed = conditionOf(job, "Failed");
  if (failed !== null) return { kind: "failed", reason: failed.reason, message: failed.message };
  if (conditionOf(job, "Complete") !== null) return { kind: "complete" };
  const target = conditionOf(job, "FailureTarget");
  if (target !== null) return { kind: "ending", reason: target.reason };
  if (job.deletionTimestamp !== null) return { kind: "ending", reason: null };
  return job.suspended ? { kind: "suspended" } : { kind: "active" };
}

export function isFinished(job: JobEvidence): boolean {
  const { kind } = jobState(job);
  return kind === "complete" || kind === "failed";
}

/** Its controller has seen that it is suspended; the spec alone says what is wished. */
export function isSuspended(job: JobEvidence): boolean {
  return conditionOf(job, "Suspended") !== null;
}

export function finishedAt(job: JobEvidence): string | null {
  return (conditionOf(job, "Complete") ?? conditionOf(job, "Failed"))?.lastTransitionTime ?? null;
}

export function jobDeadlineExceeded(job: JobEvidence): boolean {
  return ["FailureTarget", "Failed"].some((type) => conditionOf(job, type)?.reason === "DeadlineExceeded");
}

/** When no pod can be read any more, the Job's own word. `null`: it has said nothing final. */
export function jobEnding(job: JobEvidence, deadlineSeconds: number | null): Ending | null {
  const state = jobState(job);
  // One completion is asked for, and it counts only when every container ended with 0.
  if (state.kind === "complete") return { kind: "exited", exitCode: 0, signal: null };
  if (state.kind !== "failed") return null;
  return unread(jobFailure(state.reason, state.message, deadlineSeconds));
}

function jobFailure(
  reason: string | null,
  message: string | null,
  deadlineSeconds: number | null,
): RunFailure {
  switch (reason) {
    case "DeadlineExceeded":
      return { kind: "job-deadline-exceeded", seconds: deadlineSeconds };
    case "BackoffLimitExceeded":
      // Its pod failed, and nobody of ours removed it.
      return { kind: "deleted-externally", object: "pod", by: null, lastSeen: null };
    case null:
    default:
      return { kind: "exit-unknown", message: message ?? `the Job failed: ${reason ?? "no reason given"}` };
  }
}

export function unread(failure: RunFailure, started = false): Ending {
  return { kind: "failed", failure, started, exitCode: null, signal: null };
}

/** Why a released Job has no pod: only its events tell. `null`: they do not. */
export function podCreationFailure(events: readonly EventEvidence[]): RunFailure | null {
  const event = events.findLast(
    ({ reason, object }) => reason === "FailedCreate" && object.startsWith("Job/"),
  );
  if (event === undefined) return null;
  const { message } = event;
  if (/exceeded quota/i.test(message)) return { kind: "quota-exceeded", message };
  const terminating = /in namespace (\S+) because it is being terminated/.exec(message)?.[1];
  if (terminating !== undefined) return { kind: "namespace-terminating", namespace: terminating, message };
  if (/error looking up service account|serviceaccount [^\n]{0,300} not found/i.test(message))
    return { kind: "service-account-missing", name: serviceAccountOf(message), message };
  return { kind: "admission-rejected", message };
}

function serviceAccountOf(message: string): string | null {
  return (
    /serviceaccount "([^"]+)"/i.exec(message)?.[1] ??
    /service account [^/\s]*\/([^\s:]+)/i.exec(message)?.[1] ??
    null
  );
}

function conditionOf(job: JobEvidence, type: string): ConditionEvidence | null {
  return job.conditions.find((condition) => condition.type === type && condition.status === "True") ?? null;
}
