/** Everything known → how the run ended. Pure. */

import type { NodeEvidence } from "../types/evidence.ts";
import { jobDeadlineExceeded, jobEnding, unread } from "./job-state.ts";
import { goneEnding, podEnding } from "./pod-ending.ts";
import type { Ending, PodEndingContext } from "./pod-ending.ts";
import { hasStarted } from "./view.ts";
import type { View } from "./view.ts";

export interface EndingContext {
  readonly main: string;
  readonly stopped: boolean;
  /** Only read where it decides something. */
  readonly node: NodeEvidence | null;
  /** What a fresh read has found. */
  readonly found: { readonly job: boolean; readonly pod: boolean };
}

/** `null`: it has not ended, as far as anybody can tell yet. */
export function endingOf(view: View, context: EndingContext): Ending | null {
  const { found } = context;
  const second = view.otherPods.find(({ createdAt }) => (createdAt ?? "") > (view.pod?.createdAt ?? ""));
  const byPod = view.pod === null ? null : endingByPod(view, context);
  if (byPod !== null) return byPod;
  if (found.pod) return null;
  const announced = view.pod === null ? null : goneEnding(view.pod, podContext(view, context));
  if (announced !== null) return announced;
  if (view.pod !== null && second !== undefined)
    return unread(
      { kind: "pod-replaced", firstPod: view.pod.name, secondPod: second.name },
      hasStarted(view.pod, context.main),
    );
  const byJob = view.job === null ? null : jobEnding(view.job, view.jobDeadlineSeconds);
  if (byJob !== null)
    return byJob.kind === "failed" ? { ...byJob, started: hasStarted(view.pod, context.main) } : byJob;
  return found.job ? null : gone(view, context);
}

/** The container's state has not come, although the pod is over: it will not come any more. */
export function endingWithoutState(view: View): Ending {
  if (view.pod?.phase === "Succeeded") return { kind: "exited", exitCode: 0, signal: null };
  const message = view.pod?.message ?? "the pod failed, and its container's state never came";
  return unread({ kind: "exit-unknown", message });
}

function endingByPod(view: View, context: EndingContext): Ending | null {
  const { pod, job } = view;
  const { found } = context;
  if (pod === null) return null;
  const ending = podEnding(pod, podContext(view, context));
  if (ending?.kind !== "failed" || ending.failure.kind !== "deleted-externally") return ending;
  // Whoever deleted the Job had its pod deleted with it.
  const jobDeleted = !found.job || (job !== null && job.deletionTimestamp !== null);
  return jobDeleted ? { ...ending, failure: { ...ending.failure, object: "job" } } : ending;
}

function podContext(view: View, { main, stopped, node }: EndingContext): PodEndingContext {
  const { job } = view;
  return {
    main,
    stopped,
    nodeTaints: node?.taints ?? [],
    podDeadlineSeconds: view.podDeadlineSeconds,
    jobDeadline: job !== null && jobDeadlineExceeded(job) ? { seconds: view.jobDeadlineSeconds } : null,
    suspended: job?.suspended ?? false,
  };
}

function gone(view: View, context: EndingContext): Ending {
  const started = hasStarted(view.pod, context.main);
  const lastSeen = view.job?.deletionTimestamp ?? view.pod?.deletionTimestamp ?? null;
  return unread({ kind: "deleted-externally", object: "job", by: null, lastSeen }, started);
}
