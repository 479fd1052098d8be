/** From a spec to a run: claim the slot, hand over the payload, let it go. */

import { isoTime } from "../clock.ts";
import type { Job } from "../cluster/wire.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import type { RunFailure } from "../types/exit.ts";
import type { RunStart, StartOptions } from "../types/run.ts";
import type { RunSpec } from "../types/spec.ts";
import { validateRunSpec } from "../validate.ts";
import { claimSlot } from "./claim.ts";
import { replayOf } from "../follow/run-output.ts";
import { reachSeconds } from "../async/patience.ts";
import type { RunnerContext } from "../runner-context.ts";
import { createEventQueue } from "../async/event-queue.ts";
import { refusal } from "./refusal.ts";
import { refOf } from "../supervision/slot-holder.ts";
import { recreate } from "../follow/recreate.ts";
import { releaseJob } from "./release.ts";
import { removeJob } from "../remove/remove-job.ts";
import { makeRun } from "../follow/run.ts";

/** Rejects with `InvalidRunSpecError`, or the reason of an abort. */
export async function startRun(
  context: RunnerContext,
  spec: RunSpec,
  options: StartOptions,
): Promise<RunStart> {
  const taken = new Set<string>();
  const taking = (key: string): void => {
    taken.add(key);
    context.starting.add(key);
  };
  try {
    return await take(context, spec, options, taking);
  } finally {
    for (const key of taken) context.starting.delete(key);
  }
}

async function take(
  context: RunnerContext,
  spec: RunSpec,
  options: StartOptions,
  taking: (key: string) => void,
): Promise<RunStart> {
  const { clock, closing } = context;
  validateRunSpec(spec);
  const signal = options.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
  const events = createEventQueue(options.onEvent);
  const emit = (event: RunEventBody): void => events.push({ ...event, at: isoTime(clock) });
  context.watches.in(spec.namespace);
  const held = await holdLease(context, spec, signal, emit);
  if (held !== null) return { kind: "refused", failure: held, evidence: null };

  const claim = await claimSlot(context, spec, {
    waitSeconds: options.waitSeconds ?? 0,
    onWait: options.onWait ?? (() => undefined),
    taking,
    signal,
  });
  if (claim.kind === "busy") return claim;
  if (claim.kind === "refused") return { ...claim, evidence: null };
  const ref = refOf(claim.job);
  if (claim.kind === "adopted") {
    const { previousSupervisor } = claim;
    const replay = await replayOf(context, ref.jobUid, null);
    emit({ type: "job-adopted", jobName: ref.jobName, previousSupervisor, replay });
    return {
      kind: "adopted",
      run: makeRun(context, { ref, job: claim.job, events, cursor: null, observe: false }),
    };
  }
  emit({ type: "job-created", jobName: ref.jobName });
  const release = await released();
  if (release.kind === "failed") return { kind: "refused", failure: release.failure, evidence: null };
  emit({ type: "job-released", jobName: ref.jobName });
  return {
    kind: "started",
    run: makeRun(context, { ref, job: release.job, events, cursor: null, observe: false }, (before, ended) =>
      recreate(context, spec, before.ref, ended, events),
    ),
  };

  /** A Job that will not be released must not keep the slot. */
  async function released() {
    if (claim.kind !== "created") throw new TypeError("only a created Job is released");
    try {
      const result = await releaseJob(context, spec, claim, signal);
      if (result.kind === "released") return result;
      await abandon();
      if (result.kind === "changed") return { kind: "failed" as const, failure: changedFailure(result.job) };
      const { verb, resource, error } = result;
      const attempted = {
        verb,
        resource,
        namespace: spec.namespace,
        server: context.cluster.server,
        triedSeconds: reachSeconds,
      };
      return { kind: "failed" as const, failure: refusal(error, attempted) };
    } catch (error) {
      await abandon();
      throw error;
    }
  }
  function abandon() {
    const { namespace, jobName: name, jobUid: uid } = ref;
    return removeJob(context, { namespace, name, uid }, AbortSignal.timeout(10_000)).catch(() => undefined);
  }
}

function changedFailure(job: Job): RunFailure {
  const { namespace, jobName } = refOf(job);
  const createdAt = job.metadata?.creationTimestamp ?? null;
  const reason = "its pod template was changed between its creation and its release";
  return { kind: "slot-foreign", jobName, namespace, reason, createdAt };
}

/** A Job without a current Lease behind it would be taken over at once. Where Leases are forbidden, nothing is ever taken over. */
async function holdLease(
  context: RunnerContext,
  { namespace }: RunSpec,
  signal: AbortSignal,
  emit: (event: RunEventBody) => void,
): Promise<RunFailure | null> {
  const error = await context.leases.hold(namespace, signal);
  if (error === null) return null;
  if (error.kind === "forbidden") {
    emit({ type: "warning", message: `runs of dead processes cannot be taken over: ${error.message}` });
    return null;
  }
  const attempted = {
    verb: "create",
    resource: "leases",
    namespace,
    server: context.cluster.server,
    triedSeconds: reachSeconds,
  };
  return refusal(error, attempted);
}
