import type { Registry } from "../api/registry.ts";
import type { Job } from "../objects/types.ts";
import type { EventRecorder } from "./events.ts";
import type { JobPods } from "./job-pods.ts";
import type { PodCensus } from "./job-plan.ts";

/** What each step of a Job works with. */
export interface JobParts {
  readonly registry: Registry;
  readonly events: EventRecorder;
  readonly jobPods: JobPods;
  readonly lookAgain: (key: string, delayMilliseconds: number) => void;
}

export function write(parts: JobParts, job: Job, change: (status: Job["status"]) => void): void {
  parts.registry.mutate<Job>("jobs", job.metadata.namespace ?? "", job.metadata.name, (draft) => {
    if (draft.metadata.uid === job.metadata.uid) change(draft.status);
  });
}

export function record(
  parts: JobParts,
  job: Job,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): void {
  parts.events.record(job, { type, reason, message });
}

/** First half of counting: ended pods are named in the status before their finalizer goes. */
export function countUp(status: Job["status"], census: PodCensus): void {
  const uncounted: NonNullable<Job["status"]["uncountedTerminatedPods"]> = {};
  if (census.uncountedSucceeded.length > 0) {
    uncounted.succeeded = census.uncountedSucceeded.map((pod) => pod.metadata.uid);
  }
  if (census.uncountedFailed.length > 0) {
    uncounted.failed = census.uncountedFailed.map((pod) => pod.metadata.uid);
  }
  status.uncountedTerminatedPods = uncounted;
}

export function fill(status: Job["status"], census: PodCensus, made = 0): void {
  const active = census.active.length + made;
  if (active > 0) status.active = active;
  else delete status.active;
  status.ready = census.ready;
  status.terminating = census.terminating.length;
  status.uncountedTerminatedPods ??= {};
}

export function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
