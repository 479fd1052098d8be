import type { Registry } from "../api/registry.ts";
import { resourceOf } from "../api/resources.ts";
import { milliseconds, timestamp } from "../objects/time.ts";
import type { Job, Pod } from "../objects/types.ts";
import { setCondition } from "./conditions.ts";
import type { EventRecorder } from "./events.ts";
import { createJobPods } from "./job-pods.ts";
import {
  backoffLeft,
  deadlineOf,
  isFinished,
  judgeJob,
  restartsOf,
  takeCensus,
  trackingFinalizer,
  type JobVerdict,
  type PodCensus,
} from "./job-plan.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Makes pods for Jobs, counts their ends exactly once, and tells the Job's own end. */
export function startJobController(registry: Registry, events: EventRecorder): () => void {
  const { store, clock } = registry;
  const pods = resourceOf("pods");
  const queue = createWorkQueue(clock, sync);
  const jobPods = createJobPods(registry, events, (key, delay) => queue.addAfter(key, delay));

  const unsubscribeJobs = store.subscribe("jobs", (event) => {
    const key = keyOf(event.object.metadata.namespace, event.object.metadata.name);
    if (event.type === "DELETED") jobPods.forgetFailures(key);
    queue.add(key);
  });
  const unsubscribePods = store.subscribe("pods", (event) => {
    const owner = event.object.metadata.ownerReferences?.find((reference) => reference.controller === true);
    if (owner?.kind === "Job") queue.add(keyOf(event.object.metadata.namespace, owner.name));
    if (event.object.metadata.finalizers?.includes(trackingFinalizer) === true)
      jobPods.releaseOrphan(event.object as Pod);
  });

  function sync(key: string): void {
    const [namespace = "", name = ""] = key.split("/");
    const job = store.get("jobs", namespace, name) as Job | undefined;
    if (job === undefined) return jobPods.releaseAll(namespace, name);
    if (job.spec.managedBy !== undefined && job.spec.managedBy !== "kubernetes.io/job-controller") return;
    const owned = jobPods.ownedPods(job);
    if (isFinished(job)) return jobPods.release(owned);
    if (settleUncounted(job, owned)) return;
    const now = milliseconds(clock);
    const targeted = judgeJob(job, { succeeded: 0, failed: -1 }, 0) !== null;
    const census = takeCensus(job, owned, targeted);
    const counts = {
      succeeded: (job.status.succeeded ?? 0) + census.uncountedSucceeded.length,
      failed: (job.status.failed ?? 0) + census.uncountedFailed.length,
      restarts: restartsOf(job, census.active),
    };
    const verdict = judgeJob(job, counts, now);
    if (verdict !== null) return conclude(job, census, verdict);
    if (job.spec.suspend === true) return suspend(job, census);
    begin(job, census, owned);
  }

  /** Second half of counting: pods named in `uncountedTerminatedPods` lose their finalizer, then they count. */
  function settleUncounted(job: Job, owned: readonly Pod[]): boolean {
    const uncounted = job.status.uncountedTerminatedPods ?? {};
    const named = new Set([...(uncounted.succeeded ?? []), ...(uncounted.failed ?? [])]);
    if (named.size === 0) return false;
    jobPods.release(owned.filter((pod) => named.has(pod.metadata.uid)));
    const remaining = takeCensus(job, jobPods.ownedPods(job), true);
    write(job, (status) => {
      if (uncounted.succeeded?.length)
        status.succeeded = (status.succeeded ?? 0) + uncounted.succeeded.length;
      if (uncounted.failed?.length) status.failed = (status.failed ?? 0) + uncounted.failed.length;
      status.uncountedTerminatedPods = {};
      fill(status, remaining);
      const verdict = judgeJob(job, { succeeded: 0, failed: -1 }, 0);
      if (verdict !== null) finish(job, status, verdict, remaining);
    });
    return true;
  }

  function conclude(job: Job, census: PodCensus, verdict: JobVerdict): void {
    if (verdict.type === "FailureTarget") {
      for (const pod of census.active) {
        registry.remove(pods, pod.metadata.namespace ?? "", pod.metadata.name, {
          preconditions: { uid: pod.metadata.uid },
        });
        record(job, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
      }
    }
    const after = takeCensus(job, jobPods.ownedPods(job), verdict.type === "FailureTarget");
    write(job, (status) => {
      countUp(status, after);
      fill(status, after);
      const now = timestamp(clock);
      setCondition((status.conditions ??= []), { ...verdict, status: "True", lastProbeTime: now }, now);
      if (Object.keys(status.uncountedTerminatedPods ?? {}).length === 0) finish(job, status, verdict, after);
    });
  }

  /** `Failed` and `Complete` come only when no pod of the Job runs any more. */
  function finish(job: Job, status: Job["status"], verdict: JobVerdict, census: PodCensus): void {
    if (census.active.length + census.terminating.length > 0) return;
    if (census.uncountedFailed.length + census.uncountedSucceeded.length > 0) return;
    const now = timestamp(clock);
    const type = verdict.type === "FailureTarget" ? "Failed" : "Complete";
    setCondition(
      (status.conditions ??= []),
      { type, status: "True", reason: verdict.reason, message: verdict.message, lastProbeTime: now },
      now,
    );
    if (type === "Complete") status.completionTime = now;
    if (type === "Complete") record(job, "Normal", "Completed", "Job completed");
    else record(job, "Warning", verdict.reason, verdict.message);
  }

  function suspend(job: Job, census: PodCensus): void {
    for (const pod of census.active) {
      registry.remove(pods, pod.metadata.namespace ?? "", pod.metadata.name, {});
      record(job, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    }
    // A pod that is stopped because its Job waits is nobody's failure: it goes uncounted.
    const running = (pod: Pod): boolean => pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed";
    jobPods.release(jobPods.ownedPods(job).filter(running));
    const already = (job.status.conditions ?? []).some(
      (condition) => condition.type === "Suspended" && condition.status === "True",
    );
    const after = takeCensus(job, jobPods.ownedPods(job), false);
    write(job, (status) => {
      fill(status, after);
      const now = timestamp(clock);
      setCondition(
        (status.conditions ??= []),
        {
          type: "Suspended",
          status: "True",
          reason: "JobSuspended",
          message: "Job suspended",
          lastProbeTime: now,
        },
        now,
      );
    });
    if (!already) record(job, "Normal", "Suspended", "Job suspended");
  }

  function begin(job: Job, census: PodCensus, owned: readonly Pod[]): void {
    const resumed = (job.status.conditions ?? []).some(
      (condition) => condition.type === "Suspended" && condition.status === "True",
    );
    const done = (job.status.succeeded ?? 0) + census.uncountedSucceeded.length;
    const busy =
      census.active.length + (job.spec.podReplacementPolicy === "Failed" ? census.terminating.length : 0);
    const wanted = Math.min(job.spec.parallelism ?? 1, (job.spec.completions ?? 1) - done);
    const wait = backoffLeft(job, owned, milliseconds(clock));
    const made =
      job.metadata.deletionTimestamp === undefined && wait === 0 ? jobPods.createPods(job, wanted - busy) : 0;
    if (wait > 0 && wanted > busy) queue.addAfter(keyOf(job.metadata.namespace, job.metadata.name), wait);
    write(job, (status) => {
      const now = timestamp(clock);
      countUp(status, census);
      fill(status, census, made);
      if (resumed) {
        setCondition(
          (status.conditions ??= []),
          {
            type: "Suspended",
            status: "False",
            reason: "JobResumed",
            message: "Job resumed",
            lastProbeTime: now,
          },
          now,
        );
        status.startTime = now;
      }
      status.startTime ??= now;
    });
    if (resumed) record(job, "Normal", "Resumed", "Job resumed");
    const deadline = deadlineOf(store.get("jobs", job.metadata.namespace ?? "", job.metadata.name) as Job);
    if (deadline !== null) {
      queue.addAfter(
        keyOf(job.metadata.namespace, job.metadata.name),
        Math.max(0, deadline - milliseconds(clock)),
      );
    }
  }

  function write(job: Job, change: (status: Job["status"]) => void): void {
    registry.mutate<Job>("jobs", job.metadata.namespace ?? "", job.metadata.name, (draft) => {
      if (draft.metadata.uid === job.metadata.uid) change(draft.status);
    });
  }

  function record(job: Job, type: "Normal" | "Warning", reason: string, message: string): void {
    events.record(job, { type, reason, message });
  }

  return () => {
    queue.close();
    unsubscribeJobs();
    unsubscribePods();
  };
}

/** First half of counting: ended pods are named in the status before their finalizer goes. */
function countUp(status: Job["status"], census: PodCensus): void {
  const uncounted: NonNullable<Job["status"]["uncountedTerminatedPods"]> = {};
  if (census.uncountedSucceeded.length > 0) {
    uncounted.succeeded = census.uncountedSucceeded.map((pod) => pod.metadata.uid);
  }
  if (census.uncountedFailed.length > 0) {
    uncounted.failed = census.uncountedFailed.map((pod) => pod.metadata.uid);
  }
  status.uncountedTerminatedPods = uncounted;
}

function fill(status: Job["status"], census: PodCensus, made = 0): void {
  const active = census.active.length + made;
  if (active > 0) status.active = active;
  else delete status.active;
  status.ready = census.ready;
  status.terminating = census.terminating.length;
  status.uncountedTerminatedPods ??= {};
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
