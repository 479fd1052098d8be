import type { Condition, Job, Pod } from "../objects/types.ts";
import { hasCondition } from "./conditions.ts";

const backoffFirstMilliseconds = 10_000;
const backoffMostMilliseconds = 360_000;

export const trackingFinalizer = "batch.kubernetes.io/job-tracking";

/** The pods of a Job, sorted by what the Job controller does with each. */
export interface PodCensus {
  readonly active: readonly Pod[];
  readonly terminating: readonly Pod[];
  /** Ended, still tracked, not yet counted. */
  readonly uncountedSucceeded: readonly Pod[];
  readonly uncountedFailed: readonly Pod[];
  readonly ready: number;
}

export function takeCensus(job: Job, pods: readonly Pod[], failing: boolean): PodCensus {
  const deleting = (pod: Pod) => pod.metadata.deletionTimestamp !== undefined;
  // Deleted before it had a node: no kubelet ever ends it, the pod garbage collector does.
  const orphaned = (pod: Pod) => deleting(pod) && pod.spec.nodeName === undefined;
  const ended = (pod: Pod) =>
    pod.status.phase === "Succeeded" || pod.status.phase === "Failed" || orphaned(pod);
  const tracked = (pod: Pod) => pod.metadata.finalizers?.includes(trackingFinalizer) === true;
  // A pod that is deleted counts as failed at once, unless the Job waits for it to have really failed.
  const failed = (pod: Pod) =>
    pod.status.phase === "Failed" ||
    orphaned(pod) ||
    (deleting(pod) &&
      pod.status.phase !== "Succeeded" &&
      (failing || job.spec.podReplacementPolicy === "TerminatingOrFailed"));
  const active = pods.filter((pod) => !ended(pod) && !deleting(pod));
  return {
    active,
    terminating: pods.filter((pod) => !ended(pod) && deleting(pod)),
    uncountedSucceeded: pods.filter((pod) => tracked(pod) && pod.status.phase === "Succeeded"),
    uncountedFailed: pods.filter((pod) => tracked(pod) && failed(pod)),
    ready: active.filter((pod) => hasCondition(pod.status.conditions, "Ready")).length,
  };
}

export interface JobVerdict {
  readonly type: "FailureTarget" | "SuccessCriteriaMet";
  readonly reason: string;
  readonly message: string;
}

/** Has the Job met its end? Once a target is set it stays. */
export function judgeJob(
  job: Job,
  counts: { readonly succeeded: number; readonly failed: number; readonly restarts?: number },
  nowMilliseconds: number,
): JobVerdict | null {
  const set = (job.status.conditions ?? []).find(
    (condition): condition is Condition & { type: JobVerdict["type"] } =>
      (condition.type === "FailureTarget" || condition.type === "SuccessCriteriaMet") &&
      condition.status === "True",
  );
  if (set !== undefined) return { type: set.type, reason: set.reason ?? "", message: set.message ?? "" };
  const limit = job.spec.backoffLimit ?? 6;
  const { restarts = 0 } = counts;
  if (counts.failed > limit || (limit === 0 ? restarts > 0 : restarts >= limit)) {
    return {
      type: "FailureTarget",
      reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit",
    };
  }
  const deadline = deadlineOf(job);
  if (deadline !== null && nowMilliseconds >= deadline) {
    return {
      type: "FailureTarget",
      reason: "DeadlineExceeded",
      message: "Job was active longer than specified deadline",
    };
  }
  if (counts.succeeded >= (job.spec.completions ?? 1)) {
    return {
      type: "SuccessCriteriaMet",
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods",
    };
  }
  return null;
}

/** Counted from the Job's start, time without a pod included; a suspended Job has none. */
export function deadlineOf(job: Job): number | null {
  const seconds = job.spec.activeDeadlineSeconds;
  if (seconds === undefined || job.status.startTime === undefined || job.spec.suspend === true) return null;
  return Date.parse(job.status.startTime) + seconds * 1000;
}

/** Where containers are restarted in place, their restarts are the Job's failures. */
export function restartsOf(job: Job, active: readonly Pod[]): number {
  if (job.spec.template.spec.restartPolicy !== "OnFailure") return 0;
  return active
    .flatMap(({ status }) => [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}

export function isFinished(job: Job): boolean {
  return hasCondition(job.status.conditions, "Complete") || hasCondition(job.status.conditions, "Failed");
}

/** Labels and owner of a Job's pod. */
export function podFor(job: Job): Pod {
  const template = structuredClone(job.spec.template);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: `${job.metadata.name}-`,
      namespace: job.metadata.namespace,
      labels: template.metadata?.labels ?? {},
      ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ownerReferences: [
        {
          apiVersion: "batch/v1",
          kind: "Job",
          name: job.metadata.name,
          uid: job.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      finalizers: [...(template.metadata?.finalizers ?? []), trackingFinalizer],
    } as Pod["metadata"],
    spec: template.spec,
    status: { phase: "Pending" },
  };
}

/** After failures the next pod waits: 10 s, doubled each time, 6 minutes at most. */
export function backoffLeft(job: Job, owned: readonly Pod[], nowMilliseconds: number): number {
  const failed = job.status.failed ?? 0;
  if (failed === 0) return 0;
  const ends = owned
    .filter((pod) => pod.status.phase === "Failed")
    .map((pod) => Date.parse(pod.status.containerStatuses?.[0]?.state.terminated?.finishedAt ?? ""))
    .filter((time) => !Number.isNaN(time));
  if (ends.length === 0) return 0;
  const delay = Math.min(backoffFirstMilliseconds * 2 ** (failed - 1), backoffMostMilliseconds);
  return Math.max(0, Math.max(...ends) + delay - nowMilliseconds);
}
