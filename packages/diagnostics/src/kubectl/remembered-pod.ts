import type { EventLike } from "../evidence/cluster.ts";
import type { Fields } from "../facts/read.ts";

/** What events tell of a pod's end, as the pod's own status told it while it was there. */
const statusOf: Readonly<Record<string, (message: string) => object | null>> = {
  Evicted: (message) => ({ reason: "Evicted", message }),
  Preempted: (message) => disrupted("PreemptionByScheduler", message),
  // The same controller also takes its word back.
  TaintManagerEviction: (message) =>
    message.startsWith("Marking for deletion") ? disrupted("DeletionByTaintManager", message) : null,
};

/**
 * A pod that is gone, by its events, the oldest first: only what the cluster itself did to it, since no event tells how its
 * containers ended. `null`: nothing of the kind, or events of several pods, as those of a whole namespace are.
 */
export function rememberedPod(events: readonly EventLike[]): Fields | null {
  const ofPods = events.filter(({ object }) => object?.startsWith("Pod/") === true);
  const [name, ...others] = new Set(ofPods.map(({ object }) => object?.slice("Pod/".length)));
  const last = ofPods.findLast(({ reason }) => Object.hasOwn(statusOf, reason));
  if (name === undefined || others.length > 0 || last === undefined) return null;
  const status = statusOf[last.reason]?.(last.message ?? "") ?? null;
  return status === null ? null : { metadata: { name }, status: { phase: "Failed", ...status } };
}

function disrupted(reason: string, message: string): object {
  return { conditions: [{ type: "DisruptionTarget", status: "True", reason, message }] };
}
