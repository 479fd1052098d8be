/** From a spec to a run: claim the slot, hand over the payload, let it go. */

import { isoTime } from "../clock.ts";
import type { ApiError } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import type { RunFailure } from "../types/exit.ts";
import type { RunStart, StartOptions } from "../types/run.ts";
import type { RunSpec } from "../types/spec.ts";
import { validateRunSpec } from "../validate.ts";
import { annotations, labels } from "../manifest/names.ts";
import { claimSlot } from "./claim.ts";
import type { Claim } from "./claim.ts";
import { replayOf } from "../follow/run-output.ts";
import type { RunnerContext } from "../runner-context.ts";
import { createEventQueue } from "../async/event-queue.ts";
import type { EventQueue } from "../async/event-queue.ts";
import { linkSignals } from "../async/link-signals.ts";
import { abandonMilliseconds, releaseSeconds } from "../timings.ts";
import { refusal } from "./refusal.ts";
import { refOf } from "../supervision/slot-holder.ts";
import { recreate } from "../follow/recreate.ts";
import { releaseJob } from "./release.ts";
import type { Release } from "./release.ts";
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
  const events = createEventQueue(options.onEvent);
  const emit = (event: RunEventBody): void => events.push({ ...event, at: isoTime(clock) });
  context.watches.in(spec.namespace);
  // Not `AbortSignal.any`: it would keep something of every start at a signal that lives as long as the process.
  const linked = linkSignals(options.signal === undefined ? [closing] : [closing, options.signal]);
  const { signal } = linked;
  try {
    const held = await holdLease(context, spec, signal, emit);
    if (held !== null) return { kind: "refused", failure: held, evidence: null };
    const claim = await claimSlot(context, spec, {
      waitSeconds: options.waitSeconds ?? 0,
      onWait: options.onWait ?? (() => undefined),
      onCap: options.onCap ?? (() => undefined),
      taking,
      signal,
    });
    if (claim.kind === "busy") return claim;
    if (claim.kind === "refused") return { ...claim, evidence: null };
    const { jobName, jobUid } = refOf(claim.job);
    if (claim.kind === "created") {
      emit({ type: "job-created", jobName });
      return await release(context, { spec, claim, events, emit, signal });
    }
    const { job, previousSupervisor, previous } = claim;
    const replay = await replayOf(context, jobUid, null);
    emit({ type: "job-adopted", jobName, previousSupervisor, replay });
    const run = makeRun(context, {
      ref: refOf(job),
      job,
      events,
      cursor: null,
      observe: false,
      copies: spec.copies,
    });
    return { kind: "adopted", run, previous };
  } finally {
    linked.release();
  }
}

interface Releasing {
  readonly spec: RunSpec;
  readonly claim: Extract<Claim, { kind: "created" }>;
  readonly events: EventQueue;
  readonly emit: (event: RunEventBody) => void;
  readonly signal: AbortSignal;
}

/** A Job that will not be released must not keep the slot; one that may have been is followed until nothing of it can run. */
async function release(context: RunnerContext, releasing: Releasing): Promise<RunStart> {
  const { spec, claim, events, emit, signal } = releasing;
  const ref = refOf(claim.job);
  const { copies } = spec;
  const supervised = {
    ref,
    job: claim.job,
    events,
    cursor: null,
    observe: false,
    fresh: true,
    copies,
  } as const;
  try {
    const released = await releaseJob(context, spec, claim, signal);
    if (released.kind === "released") {
      emit({ type: "job-released", jobName: ref.jobName });
      const run = makeRun(context, { ...supervised, job: released.job }, (before, ended) =>
        recreate(context, spec, before.ref, ended, events),
      );
      return { kind: "started", run };
    }
    const failure = failureOf(context, spec, released);
    if (await abandon(context, claim.job)) return { kind: "refused", failure, evidence: null };
    return { kind: "started", run: makeRun(context, { ...supervised, giveUp: failure }) };
  } catch (error) {
    if ((await abandon(context, claim.job)) || context.closing.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return {
      kind: "started",
      run: makeRun(context, { ...supervised, stop: { by: "caller", reason } }),
    };
  }
}

function failureOf(
  { cluster }: RunnerContext,
  spec: RunSpec,
  released: Exclude<Release, { kind: "released" }>,
): RunFailure {
  if (released.kind === "place-lost") return lostPlace(spec);
  if (released.kind === "changed") return changedFailure(released.job);
  const { namespace } = spec;
  const { verb, resource, error } = released;
  // Secrets are missed for want of their namespace, a Job that was claimed only after somebody has deleted it.
  if (resource === "jobs" && isGoneOrReplaced(error))
    return { kind: "deleted-externally", object: "job", by: null, lastSeen: null };
  const attempted = { verb, resource, namespace, server: cluster.server, triedSeconds: releaseSeconds };
  return refusal(error, attempted);
}

/** There is no such Job any more, or one of its name with another UID, which a patch would change. */
function isGoneOrReplaced({ kind, causes }: ApiError): boolean {
  return kind === "not-found" || causes.some(({ field }) => field === "metadata.uid");
}

/** Whether the Job was seen to be gone, and with it everything that it could have started. */
async function abandon(context: RunnerContext, job: Job): Promise<boolean> {
  const { namespace, jobName: name, jobUid: uid } = refOf(job);
  try {
    const target = { namespace, name, uid };
    const removal = await removeJob(context, target, AbortSignal.timeout(abandonMilliseconds));
    if (removal.kind !== "gone") return false;
    await leaveAbandoned(context, job);
    return true;
  } catch {
    return false;
  }
}

function lostPlace({ cap, namespace }: RunSpec): RunFailure {
  const message =
    `the place under the cap ${cap?.name ?? ""} in namespace ${namespace} was given to another run,` +
    " as this process could not renew its Lease for too long";
  return { kind: "quota-exceeded", message };
}

/** Whether or not it had been filled. */
async function leaveAbandoned(context: RunnerContext, job: Job): Promise<void> {
  const hash = job.metadata?.labels?.[labels.cap];
  const ticket = job.metadata?.annotations?.[annotations.attempt];
  if (hash === undefined || ticket === undefined) return;
  await context.caps.leave({ namespace: refOf(job).namespace, hash, ticket });
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
  };
  return refusal(error, attempted);
}
