import { disrupt } from "../api/eviction.ts";
import type { Registry } from "../api/registry.ts";
import { ApiError } from "../api/status.ts";
import { milliseconds } from "../objects/time.ts";
import type { Node, Pod } from "../objects/types.ts";
import type { EventRecorder } from "./events.ts";
import { tolerates } from "./fit.ts";
import { createWorkQueue } from "./work-queue.ts";

type Taint = NonNullable<Node["spec"]["taints"]>[number];

/** Lets pods go that do not tolerate a NoExecute taint of their node, or no longer. */
export function startTaintEviction(registry: Registry, events: EventRecorder): () => void {
  const { store, clock } = registry;
  /** A taint that a client wrote has no time of its own: it counts from when it was seen. */
  const seenAt = new Map<string, number>();
  const queue = createWorkQueue(clock, look);

  function look(name: string): void {
    const taints = (store.get("nodes", "", name) as Node | undefined)?.spec.taints ?? [];
    const now = milliseconds(clock);
    const active = taints.filter((taint) => taint.effect === "NoExecute");
    remember(name, active, now);
    if (active.length === 0) return;
    let next = Number.POSITIVE_INFINITY;
    for (const pod of store.list("pods") as Pod[]) {
      if (pod.spec.nodeName !== name || pod.metadata.deletionTimestamp !== undefined) continue;
      if (pod.status.phase === "Succeeded" || pod.status.phase === "Failed") continue;
      const due = Math.min(...active.map((taint) => sinceOf(name, taint, now) + patienceOf(pod, taint)));
      if (due <= now) evict(pod);
      else next = Math.min(next, due);
    }
    if (next < Number.POSITIVE_INFINITY) queue.addAfter(name, next - now);
  }

  function remember(node: string, taints: readonly Taint[], now: number): void {
    const present = new Set(taints.map((taint) => `${node} ${taint.key}`));
    for (const key of seenAt.keys()) if (key.startsWith(`${node} `) && !present.has(key)) seenAt.delete(key);
    for (const key of present) if (!seenAt.has(key)) seenAt.set(key, now);
  }

  function sinceOf(node: string, taint: Taint, now: number): number {
    const told = taint.timeAdded === undefined ? Number.NaN : Date.parse(taint.timeAdded);
    return Number.isNaN(told) ? (seenAt.get(`${node} ${taint.key}`) ?? now) : told;
  }

  function evict(pod: Pod): void {
    const { namespace = "", name } = pod.metadata;
    events.record(pod, {
      type: "Normal",
      reason: "TaintManagerEviction",
      message: `Marking for deletion Pod ${namespace}/${name}`,
    });
    try {
      disrupt(registry, namespace, name, {
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  const unsubscribeNodes = store.subscribe("nodes", ({ object }) => {
    const tainted = ((object as Node).spec.taints ?? []).length > 0;
    if (tainted || seenAt.size > 0) queue.add(object.metadata.name);
  });
  const unsubscribePods = store.subscribe("pods", ({ type, object }) => {
    const { nodeName } = (object as Pod).spec;
    if (type !== "DELETED" && nodeName !== undefined && seenAt.size > 0) queue.add(nodeName);
  });
  return () => {
    queue.close();
    unsubscribeNodes();
    unsubscribePods();
  };
}

/** Milliseconds that the pod stays with the taint; Infinity: it does not mind. */
function patienceOf(pod: Pod, taint: Taint): number {
  const matching = (pod.spec.tolerations ?? []).filter((toleration) => tolerates([toleration], taint));
  if (matching.length === 0) return 0;
  return Math.min(
    ...matching.map(({ tolerationSeconds }) => (tolerationSeconds ?? Number.POSITIVE_INFINITY) * 1000),
  );
}
