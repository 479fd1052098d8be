import { resourceOf } from "../api/resources.ts";
import { timestamp } from "../objects/time.ts";
import type { Job, Pod } from "../objects/types.ts";
import { setCondition } from "./conditions.ts";
import { judgeJob, takeCensus, type JobVerdict, type PodCensus } from "./job-plan.ts";
import { countUp, fill, record, write, type JobParts } from "./job-status.ts";

const pods = resourceOf("pods");

/** Second half of counting: pods named in `uncountedTerminatedPods` lose their finalizer, then they count. */
export function settleUncounted(parts: JobParts, job: Job, owned: readonly Pod[]): boolean {
  const uncounted = job.status.uncountedTerminatedPods ?? {};
  const named = new Set([...(uncounted.succeeded ?? []), ...(uncounted.failed ?? [])]);
  if (named.size === 0) return false;
  parts.jobPods.release(owned.filter((pod) => named.has(pod.metadata.uid)));
  const remaining = takeCensus(job, parts.jobPods.ownedPods(job), true);
  write(parts, job, (status) => {
    if (uncounted.succeeded?.length) status.succeeded = (status.succeeded ?? 0) + uncounted.succeeded.length;
    if (uncounted.failed?.length) status.failed = (status.failed ?? 0) + uncounted.failed.length;
    status.uncountedTerminatedPods = {};
    fill(status, remaining);
    const verdict = judgeJob(job, { succeeded: 0, failed: -1 }, 0);
    if (verdict !== null) finish(parts, job, status, verdict, remaining);
  });
  return true;
}

export function conclude(parts: JobParts, job: Job, census: PodCensus, verdict: JobVerdict): void {
  if (verdict.type === "FailureTarget") {
    for (const pod of census.active) {
      parts.registry.remove(pods, pod.metadata.namespace ?? "", pod.metadata.name, {
        preconditions: { uid: pod.metadata.uid },
      });
      record(parts, job, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    }
  }
  const after = takeCensus(job, parts.jobPods.ownedPods(job), verdict.type === "FailureTarget");
  write(parts, job, (status) => {
    countUp(status, after);
    fill(status, after);
    const now = timestamp(parts.registry.clock);
    setCondition((status.conditions ??= []), { ...verdict, status: "True", lastProbeTime: now }, now);
    if (Object.keys(status.uncountedTerminatedPods ?? {}).length === 0)
      finish(parts, job, status, verdict, after);
  });
}

/** `Failed` and `Complete` come only when no pod of the Job runs any more. */
function finish(
  parts: JobParts,
  job: Job,
  status: Job["status"],
  verdict: JobVerdict,
  census: PodCensus,
): void {
  if (census.active.length + census.terminating.length > 0) return;
  if (census.uncountedFailed.length + census.uncountedSucceeded.length > 0) return;
  const now = timestamp(parts.registry.clock);
  const type = verdict.type === "FailureTarget" ? "Failed" : "Complete";
  setCondition(
    (status.conditions ??= []),
    { type, status: "True", reason: verdict.reason, message: verdict.message, lastProbeTime: now },
    now,
  );
  if (type === "Complete") status.completionTime = now;
  if (type === "Complete") record(parts, job, "Normal", "Completed", "Job completed");
  else record(parts, job, "Warning", verdict.reason, verdict.message);
}
