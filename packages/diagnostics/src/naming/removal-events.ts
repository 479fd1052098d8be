import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts } from "../facts/cluster-facts.ts";
import { evictedFor, isOverLimit } from "./pod-reasons.ts";

/**
 * Why a pod had to go, as the one who removed it says in an event. Who deletes a pod and does not evict it leaves no condition on
 * it: Karpenter near the end of a node's time, controllers before Kubernetes 1.26.
 */
export type Removal = "evicted" | "preempted" | "drained" | "tainted" | "node-lost" | "taken-back";

interface Rule {
  readonly object: "Pod" | "Job";
  /** `null`: any. */
  readonly reason: string | null;
  readonly message: RegExp;
  readonly means: Removal;
}

/** The first that fits counts. */
const rules: readonly Rule[] = [
  // Karpenter; the kubelet has the same reason for what it evicts.
  { object: "Pod", reason: "Evicted", message: /^Evicted pod\b/, means: "drained" },
  { object: "Pod", reason: "Evicted", message: /^/, means: "evicted" },
  // The scheduler; where it says "in memory" the pod was not bound yet, and stays.
  {
    object: "Pod",
    reason: "Preempted",
    message: /^Preempted by\b(?!.*\bin kube-scheduler memory)/,
    means: "preempted",
  },
  // The kubelet, for a pod that the node cannot do without.
  { object: "Pod", reason: "Preempting", message: /^Preempted in order to admit/, means: "preempted" },
  { object: "Pod", reason: "TaintManagerEviction", message: /^Marking for deletion/, means: "tainted" },
  { object: "Pod", reason: "TaintManagerEviction", message: /^Cancelling deletion/, means: "taken-back" },
  // Up to Kubernetes 1.26, where taints do not evict.
  { object: "Pod", reason: "NodeControllerEviction", message: /^Marking for deletion/, means: "node-lost" },
  // The cluster autoscaler.
  { object: "Pod", reason: "ScaleDown", message: /^deleting pod for node scale down/, means: "drained" },
  {
    object: "Pod",
    reason: "ScaleDownFailed",
    message: /^failed to (?:forcefully )?delete pod/,
    means: "taken-back",
  },
  // The descheduler, whose reason is the name of a strategy; it also says what it failed to evict.
  {
    object: "Pod",
    reason: null,
    message: /\bevict[^\n]{0,80}by sigs\.k8s\.io\/descheduler(?! failed\b)/,
    means: "drained",
  },
  // Kueue, which suspends the Job; its controller then deletes the pod.
  { object: "Job", reason: "Stopped", message: /^Preempted to accommodate/, means: "preempted" },
];

/** `object`: `Pod/name`, or its kind alone. `null`: the event says nothing of the kind. */
export function removalOf(object: string, reason: string, message: string): Removal | null {
  const [kind] = object.split("/", 1);
  const rule = rules.find(
    (each) =>
      each.object === kind && (each.reason === null || each.reason === reason) && each.message.test(message),
  );
  return rule?.means ?? null;
}

/** A pod that was deleted: by whom, as the newest of its events says; `null`: no event does. */
export function removedBy({ events, nodeName: node }: ClusterFacts): FailureLike | null {
  const told = events
    .map(({ objectKind, reason, message }) => ({ means: removalOf(objectKind, reason, message), message }))
    .findLast(({ means }) => means !== null);
  if (told === undefined || told.means === null) return null;
  const { means, message } = told;
  switch (means) {
    case "evicted":
      return { kind: "evicted", cause: evictedFor(message), overLimit: isOverLimit(message), message };
    case "preempted":
    case "drained":
    case "node-lost":
      return { kind: means, node, message };
    case "tainted":
      return { kind: isNodeAway(events) ? "node-lost" : "drained", node, message };
    case "taken-back":
      return null;
  }
}

/** Without the node nothing tells a lost one from one with an administrator's taint but the controller's events. */
export function isNodeAway(events: ClusterFacts["events"]): boolean {
  return events.some(({ reason }) => reason === "NodeNotReady");
}
