import type { EventLike } from "../evidence/cluster.ts";
import type { Fields } from "../facts/read.ts";
import { type Removal, removalOf } from "../naming/removal-events.ts";

/** What events tell of a pod's end, as the pod's own status told it while it was there. */
const statusOf: Readonly<Record<Removal, (message: string) => object | null>> = {
  evicted: (message) => ({ reason: "Evicted", message }),
  preempted: (message) => disrupted("PreemptionByScheduler", message),
  drained: (message) => disrupted("EvictionByEvictionAPI", message),
  tainted: (message) => disrupted("DeletionByTaintManager", message),
  "node-lost": (message) => disrupted("DeletionByPodGC", message),
  "taken-back": () => null,
};

/**
 * A pod that is gone, by its events, the oldest first: only what the cluster itself did to it, since no event tells how its
 * containers ended. `null`: nothing of the kind, or events of several pods, as those of a whole namespace are.
 */
export function rememberedPod(events: readonly EventLike[]): Fields | null {
  const names = new Set(
    events
      .filter(({ object }) => object?.startsWith("Pod/") === true)
      .map(({ object }) => object?.slice("Pod/".length)),
  );
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) return null;
  for (const { object = "", reason, message = "" } of events.toReversed()) {
    const removal = removalOf(object, reason, message);
    if (removal === null) continue;
    const status = statusOf[removal](message);
    return status === null ? null : { metadata: { name }, status: { phase: "Failed", ...status } };
  }
  return null;
}

function disrupted(reason: string, message: string): object {
  return { conditions: [{ type: "DisruptionTarget", status: "True", reason, message }] };
}
