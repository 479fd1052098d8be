import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts } from "../facts/cluster-facts.ts";
import { evictedFor, isOverLimit } from "./pod-reasons.ts";
import { isNodeAway } from "./removal-events.ts";

/** Who took the pod away, by its condition; conditions come before reasons, as reasons may be overwritten. */
export function disruptionOf(cluster: ClusterFacts): FailureLike | null {
  const node = cluster.nodeName;
  const target = conditionOf(cluster, "DisruptionTarget");
  // Kueue's own, on a pod that it queues by itself: its workload had to make room, or its place was taken away.
  const queue = target === null ? conditionOf(cluster, "TerminationTarget") : null;
  if (queue?.reason?.startsWith("WorkloadEvicted") === true)
    return { kind: "preempted", node, message: queue.message };
  if (target === null) return null;
  const { message } = target;
  switch (target.reason) {
    case "PreemptionByScheduler":
    case "PreemptionByKubeScheduler":
      return { kind: "preempted", node, message };
    case "DeletionByTaintManager":
      // The same controller serves an administrator's taint and a node that is lost.
      return { kind: isNodeLost(cluster) ? "node-lost" : "drained", node, message };
    case "DeletionByPodGC":
      return { kind: "node-lost", node, message };
    case "TerminationByKubelet":
      // The same condition for what it evicts, and for what has to make room for a pod that the node cannot do without.
      if (cluster.podReason === "Preempting")
        return { kind: "preempted", node, message: cluster.podMessage ?? message };
      return isShutdown(cluster)
        ? { kind: "node-shutdown", node, message: cluster.podMessage ?? message }
        : eviction(cluster.podMessage ?? message);
    case null:
    default:
      // `EvictionByEvictionAPI`, and whatever a later release or another controller names: the pod had to go.
      return { kind: saysNodeIsGone(message) ? "node-lost" : "drained", node, message };
  }
}

/** Controllers of clouds remove the pods of a machine that is gone, each with a reason of its own. */
function saysNodeIsGone(message: string | null): boolean {
  return /\bnode\b[^\n]{0,80}\b(?:no longer exists|does not exist|not found|is gone|was deleted)\b/i.test(
    message ?? "",
  );
}

function conditionOf({ podConditions }: ClusterFacts, wanted: string) {
  return podConditions.find(({ type, status }) => type === wanted && status === "True") ?? null;
}

/** What the pod's own status says of its end. */
export function statusReasonOf(cluster: ClusterFacts): FailureLike | null {
  const message = cluster.podMessage;
  const node = cluster.nodeName;
  switch (cluster.podReason) {
    case null:
      return null;
    case "Evicted":
      return eviction(message);
    case "DeadlineExceeded":
      return { kind: "pod-deadline-exceeded", seconds: cluster.podDeadlineSeconds };
    case "Terminated":
    case "NodeShutdown":
    case "Shutdown":
      return { kind: "node-shutdown", node, message };
    case "Preempting":
      return { kind: "preempted", node, message };
    case "NodeLost":
      return { kind: "node-lost", node, message };
    default:
      // OutOfcpu, NodeAffinity, UnexpectedAdmissionError and all others: the kubelet refused the pod.
      return cluster.podPhase === "Failed" && cluster.main?.state !== "terminated"
        ? { kind: "node-refused", node, reason: cluster.podReason, message }
        : null;
  }
}

function eviction(message: string | null): FailureLike {
  return { kind: "evicted", cause: evictedFor(message), overLimit: isOverLimit(message), message };
}

function isNodeLost(cluster: ClusterFacts): boolean {
  return (
    cluster.nodeTaints.some((taint) => /^node\.kubernetes\.io\/(?:unreachable|not-ready)\b/.test(taint)) ||
    (cluster.nodeReady !== null && cluster.nodeReady !== "True") ||
    isNodeAway(cluster.events)
  );
}

function isShutdown({ podReason, podMessage }: ClusterFacts): boolean {
  return (
    podReason === "Terminated" ||
    podReason === "NodeShutdown" ||
    /node is shutting down|node shutdown/i.test(podMessage ?? "")
  );
}
