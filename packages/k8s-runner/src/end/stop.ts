/** Stopping a run: SIGTERM, grace, SIGKILL; the kubelet does it, we ask for it. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Ending } from "../observe/pod-ending.ts";
import { hasStarted, mainState } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import { mainContainer } from "../manifest/names.ts";
import type { PodEvidence } from "../types/evidence.ts";
import type { RunExit, StopBy } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";

export interface StopRequest {
  readonly by: StopBy;
  readonly reason: string;
  readonly graceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly requestedAt: number;
}

/**
 * The kubelet is told that the pod's time is up: it sends SIGTERM, waits the pod's own grace, kills, and keeps pod and
 * log. Deleting the pod instead would take the log away at the moment when the container ends, and with it what it said
 * last. Where nothing runs yet, the Job goes with everything that it might still create. `null`: asked for, or gone.
 */
export async function askToStop(
  context: RunnerContext,
  ref: RunRef,
  view: View,
  request: StopRequest,
): Promise<ApiError | null> {
  const { cluster, closing } = context;
  if (view.pod === null || !hasStarted(view.pod, mainContainer)) return deleteJob(context, ref);
  const { name, uid } = view.pod;
  const body = { metadata: { uid }, spec: { activeDeadlineSeconds: 1 } };
  const answer = await cluster.patch("pods", ref.namespace, name, body, { signal: closing });
  if (answer.kind === "ok" || answer.error.kind === "not-found") return null;
  if (answer.error.kind === "unavailable") return answer.error;
  return deletePod(context, ref, view.pod, request.graceSeconds);
}

/** A stop that takes longer than its grace: with what is left to us. */
export async function deletePod(
  context: RunnerContext,
  ref: RunRef,
  { name, uid }: PodEvidence,
  graceSeconds: number,
): Promise<ApiError | null> {
  const { cluster, closing } = context;
  const answer = await cluster.delete(
    "pods",
    ref.namespace,
    name,
    { uid, graceSeconds },
    { signal: closing },
  );
  if (answer.kind === "ok" || isGone(answer.error)) return null;
  return answer.error.kind === "forbidden" ? deleteJob(context, ref) : answer.error;
}

async function deleteJob({ cluster, closing }: RunnerContext, ref: RunRef): Promise<ApiError | null> {
  const deletion = { uid: ref.jobUid, propagation: "Foreground" } as const;
  const answer = await cluster.delete("jobs", ref.namespace, ref.jobName, deletion, { signal: closing });
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
  deadlineSeconds: number | null,
): Omit<Extract<RunExit, { kind: "stopped" }>, "evidence"> | null {
  if (endedBefore(request, ending, view)) return null;
  const { exitCode, signal } = ending;
  const { by, reason, graceSeconds } = request;
  const started = hasStarted(view.pod, mainContainer);
  return {
    kind: "stopped",
    by,
    reason,
    forced: exitCode === 137,
    exitCode,
    signal,
    started,
    graceSeconds,
    deadlineSeconds,
  };
}

const deadlineReason = "DeadlineExceeded";

/** Nobody had touched the pod, or it was over before we asked; times of the API server and the node have whole seconds. */
function endedBefore({ requestedAt }: StopRequest, ending: Ending, { pod, job }: View): boolean {
  const state = mainState(pod, mainContainer);
  if (state.kind !== "terminated" || state.reason === "ContainerStatusUnknown") return false;
  const untouched = pod?.deletionTimestamp === null && pod.reason !== deadlineReason;
  if (untouched && job?.deletionTimestamp === null) return true;
  const finished = Date.parse(state.finishedAt ?? "");
  if (ending.kind === "failed") return finished < requestedAt - 1000;
  const wasSignalled = ending.exitCode === 143 || ending.exitCode === 137;
  return !wasSignalled && finished < Math.floor(requestedAt / 1000) * 1000;
}
