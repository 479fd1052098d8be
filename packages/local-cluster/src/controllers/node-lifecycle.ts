import type { ClusterClock } from "../clock.ts";
import type { Registry } from "../api/registry.ts";
import { milliseconds, timestamp } from "../objects/time.ts";
import type { Node, Pod } from "../objects/types.ts";
import { setCondition } from "./conditions.ts";
import type { EventRecorder } from "./events.ts";

const unreachable = "node.kubernetes.io/unreachable";

/** As the controller manager has it (`--node-monitor-grace-period`). */
export const defaultNodeGraceMilliseconds = 40_000;

/** Tells a node without heartbeat as Unknown, and taints it; the pods go by the taint. */
export function startNodeLifecycle(
  registry: Registry,
  /** One that nobody sets: silence is a length of time. */
  steady: ClusterClock,
  events: EventRecorder,
  graceMilliseconds: number,
): () => void {
  const { store, clock } = registry;
  /** Each node's last heartbeat, and when it was seen by our own clock: the node's may be minutes away from it. */
  const heartbeats = new Map<string, { readonly told: string; readonly seenAt: number }>();
  let closed = false;
  let cancel: () => void = () => undefined;

  function look(): void {
    for (const node of store.list("nodes") as Node[]) {
      const ready = node.status.conditions.find((condition) => condition.type === "Ready");
      const silent = silentFor(node.metadata.name, ready?.lastHeartbeatTime ?? "");
      const tainted = (node.spec.taints ?? []).find(
        (taint) => taint.key === unreachable && taint.effect === "NoExecute",
      );
      // Heartbeats have whole seconds, so a second of silence may be none.
      if (ready?.status === "True" && silent >= graceMilliseconds + 1000) lose(registry, events, node);
      else if (ready?.status === "True" && tainted !== undefined) regain(registry, node);
    }
    if (!closed) cancel = clock.after(Math.min(5000, Math.max(50, graceMilliseconds / 4)), look);
  }

  function silentFor(name: string, told: string): number {
    const now = milliseconds(steady);
    const before = heartbeats.get(name);
    const seenAt = before?.told === told ? before.seenAt : now;
    heartbeats.set(name, { told, seenAt });
    return now - seenAt;
  }

  look();
  return () => {
    closed = true;
    cancel();
  };
}

function lose(registry: Registry, events: EventRecorder, node: Node): void {
  markUnknown(registry, node);
  events.record(node, {
    type: "Normal",
    reason: "NodeNotReady",
    message: `Node ${node.metadata.name} status is now: NodeNotReady`,
  });
  for (const pod of podsOn(registry, node)) {
    markNotReady(registry, pod);
    events.record(pod, { type: "Warning", reason: "NodeNotReady", message: "Node is not ready" });
  }
}

function markUnknown(registry: Registry, node: Node): void {
  const now = timestamp(registry.clock);
  registry.mutate<Node>("nodes", "", node.metadata.name, (draft) => {
    for (const condition of draft.status.conditions) {
      Object.assign(condition, {
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
        lastTransitionTime: now,
      });
    }
    draft.spec.taints = [
      ...(draft.spec.taints ?? []),
      { key: unreachable, effect: "NoSchedule", timeAdded: now },
      { key: unreachable, effect: "NoExecute", timeAdded: now },
    ];
  });
}

function markNotReady(registry: Registry, pod: Pod): void {
  registry.mutate<Pod>("pods", pod.metadata.namespace ?? "", pod.metadata.name, (draft) => {
    const condition = draft.status.conditions?.find((entry) => entry.type === "Ready");
    if (condition?.status !== "True") return;
    setCondition(draft.status.conditions ?? [], { ...condition, status: "False" }, timestamp(registry.clock));
  });
}

function regain(registry: Registry, node: Node): void {
  registry.mutate<Node>("nodes", "", node.metadata.name, (draft) => {
    draft.spec.taints = (draft.spec.taints ?? []).filter((taint) => taint.key !== unreachable);
    if (draft.spec.taints.length === 0) delete draft.spec.taints;
  });
}

function podsOn({ store }: Registry, node: Node): Pod[] {
  return (store.list("pods") as Pod[]).filter(
    (pod) =>
      pod.spec.nodeName === node.metadata.name &&
      pod.status.phase !== "Succeeded" &&
      pod.status.phase !== "Failed",
  );
}
