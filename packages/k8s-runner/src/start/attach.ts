/** Going on with a Job that exists. */

import type { Job } from "../cluster/wire.ts";
import { isoTime } from "../clock.ts";
import { jobNameOf } from "../manifest/names.ts";
import type { RunFailure } from "../types/exit.ts";
import type { LogCursor, Runner, RunStart } from "../types/run.ts";
import { adoptJob, adoptedJob } from "./adopt.ts";
import type { RunnerContext } from "../runner-context.ts";
import { createEventQueue } from "../async/event-queue.ts";
import type { EventQueue } from "../async/event-queue.ts";
import { linkSignals } from "../async/link-signals.ts";
import { refusal } from "./refusal.ts";
import { foreignFailure, holderOf, refOf } from "../supervision/slot-holder.ts";
import { isSupervised } from "../supervision/supervised.ts";
import { replayOf } from "../follow/run-output.ts";
import { patiently } from "../async/patience.ts";
import { makeRun } from "../follow/run.ts";
import { confirmMissingMilliseconds, reachSeconds, slotLookMilliseconds } from "../timings.ts";

export type AttachTarget = Parameters<Runner["attach"]>[0];
export type AttachOptions = NonNullable<Parameters<Runner["attach"]>[1]>;

export async function attachRun(
  context: RunnerContext,
  target: AttachTarget,
  options: AttachOptions,
): Promise<RunStart> {
  const { closing } = context;
  // Not `AbortSignal.any`: it would keep something of every call at a signal that lives as long as the process.
  const linked = linkSignals(options.signal === undefined ? [closing] : [closing, options.signal]);
  try {
    return await takeOver(context, target, options, linked.signal);
  } finally {
    linked.release();
  }
}

async function takeOver(
  context: RunnerContext,
  target: AttachTarget,
  options: AttachOptions,
  signal: AbortSignal,
): Promise<RunStart> {
  const { clock } = context;
  const events = createEventQueue();
  const cursor = options.cursor ?? null;
  const begunAt = clock.now();
  context.watches.in(target.namespace);
  for (;;) {
    const found = await findJob(context, target, signal);
    if (found.kind === "refused") return { ...found, evidence: null };
    const { job } = found;
    const foreign = foreignFailure(context, job);
    if (foreign !== null) return { kind: "refused", failure: foreign, evidence: null };
    if (options.observe === true) return observed(context, job, events, cursor);
    if (await isSupervised(context, job, signal)) {
      const waitedSeconds = (clock.now() - begunAt) / 1000;
      const leftMilliseconds = ((options.waitSeconds ?? 0) - waitedSeconds) * 1000;
      if (leftMilliseconds <= 0) return { kind: "busy", holder: holderOf(job, true), waitedSeconds };
      await clock.sleep(Math.min(slotLookMilliseconds, leftMilliseconds), signal);
      continue;
    }
    const held = await context.leases.hold(target.namespace, signal);
    if (held !== null && held.kind !== "forbidden")
      return refusedBy(context, target.namespace, "create", "leases", held);
    const adopted = await adoptJob(context, job, { runId: options.runId }, signal);
    if (adopted.kind === "error") return refusedBy(context, target.namespace, "patch", "jobs", adopted.error);
    if (adopted.kind === "lost") continue;
    const ref = refOf(adopted.job);
    events.push({
      type: "job-adopted",
      at: isoTime(clock),
      jobName: ref.jobName,
      previousSupervisor: adopted.previousSupervisor,
      replay: await replayOf(context, ref.jobUid, cursor),
    });
    return {
      kind: "adopted",
      previous: adopted.previous,
      run: makeRun(context, {
        ref,
        job: adopted.job,
        events,
        cursor,
        observe: false,
        copies: options.copies,
      }),
    };
  }
}

function observed(context: RunnerContext, job: Job, events: EventQueue, cursor: LogCursor | null): RunStart {
  return {
    kind: "adopted",
    previous: adoptedJob(job),
    run: makeRun(context, { ref: refOf(job), job, events, cursor, observe: true }),
  };
}

type FoundJob =
  | { readonly kind: "found"; readonly job: Job }
  | { readonly kind: "refused"; readonly failure: RunFailure };

/** One replica of the API server may be behind, before the Job's creation: what is missing must be missing twice, and in a list. */
async function findJob(context: RunnerContext, target: AttachTarget, signal: AbortSignal): Promise<FoundJob> {
  for (;;) {
    const found = await lookForJob(context, target, signal);
    if (!isMissing(found)) return found;
    await context.clock.sleep(confirmMissingMilliseconds, signal);
    const again = await lookForJob(context, target, signal);
    if (!isMissing(again) || !(await isListed(context, target, signal))) return again;
  }
}

function isMissing(found: FoundJob): boolean {
  return found.kind === "refused" && found.failure.kind === "reattach-failed";
}

async function isListed(
  { cluster, clock }: RunnerContext,
  target: AttachTarget,
  signal: AbortSignal,
): Promise<boolean> {
  const selection = { fieldSelector: `metadata.name=${nameOf(target)}` };
  const answer = await patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.list("jobs", target.namespace, selection, { signal }),
  );
  if (answer.kind === "error") return false;
  const uid = "jobUid" in target ? target.jobUid : null;
  return answer.value.items.some(({ metadata }) => uid === null || metadata?.uid === uid);
}

function nameOf(target: AttachTarget): string {
  return "slot" in target ? jobNameOf(target.slot) : target.jobName;
}

async function lookForJob(
  context: RunnerContext,
  target: AttachTarget,
  signal: AbortSignal,
): Promise<FoundJob> {
  const { cluster, clock } = context;
  const { namespace } = target;
  const name = nameOf(target);
  const answer = await patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.get("jobs", namespace, name, { signal }),
  );
  if (answer.kind === "error" && answer.error.kind !== "not-found") {
    const attempted = { verb: "get", resource: "jobs", namespace, server: cluster.server };
    return { kind: "refused", failure: refusal(answer.error, attempted) };
  }
  const uid = "jobUid" in target ? target.jobUid : null;
  if (answer.kind === "error" || (uid !== null && answer.value.metadata?.uid !== uid)) {
    const message = `there is no Job ${namespace}/${name}${uid === null ? "" : ` with UID ${uid}`}`;
    return { kind: "refused", failure: { kind: "reattach-failed", message } };
  }
  return { kind: "found", job: answer.value };
}

function refusedBy(
  { cluster }: RunnerContext,
  namespace: string,
  verb: string,
  resource: string,
  error: Parameters<typeof refusal>[0],
): RunStart {
  const attempted = { verb, resource, namespace, server: cluster.server };
  return { kind: "refused", failure: refusal(error, attempted), evidence: null };
}
