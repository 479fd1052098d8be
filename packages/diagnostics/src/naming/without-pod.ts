import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts } from "../facts/cluster-facts.ts";
import type { ConditionFacts } from "../facts/conditions.ts";

/** No pod can be read: the Job's own word, or why it has none. */
export function withoutPod(cluster: ClusterFacts): FailureLike | null {
  if (cluster.podName !== null || !cluster.jobSeen) return null;
  const failed = conditionOf(cluster, "Failed") ?? conditionOf(cluster, "FailureTarget");
  if (failed?.reason === "DeadlineExceeded")
    return { kind: "job-deadline-exceeded", seconds: cluster.jobDeadlineSeconds };
  if (cluster.jobDeletedAt !== null)
    return { kind: "deleted-externally", object: "job", by: null, lastSeen: cluster.jobDeletedAt };
  if (failed?.reason === "BackoffLimitExceeded" && cluster.podSought)
    // Its pod failed, and is gone with all that it said. A node that is removed takes its pods along, too.
    return {
      kind: "deleted-externally",
      object: "pod",
      by: null,
      // When the Job failed is not when the pod was seen.
      lastSeen: null,
      certain: false,
      message: failedWords(failed),
    };
  if (failed !== null) return { kind: "exit-unknown", message: failedWords(failed) };
  if (cluster.jobSuspended || conditionOf(cluster, "Suspended") !== null)
    return { kind: "queue-timeout", queueName: null };
  return creationFailure(cluster);
}

function conditionOf(cluster: ClusterFacts, wanted: string): ConditionFacts | null {
  return cluster.jobConditions.find(({ type, status }) => type === wanted && status === "True") ?? null;
}

function failedWords({ reason, message }: ConditionFacts): string {
  const told = [reason, message].filter((part) => part !== null);
  return `the Job failed: ${told.length === 0 ? "no reason given" : told.join(": ")}`;
}

/** The Job controller cannot make the pod; only its events say why. */
function creationFailure(cluster: ClusterFacts): FailureLike | null {
  const last = cluster.events.findLast(
    ({ reason }) => reason === "FailedCreate" || reason === "SuccessfulCreate",
  );
  if (last?.reason !== "FailedCreate") return null;
  const { message } = last;
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
