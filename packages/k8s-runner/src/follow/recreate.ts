/** A pod that the cluster took away before it did anything may be made again: once, and visibly. */

import { isoTime } from "../clock.ts";
import { newAttempt } from "../manifest/names.ts";
import type { RunExit } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunSpec } from "../types/spec.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { EventQueue } from "../async/event-queue.ts";
import { refOf } from "../supervision/slot-holder.ts";
import { patiently } from "../async/patience.ts";
import { releaseSeconds } from "../timings.ts";
import { findLeftPods } from "../start/left-pods.ts";
import { planBody } from "../start/plan-body.ts";
import { releaseJob } from "../start/release.ts";
import { removeJob } from "../remove/remove-job.ts";
import type { SuperviseOptions } from "./watchman.ts";

const takenAway: ReadonlySet<string> = new Set([
  "evicted",
  "preempted",
  "drained",
  "node-shutdown",
  "node-lost",
  "node-refused",
]);

/**
 * Only when it is certain that nothing would be repeated: the command never ran, or its whole log was read and is empty.
 * A pod that used more than its limits would only do so again.
 */
export function mayRecreate(exit: RunExit): exit is Extract<RunExit, { kind: "failed" }> {
  if (exit.kind !== "failed" || !takenAway.has(exit.failure.kind)) return false;
  if (exit.failure.kind === "evicted" && exit.failure.overLimit) return false;
  // It has ended well, even if it was cut off: once more would be twice.
  if (exit.exitCode === 0) return false;
  return !exit.started || (exit.evidence.logComplete && exit.evidence.outputBytes === 0);
}

/** `null`: it cannot be had again; the ending stands. */
export async function recreate(
  context: RunnerContext,
  spec: RunSpec,
  before: RunRef,
  exit: Extract<RunExit, { kind: "failed" }>,
  events: EventQueue,
): Promise<SuperviseOptions | null> {
  const { cluster, clock, closing } = context;
  const { namespace, jobName: name, jobUid: uid } = before;
  const planned = planBody(context, spec, newAttempt());
  if (planned.kind === "violated") return null;
  const { body, payload } = planned;
  const removed = await removeJob(context, { namespace, name, uid }, closing);
  if (removed.kind !== "gone" && removed.kind !== "changed") return null;
  const answer = await patiently({ clock, signal: closing, seconds: releaseSeconds }, () =>
    cluster.create("jobs", namespace, body, { signal: closing }),
  );
  // Somebody else has the slot by now.
  if (answer.kind === "error") return null;
  const ref = refOf(answer.value);
  // The Job before may have been deleted by somebody, and its pod left behind.
  const left = await findLeftPods(context, spec, ref.jobUid, closing);
  const release =
    left.kind === "none"
      ? await releaseJob(context, spec, { job: answer.value, payload }, closing, before)
      : left;
  const { copies } = spec;
  const again = { ref, events, cursor: null, observe: false, fresh: true, copies } as const;
  if (release.kind !== "released") {
    const removal = await removeJob(context, { namespace, name, uid: ref.jobUid }, closing);
    // It may run all the same: the ending stands only when it is certain that it does not.
    return removal.kind === "gone" ? null : { ...again, job: answer.value, giveUp: exit.failure };
  }
  const podName = exit.evidence.pod?.name ?? null;
  events.push({ type: "pod-recreated", at: isoTime(clock), reason: exit.failure.kind, podName });
  return { ...again, job: release.job };
}
