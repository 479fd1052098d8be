import type { Registry } from "../api/registry.ts";
import { milliseconds } from "../objects/time.ts";
import type { Job, Pod } from "../objects/types.ts";
import type { EventRecorder } from "./events.ts";
import { createJobPods } from "./job-pods.ts";
import { suspend, begin } from "./job-course.ts";
import { conclude, settleUncounted } from "./job-ending.ts";
import { isFinished, judgeJob, restartsOf, takeCensus, trackingFinalizer } from "./job-plan.ts";
import { keyOf, type JobParts } from "./job-status.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Makes pods for Jobs, counts their ends exactly once, and tells the Job's own end. */
export function startJobController(registry: Registry, events: EventRecorder): () => void {
  const { store, clock } = registry;
  const queue = createWorkQueue(clock, sync);
  const lookAgain = (key: string, delay: number): void => queue.addAfter(key, delay);
  const jobPods = createJobPods(registry, events, lookAgain);
  const parts: JobParts = { registry, events, jobPods, lookAgain };

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
    if (settleUncounted(parts, job, owned)) return;
    const now = milliseconds(clock);
    const targeted = judgeJob(job, { succeeded: 0, failed: -1 }, 0) !== null;
    const census = takeCensus(job, owned, targeted);
    const counts = {
      succeeded: (job.status.succeeded ?? 0) + census.uncountedSucceeded.length,
      failed: (job.status.failed ?? 0) + census.uncountedFailed.length,
      restarts: restartsOf(job, census.active),
    };
    const verdict = judgeJob(job, counts, now);
    if (verdict !== null) return conclude(parts, job, census, verdict);
    if (job.spec.suspend === true) return suspend(parts, job, census);
    begin(parts, job, census, owned);
  }

  return () => {
    queue.close();
    unsubscribeJobs();
    unsubscribePods();
  };
}
