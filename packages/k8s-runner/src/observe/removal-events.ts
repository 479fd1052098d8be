/** Who removed a pod, as an event on it or on its Job says. A pure table: the first rule that fits counts. */

import type { EventEvidence } from "../types/evidence.ts";
import type { RunFailure } from "../types/exit.ts";
import { isLostTaint } from "./node-words.ts";
import { eviction } from "./pod-ending.ts";

type Means = "evicted" | "preempted" | "drained" | "tainted" | "node-lost" | "taken-back";

/**
 * Who deletes a pod and does not evict it leaves no condition on it: Karpenter near the end of a node's time, controllers before
 * Kubernetes 1.26. A deletion alone would be taken for a person's, after which nobody tries again.
 */
const rules: readonly {
  readonly object: "Pod" | "Job";
  /** `null`: any. */
  readonly reason: string | null;
  readonly message: RegExp;
  readonly means: Means;
}[] = [
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

/** `null`: no event says so. The newest that does counts. */
export function removedBy(
  events: readonly EventEvidence[],
  node: string | null,
  nodeTaints: readonly string[],
): RunFailure | null {
  const told = events.map((event) => ({ means: meaningOf(event), message: event.message }));
  const last = told.findLast(({ means }) => means !== null);
  if (last === undefined || last.means === null) return null;
  const { means, message } = last;
  switch (means) {
    case "evicted":
      return eviction(message);
    case "preempted":
    case "drained":
    case "node-lost":
      return { kind: means, node, message };
    case "tainted": {
      const away = nodeTaints.some(isLostTaint) || events.some(({ reason }) => reason === "NodeNotReady");
      return { kind: away ? "node-lost" : "drained", node, message };
    }
    case "taken-back":
      return null;
  }
}

function meaningOf({ object, reason, message }: EventEvidence): Means | null {
  const [kind] = object.split("/", 1);
  const rule = rules.find(
    (each) =>
      each.object === kind && (each.reason === null || each.reason === reason) && each.message.test(message),
  );
  return rule?.means ?? null;
}
