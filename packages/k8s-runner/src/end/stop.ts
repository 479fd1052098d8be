/** Stopping a run: SIGTERM, grace, SIGKILL; the kubelet does it, we ask for it. */

import type { ApiError } from "../cluster/cluster.ts";
import { mainContainer } from "../manifest/names.ts";
import { isEndedByKubelet, isTakenAway, mainState } from "../observe/containers.ts";
import type { Ending } from "../observe/pod-ending.ts";
import { hasBegun } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import { startedMeanwhile } from "./given-up.ts";
import type { PodEvidence } from "../types/evidence.ts";
import type { RunExit, StopBy } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";

export interface StopRequest {
  readonly by: StopBy;
  readonly reason: string;
  readonly graceSeconds: number;
  /** The command had ended, as far as was known, before anything was asked of the cluster. */
  readonly tooLate: boolean;
  /** What was known then. */
  readonly before: View;
}

/**
 * The kubelet is told that the pod's time is up: it sends SIGTERM, waits the pod's own grace, kills, and keeps pod and
 * log. Deleting the pod instead would take the log away at the moment when the container ends, and with it what it said
 * last. But a kubelet that has begun to end a container with one grace does not take a shorter one any more, so a stop with less
 * than the pod's own has to begin with the deletion. Where nothing runs yet, the Job goes with everything that it might still
 * create. `null`: asked for, or gone.
 */
export async function askToStop(
  context: RunnerContext,
  ref: RunRef,
  view: View,
  request: StopRequest,
): Promise<ApiError | null> {
  if (view.pod === null || !hasBegun(view, mainContainer)) return preventStart(context, ref);
  if (request.graceSeconds < (view.podGraceSeconds ?? 0)) {
    const refused = await requestDeletion(context, ref, view.pod, request.graceSeconds);
    if (refused?.kind !== "forbidden") return refused;
  }
  const error = await endPod(context, ref, view.pod);
  if (error === null || error.kind === "unavailable") return error;
  return deletePod(context, ref, view.pod, request.graceSeconds);
}

/** The kubelet ends every container of the pod that still runs, and keeps the pod and its logs. `null`: asked for, or gone. */
export async function endPod(
  { cluster, closing }: RunnerContext,
  { namespace }: RunRef,
  { name, uid }: Pick<PodEvidence, "name" | "uid">,
): Promise<ApiError | null> {
  const body = { metadata: { uid }, spec: { activeDeadlineSeconds: 1 } };
  const answer = await cluster.patch("pods", namespace, name, body, { signal: closing });
  return answer.kind === "ok" || answer.error.kind === "not-found" ? null : answer.error;
}

/** A stop that takes longer than its grace: with what is left to us. */
export async function deletePod(
  context: RunnerContext,
  ref: RunRef,
  { name, uid }: Pick<PodEvidence, "name" | "uid">,
  graceSeconds: number,
): Promise<ApiError | null> {
  const error = await requestDeletion(context, ref, { name, uid }, graceSeconds);
  return error?.kind === "forbidden" ? preventStart(context, ref) : error;
}

async function requestDeletion(
  { cluster, closing }: RunnerContext,
  { namespace }: RunRef,
  { name, uid }: Pick<PodEvidence, "name" | "uid">,
  graceSeconds: number,
): Promise<ApiError | null> {
  const answer = await cluster.delete("pods", namespace, name, { uid, graceSeconds }, { signal: closing });
  return answer.kind === "ok" || isGone(answer.error) ? null : answer.error;
}

async function preventStart(context: RunnerContext, ref: RunRef): Promise<ApiError | null> {
  const { cluster, closing } = context;
  const deletion = { uid: ref.jobUid, propagation: "Foreground" } as const;
  const answer = await cluster.delete("jobs", ref.namespace, ref.jobName, deletion, { signal: closing });
  if (answer.kind === "ok" || isGone(answer.error)) return null;
  return answer.error.kind === "forbidden" ? suspendJob(context, ref) : answer.error;
}

/** Its controller then makes no pod, and deletes the one that there is. `null`: done, or gone. */
export async function suspendJob(
  { cluster, closing }: RunnerContext,
  { namespace, jobName, jobUid }: RunRef,
): Promise<ApiError | null> {
  const body = { metadata: { uid: jobUid }, spec: { suspend: true } };
  const answer = await cluster.patch("jobs", namespace, jobName, body, { signal: closing });
  return answer.kind === "ok" || isGone(answer.error) ? null : answer.error;
}

function isGone({ kind }: ApiError): boolean {
  return kind === "not-found" || kind === "conflict";
}

/**
 * With a stop of ours under way, an ending is that stop, unless the command had ended before it took effect. `null`: it
 * stands as it is.
 */
export function stoppedExit(
  request: StopRequest,
  ending: Ending,
  view: View,
  { deadlineSeconds, alone }: { readonly deadlineSeconds: number | null; readonly alone: boolean },
): Omit<Extract<RunExit, { kind: "stopped" }>, "evidence"> | null {
  if (endedBefore(request, ending, view, alone)) return null;
  const { exitCode, signal } = ending;
  const { by, reason, graceSeconds, before } = request;
  return {
    kind: "stopped",
    by,
    reason,
    forced: exitCode === 137,
    exitCode,
    signal,
    started: startedMeanwhile(before, view),
    graceSeconds,
    deadlineSeconds,
  };
}

/**
 * Nobody had touched the pod when it ended, or it was over before we asked. Our clock, the API server's and the node's may be
 * minutes apart, so what was seen decides, and no difference of times.
 */
function endedBefore(
  { tooLate }: StopRequest,
  ending: Ending,
  { pod, job, cutOff }: View,
  alone: boolean,
): boolean {
  const state = mainState(pod, mainContainer);
  if (pod === null || state.kind !== "terminated" || state.reason === "ContainerStatusUnknown") return false;
  if (tooLate) return true;
  // The command was signalled by itself, and was running then: its pod shows nothing of it.
  if (alone) return false;
  if (isEndedByKubelet(pod)) return false;
  if (!isTakenAway(pod) && job?.deletionTimestamp === null) return true;
  const signalled = ending.exitCode === 143 || ending.exitCode === 137;
  return cutOff === false && !signalled;
}
