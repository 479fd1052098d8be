/** Single flight: the Job's fixed name is the lock, its creation takes it. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import { annotations, jobNameOf, newAttempt } from "../manifest/names.ts";
import type { Payload } from "../manifest/payload.ts";
import type { RunFailure, SlotHolder } from "../types/exit.ts";
import type { CapWait } from "../types/run.ts";
import type { RunSpec } from "../types/spec.ts";
import { adoptJob } from "./adopt.ts";
import type { Adoption } from "./adopt.ts";
import type { RunnerContext } from "../runner-context.ts";
import { enterCap, leaveCap } from "./cap-place.ts";
import { planBody } from "./plan-body.ts";
import { refusal } from "./refusal.ts";
import { findLeftPods } from "./left-pods.ts";
import { foreignFailure, holderOf, refOf } from "../supervision/slot-holder.ts";
import { supervisedBy } from "../supervision/supervised.ts";
import { occupancy } from "./slot-state.ts";
import { patiently } from "../async/patience.ts";
import { forgetMilliseconds, reachSeconds, slotLookMilliseconds } from "../timings.ts";
import { removeJob } from "../remove/remove-job.ts";

export interface ClaimOptions {
  readonly waitSeconds: number;
  readonly onWait: (holder: SlotHolder, waitedSeconds: number, position: number) => void;
  readonly onCap: (wait: CapWait) => void;
  /** Told the attempt, and the UID of a Job that is about to be adopted. */
  readonly taking: (key: string) => void;
  readonly signal: AbortSignal;
}

export type Claim =
  | { readonly kind: "created"; readonly job: Job; readonly payload: Payload }
  | Extract<Adoption, { kind: "adopted" }>
  | { readonly kind: "busy"; readonly holder: SlotHolder; readonly waitedSeconds: number }
  | { readonly kind: "refused"; readonly failure: RunFailure };

export async function claimSlot(
  context: RunnerContext,
  spec: RunSpec,
  options: ClaimOptions,
): Promise<Claim> {
  const { clock } = context;
  const { signal } = options;
  const attempt = newAttempt();
  options.taking(attempt);
  const planned = planBody(context, spec, attempt);
  if (planned.kind === "violated")
    return { kind: "refused", failure: { kind: "policy-violated", violations: planned.violations } };
  const { body, payload } = planned;
  const startedAt = clock.now();
  const place = context.lines.join(spec.namespace, spec.slot);
  const claim = async (): Promise<Claim> => {
    for (;;) {
      if (place.holder() === null || place.position() === 1) {
        const tried = await attemptClaim();
        if (tried.kind === "free") continue;
        if (tried.kind !== "held") return tried;
        place.see(tried.holder);
      }
      const holder = place.holder();
      if (holder === null) continue;
      const waitedSeconds = (clock.now() - startedAt) / 1000;
      if (waitedSeconds >= options.waitSeconds) return { kind: "busy", holder, waitedSeconds };
      options.onWait(holder, waitedSeconds, place.position());
      const leftMilliseconds = (options.waitSeconds - waitedSeconds) * 1000;
      await clock.sleep(Math.min(slotLookMilliseconds, Math.max(50, leftMilliseconds)), signal);
    }
  };
  async function attemptClaim(): Promise<Claim | Extract<Found, { kind: "free" | "held" }>> {
    const look = () => lookAt(context, spec, { attempt, taking: options.taking }, signal);
    const ifAlone = (job: Job) => claimedAlone(context, spec, { job, payload }, signal);
    const waitsForPod = place.holder()?.podName != null;
    if (spec.cap !== undefined || waitsForPod) {
      // What lives already needs no place of its own.
      const found = await look();
      if (found.kind !== "free") return found.kind === "mine" ? ifAlone(found.job) : found;
      // No Job is made and removed again every few seconds while a pod is waited for.
      const left = waitsForPod ? await findLeftPods(context, spec, null, signal) : null;
      if (left?.kind === "held") return left;
      const failure = await enterCap(context, spec, attempt, options);
      if (failure !== null) return { kind: "refused", failure };
    }
    const answer = await createJob(context, spec.namespace, body, signal);
    if (answer.kind === "error" && answer.error.kind !== "already-exists")
      return refused(context, spec, "create", answer.error);
    const found = answer.kind === "ok" ? ({ kind: "mine", job: answer.value } as const) : await look();
    const claimed = found.kind === "mine" ? await ifAlone(found.job) : found;
    // Somebody has the slot now, and no place is kept while it is waited for.
    if (claimed.kind !== "created") await leaveCap(context, spec, attempt);
    return claimed;
  }
  let settled = false;
  let created = false;
  try {
    const result = await claim();
    created = result.kind === "created";
    settled = result.kind !== "refused" || result.failure.kind !== "api-unreachable";
    return result;
  } finally {
    place.leave();
    if (!settled) await forget(context, spec, attempt);
    if (!created) await leaveCap(context, spec, attempt);
  }
}

