/** Everything known → how the run ended. Pure. */

import type { EventEvidence, NodeEvidence } from "../types/evidence.ts";
import { isEndedByKubelet, mainState } from "./containers.ts";
import { jobDeadlineExceeded, jobEnding, jobState, unread } from "./job-state.ts";
import { goneEnding, podEnding } from "./pod-ending.ts";
import type { Ending, PodEndingContext } from "./pod-ending.ts";
import { hasBegun } from "./view.ts";
import type { View } from "./view.ts";

export interface EndingContext {
  readonly main: string;
  readonly stopped: boolean;
  /** Only read where it decides something; `null` also where it may not be read. */
  readonly node: NodeEvidence | null;
  /** The kubelet says that it ended the command; `null`: its events cannot be read. Only asked where the view does not tell. */
  readonly killed?: boolean | null;
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
  const completed = view.job !== null && jobState(view.job).kind === "complete";
  if (completed && view.pod !== null && view.cutOff === true && !context.stopped)
    return cutOffWithZero(view, context);
  if (view.pod !== null && second !== undefined)
    return unread(
      { kind: "pod-replaced", firstPod: view.pod.name, secondPod: second.name },
      hasBegun(view, context.main),
    );
  const byJob = view.job === null ? null : jobEnding(view.job, view.jobDeadlineSeconds);
  if (byJob !== null)
    return byJob.kind === "failed" ? { ...byJob, started: hasBegun(view, context.main) } : byJob;
  return found.job ? null : gone(view, context);
}

/** The Job counts it as a success, which means exit 0; but it was cut off, and nobody saw its last state. */
function cutOffWithZero(view: View, { main }: EndingContext): Ending {
  const lastSeen = view.pod?.deletionTimestamp ?? null;
  const failure = { kind: "deleted-externally", object: "pod", by: null, lastSeen } as const;
  return { kind: "failed", failure, started: hasBegun(view, main), exitCode: 0, signal: null };
}

/** The container's state has not come, although the pod is over: it will not come any more. */
export function endingWithoutState(view: View, main: string): Ending {
  if (view.pod?.phase === "Succeeded") return { kind: "exited", exitCode: 0, signal: null };
  const message = view.pod?.message ?? "the pod failed, and its container's state never came";
  const state = mainState(view.pod, main);
  const waits = state.kind === "waiting" && state.reason === "PodInitializing";
  // Its container may well have run, but not before all init containers were done.
  return unread({ kind: "exit-unknown", message }, !waits || hasBegun(view, main));
}

/** The kubelet says so when it ends a container that runs; one that has ended by itself it leaves alone. */
export function wasKilled(events: readonly EventEvidence[], main: string): boolean {
  // A container's name may be the beginning of another's.
  const words = new RegExp(`^(?:Stopping|Killing) container (?:with id \\S+:)?${main}(?![-a-z0-9])`, "i");
  return events.some(({ reason, message }) => reason === "Killing" && words.test(message));
}

function endingByPod(view: View, context: EndingContext): Ending | null {
  const { pod, job } = view;
  const { found } = context;
  if (pod === null) return null;
  const seen = podEnding(pod, podContext(view, context));
  const ending = seen?.kind === "failed" ? { ...seen, started: seen.started || view.ran } : seen;
  if (ending?.kind !== "failed" || ending.failure.kind !== "deleted-externally") return ending;
  // Whoever deleted the Job had its pod deleted with it.
  const jobDeleted = !found.job || (job !== null && job.deletionTimestamp !== null);
  return jobDeleted ? { ...ending, failure: { ...ending.failure, object: "job" } } : ending;
}

function podContext(view: View, { main, stopped, node, killed }: EndingContext): PodEndingContext {
  const { job, pod } = view;
  // What the kubelet ends itself is announced only afterwards, so that no order of views tells.
  const byKubelet = pod !== null && isEndedByKubelet(pod);
  return {
    main,
    // A kept pod whose other containers go on is ended by `cleanUp`, in the same way as a run.
    stopped: stopped || view.concluded,
    cutOff: byKubelet ? (killed ?? true) : (view.cutOff ?? killed ?? null),
    nodeTaints: node?.taints ?? [],
    podDeadlineSeconds: view.podDeadlineSeconds,
    jobDeadline: job !== null && jobDeadlineExceeded(job) ? { seconds: view.jobDeadlineSeconds } : null,
    suspended: job?.suspended ?? false,
  };
}

function gone(view: View, context: EndingContext): Ending {
  const started = hasBegun(view, context.main);
  const lastSeen = view.job?.deletionTimestamp ?? view.pod?.deletionTimestamp ?? null;
  return unread({ kind: "deleted-externally", object: "job", by: null, lastSeen }, started);
}
