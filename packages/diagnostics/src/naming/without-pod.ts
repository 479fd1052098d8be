import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts } from "../facts/cluster-facts.ts";

/** No pod can be read: the Job's own word, or why it has none. */
export function withoutPod(cluster: ClusterFacts): FailureLike | null {
  if (cluster.podName !== null || !cluster.jobSeen) return null;
  const failed = condition(cluster, "Failed") ?? condition(cluster, "FailureTarget");
  if (failed?.reason === "DeadlineExceeded")
    return { kind: "job-deadline-exceeded", seconds: cluster.jobDeadlineSeconds };
  if (cluster.jobDeletedAt !== null)
    return { kind: "deleted-externally", object: "job", by: null, lastSeen: cluster.jobDeletedAt };
  if (failed?.reason === "BackoffLimitExceeded")
    // Its pod failed, and somebody removed it with all that it said.
    return { kind: "deleted-externally", object: "pod", by: null, lastSeen: failed.lastTransitionTime };
  if (failed !== null)
    return {
      kind: "exit-unknown",
      message: failed.message ?? `the Job failed: ${failed.reason ?? "no reason given"}`,
    };
  if (cluster.jobSuspended || condition(cluster, "Suspended") !== null)
    return { kind: "queue-timeout", queueName: null };
  return creationFailure(cluster);
}

function condition(cluster: ClusterFacts, wanted: string): ClusterFacts["jobConditions"][number] | null {
  return cluster.jobConditions.find(({ type, status }) => type === wanted && status === "True") ?? null;
}

/** The Job controller cannot make the pod; only its events say why. */
function creationFailure(cluster: ClusterFacts): FailureLike | null {
  const message = cluster.events.findLast(({ reason }) => reason === "FailedCreate")?.message;
  if (message === undefined) return null;
  if (/exceeded quota|insufficient quota/i.test(message)) return { kind: "quota-exceeded", message };
  if (/service ?account/i.test(message) && /not found|looking up/i.test(message))
    return {
      kind: "service-account-missing",
      name:
        /serviceaccount "([^"]+)"/i.exec(message)?.[1] ??
        /service account [^/\s]*\/([^\s:]+)/i.exec(message)?.[1] ??
        null,
      message,
    };
  return { kind: "admission-rejected", message };
}