/** Its name was free; what an earlier Job has left may run all the same, and is not run beside. */
async function claimedAlone(
  context: RunnerContext,
  spec: RunSpec,
  { job, payload }: { readonly job: Job; readonly payload: Payload },
  signal: AbortSignal,
): Promise<Extract<Claim, { kind: "created" | "refused" }> | Extract<Found, { kind: "held" }>> {
  const { namespace, jobName: name, jobUid: uid } = refOf(job);
  const left = await findLeftPods(context, spec, uid, signal);
  if (left.kind === "none") return { kind: "created", job, payload };
  // Suspended as it is it could never run, but would keep the slot.
  const removed = await removeJob(context, { namespace, name, uid }, signal);
  if (left.kind === "error") return refused(context, spec, "list", left.error, "pods");
  return removed.kind === "failed" ? refused(context, spec, removed.verb, removed.error) : left;
}

/** A creation whose answer nobody waited for may have been carried out: its Job would keep the slot and never run. */
async function forget(context: RunnerContext, { namespace, slot }: RunSpec, attempt: string): Promise<void> {
  const signal = AbortSignal.timeout(forgetMilliseconds);
  try {
    const answer = await context.cluster.get("jobs", namespace, jobNameOf(slot), { signal });
    if (answer.kind === "error" || answer.value.metadata?.annotations?.[annotations.attempt] !== attempt)
      return;
    if (foreignFailure(context, answer.value) !== null) return;
    const { jobName, jobUid } = refOf(answer.value);
    await removeJob(context, { namespace, name: jobName, uid: jobUid }, signal);
  } catch {
    // Out of reach: the sweep finds it.
  }
}

/** A reply that got lost is no second Job: the repeated request meets the first one's Job, and knows it by its attempt. */
function createJob(context: RunnerContext, namespace: string, job: Job, signal: AbortSignal) {
  const { cluster, clock } = context;
  return patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.create("jobs", namespace, job, { signal }),
  );
}

type Found =
  | { readonly kind: "mine"; readonly job: Job }
  | { readonly kind: "free" }
  | { readonly kind: "held"; readonly holder: SlotHolder }
  | Extract<Claim, { kind: "adopted" | "refused" }>;

async function lookAt(
  context: RunnerContext,
  spec: RunSpec,
  { attempt, taking }: { readonly attempt: string; readonly taking: ClaimOptions["taking"] },
  signal: AbortSignal,
): Promise<Found> {
  const { cluster, clock } = context;
  const name = jobNameOf(spec.slot);
  const answer = await patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.get("jobs", spec.namespace, name, { signal }),
  );
  if (answer.kind === "error")
    return answer.error.kind === "not-found" ? { kind: "free" } : refused(context, spec, "get", answer.error);
  const job = answer.value;
  if (job.metadata?.deletionTimestamp !== undefined) return { kind: "held", holder: holderOf(job, false) };
  const foreign = foreignFailure(context, job);
  if (foreign !== null) return { kind: "refused", failure: foreign };
  if (job.metadata?.annotations?.[annotations.attempt] === attempt) {
    // Whoever may write Jobs can have put a copy in its place, with a pod of his own. Where that matters it is made again.
    return context.seals.checked ? makeRoom(context, spec, job, signal) : { kind: "mine", job };
  }
  const supervised = await supervisedBy(context, job, signal);
  const state = await occupancy(context, job, { supervised, adopt: adoptionOf(spec, job) }, signal);
  switch (state) {
    case "held":
      return { kind: "held", holder: holderOf(job, supervised.kind !== "no") };
    case "over":
      return makeRoom(context, spec, job, signal);
    case "orphaned": {
      taking(job.metadata?.uid ?? "");
      const { runId, labels, adoptionAnnotations } = spec;
      const adopted = await adoptJob(
        context,
        job,
        { runId, labels, annotations: adoptionAnnotations },
        signal,
      );
      if (adopted.kind === "error") return refused(context, spec, "patch", adopted.error);
      return adopted.kind === "lost" ? { kind: "free" } : adopted;
    }
  }
}

/** A slot may stand for several pieces of work: a run of another one is none to take over. */
function adoptionOf({ adopt = "when-orphaned", adoptOnlyWith = {} }: RunSpec, { metadata }: Job) {
  const fits = Object.entries(adoptOnlyWith).every(([key, value]) => metadata?.labels?.[key] === value);
  return fits ? adopt : "never";
}

async function makeRoom(
  context: RunnerContext,
  spec: RunSpec,
  job: Job,
  signal: AbortSignal,
): Promise<Extract<Found, { kind: "free" | "refused" }>> {
  const { namespace, jobName, jobUid } = refOf(job);
  const { resourceVersion } = job.metadata ?? {};
  const target = {
    namespace,
    name: jobName,
    uid: jobUid,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const removed = await removeJob(context, target, signal);
  return removed.kind === "failed" ? refused(context, spec, removed.verb, removed.error) : { kind: "free" };
}

function refused(
  { cluster }: RunnerContext,
  { namespace }: RunSpec,
  verb: string,
  error: ApiError,
  resource: "jobs" | "pods" = "jobs",
): Extract<Claim, { kind: "refused" }> {
  const attempted = { verb, resource, namespace, server: cluster.server };
  return { kind: "refused", failure: refusal(error, attempted) };
}
