import { resourceOf } from "../api/resources.ts";
import { milliseconds, timestamp } from "../objects/time.ts";
import type { Job, Pod } from "../objects/types.ts";
import { setCondition } from "./conditions.ts";
import { backoffLeft, deadlineOf, takeCensus, type PodCensus } from "./job-plan.ts";
import { countUp, fill, keyOf, record, write, type JobParts } from "./job-status.ts";

const pods = resourceOf("pods");

export function suspend(parts: JobParts, job: Job, census: PodCensus): void {
  for (const pod of census.active) {
    parts.registry.remove(pods, pod.metadata.namespace ?? "", pod.metadata.name, {});
    record(parts, job, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
  }
  // A pod that is stopped because its Job waits is nobody's failure: it goes uncounted.
  const running = (pod: Pod): boolean => pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed";
  parts.jobPods.release(parts.jobPods.ownedPods(job).filter(running));
  const already = (job.status.conditions ?? []).some(
    (condition) => condition.type === "Suspended" && condition.status === "True",
  );
  const after = takeCensus(job, parts.jobPods.ownedPods(job), false);
  write(parts, job, (status) => {
    fill(status, after);
    const now = timestamp(parts.registry.clock);
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
  if (!already) record(parts, job, "Normal", "Suspended", "Job suspended");
}

export function begin(parts: JobParts, job: Job, census: PodCensus, owned: readonly Pod[]): void {
  const resumed = (job.status.conditions ?? []).some(
    (condition) => condition.type === "Suspended" && condition.status === "True",
  );
  const done = (job.status.succeeded ?? 0) + census.uncountedSucceeded.length;
  const busy =
    census.active.length + (job.spec.podReplacementPolicy === "Failed" ? census.terminating.length : 0);
  const wanted = Math.min(job.spec.parallelism ?? 1, (job.spec.completions ?? 1) - done);
  const wait = backoffLeft(job, owned, milliseconds(parts.registry.clock));
  const made =
    job.metadata.deletionTimestamp === undefined && wait === 0
      ? parts.jobPods.createPods(job, wanted - busy)
      : 0;
  if (wait > 0 && wanted > busy) parts.lookAgain(keyOf(job.metadata.namespace, job.metadata.name), wait);
  write(parts, job, (status) => {
    const now = timestamp(parts.registry.clock);
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
  if (resumed) record(parts, job, "Normal", "Resumed", "Job resumed");
  const deadline = deadlineOf(
    parts.registry.store.get("jobs", job.metadata.namespace ?? "", job.metadata.name) as Job,
  );
  if (deadline !== null) {
    parts.lookAgain(
      keyOf(job.metadata.namespace, job.metadata.name),
      Math.max(0, deadline - milliseconds(parts.registry.clock)),
    );
  }
}
