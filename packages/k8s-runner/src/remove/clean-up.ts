/** After the ending was told: payload Secrets at once, the Job when its time has come. Resolves only when that is so. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import { ClusterRequestError } from "../errors.ts";
import { annotations, longestNote } from "../manifest/names.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { jobState } from "../observe/job-state.ts";
import { payloadSecretsOf } from "../manifest/payload-names.ts";
import type { CleanUpOptions, RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { cleanUpSeconds } from "../timings.ts";
import { endKeepers } from "./end-keepers.ts";
import { endOthers } from "./end-others.ts";
import { heldJob, removeNamed, removePodsOf } from "./wait-until-gone.ts";
import type { Remainder } from "./wait-until-gone.ts";
import { patiently } from "../async/patience.ts";
import { leaveCapOf } from "../start/cap-place.ts";
import { removeJob } from "./remove-job.ts";

/** Rejects with `ClusterRequestError` when something is left; it may be called again then. */
export async function cleanUpRun(
  context: RunnerContext,
  ref: RunRef,
  job: Job,
  { keepJobSeconds, note }: CleanUpOptions,
): Promise<void> {
  const until = context.clock.now() + cleanUpSeconds * 1000;
  const secrets = payloadSecretsOf(job);
  const refused = await removeSecrets(context, ref, secrets, until);
  const kept = keepJobSeconds === 0 ? null : await keepJob(context, ref, { keepJobSeconds, note }, until);
  const jobLeft =
    kept === null || kept === "unfinished" ? await removeJobAndPods(context, ref, job, until) : kept.left;
  // Secrets that we may not delete go with the Job that owns them; to see that would take the right to read every Secret.
  const left = jobLeft ?? refused;
  if (jobLeft === null) await leaveCapOf(context, job);
  if (left !== null) throw toError(ref, left);
}

async function removeSecrets(
  context: RunnerContext,
  { namespace }: RunRef,
  names: readonly string[],
  until: number,
): Promise<Remainder | null> {
  const results = await Promise.all(
    names.map((name) => removeNamed(context, { resource: "secrets", namespace, name }, until)),
  );
  const left = results.filter((result) => result !== null);
  const first = left[0];
  return first === undefined ? null : { ...first, objects: left.flatMap(({ objects }) => objects) };
}

async function removeJobAndPods(
  context: RunnerContext,
  ref: RunRef,
  job: Job,
  until: number,
): Promise<Remainder | null> {
  const { clock, closing } = context;
  const { namespace, jobName: name, jobUid: uid } = ref;
  await endKeepers(context, ref, job);
  const goneSeconds = Math.max(0, (until - clock.now()) / 1000);
  const removal = await removeJob(context, { namespace, name, uid }, closing, {
    goneSeconds,
  });
  const objects = [`jobs/${name}`];
  if (removal.kind === "failed")
    return { verb: removal.verb, resource: "jobs", objects, error: removal.error };
  if (removal.kind === "held")
    return {
      verb: "delete",
      resource: "jobs",
      objects,
      error: await heldJob(context, ref, removal.finalizers),
    };
  return removePodsOf(context, ref, until);
}

/**
 * `unfinished`: a queue has suspended it. Its time to live never begins, it would keep its place in the queue, and be given a new pod
 * when its turn comes again.
 */
async function keepJob(
  context: RunnerContext,
  ref: RunRef,
  { keepJobSeconds, note }: { readonly [Name in keyof CleanUpOptions]: CleanUpOptions[Name] | undefined },
  until: number,
): Promise<{ readonly left: Remainder | null } | "unfinished"> {
  const { cluster, clock, closing, serverTime } = context;
  const { namespace, jobName, jobUid } = ref;
  const body = {
    metadata: {
      uid: jobUid,
      annotations: {
        [annotations.concludedAt]: serverTime.iso(),
        ...(note !== undefined && note.length <= longestNote && { [annotations.note]: note }),
      },
    },
    ...(keepJobSeconds === undefined ? {} : { spec: { ttlSecondsAfterFinished: Math.ceil(keepJobSeconds) } }),
  };
  const seconds = Math.max(0, (until - clock.now()) / 1000);
  const answer = await patiently({ clock, signal: closing, seconds }, () =>
    cluster.patch("jobs", namespace, jobName, body, { signal: closing }),
  );
  if (answer.kind === "ok") {
    if (jobState(jobEvidence(answer.value)).kind === "suspended") return "unfinished";
    return { left: await endOthers(context, ref) };
  }
  if (isGone(answer.error)) return { left: await removePodsOf(context, ref, until) };
  return {
    left: { verb: "patch", resource: "jobs", objects: [`jobs/${jobName}`], error: answer.error },
  };
}

/** Removed by its time to live or by somebody, or another one by now: nothing is left to keep, but perhaps a pod that it orphaned. */
function isGone({ kind }: ApiError): boolean {
  return kind === "not-found" || kind === "conflict";
}

function toError({ namespace }: RunRef, { verb, resource, objects, error }: Remainder): ClusterRequestError {
  return new ClusterRequestError(verb, resource, namespace, error, {
    remedy: remedyFor(error, verb, resource, namespace),
    remaining: objects,
  });
}

function remedyFor(error: ApiError, verb: string, resource: string, namespace: string): string {
  switch (error.kind) {
    case "forbidden":
      return `allow ${verb} on ${resource} in namespace ${namespace} (roleManifest makes the Role), then clean up again`;
    case "unauthorized":
      return "renew the credentials of the kubeconfig, then clean up again";
    case "conflict":
      return "see what holds it: a pod on a node that does not answer, or a finalizer; then clean up again";
    case "not-found":
    case "already-exists":
    case "gone":
    case "rejected":
    case "unavailable":
      return "clean up again; what is left goes with the Job's time to live";
  }
}
