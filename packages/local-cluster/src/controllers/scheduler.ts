import type { Registry } from "../api/registry.ts";
import { timestamp } from "../objects/time.ts";
import type { Node, Pod } from "../objects/types.ts";
import { setCondition } from "./conditions.ts";
import type { EventRecorder } from "./events.ts";
import { explainRefusal, refusalOf, type Refusal } from "./fit.ts";
import { createWorkQueue } from "./work-queue.ts";

export interface Scheduler {
  pause(): void;
  resume(): void;
  close(): void;
}

/** Gives each pod a node, or says in the scheduler's words why none fits. */
export function startScheduler(registry: Registry, events: EventRecorder): Scheduler {
  const { store, clock } = registry;
  let paused = false;
  const queue = createWorkQueue(clock, (key) => {
    const [namespace = "", name = ""] = key.split("/");
    const pod = store.get("pods", namespace, name) as Pod | undefined;
    if (pod !== undefined && !paused) schedule(pod);
  });

  const waitingPods = () =>
    (store.list("pods") as Pod[]).filter(
      (pod) => pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined,
    );
  const retryAll = () => {
    for (const pod of waitingPods()) queue.add(keyOf(pod));
  };

  const unsubscribePods = store.subscribe("pods", (event) => {
    const pod = event.object as Pod;
    const ended = pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
    if (event.type === "ADDED") queue.add(keyOf(pod));
    else if (event.type === "DELETED" || ended) retryAll();
    else if (pod.spec.nodeName === undefined && gatesLifted(pod, event.previous as Pod | null))
      queue.add(keyOf(pod));
  });
  const unsubscribeNodes = store.subscribe("nodes", retryAll);

  function schedule(pod: Pod): void {
    if (pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined) return;
    if ((pod.spec.schedulerName ?? "default-scheduler") !== "default-scheduler") return;
    if ((pod.spec.schedulingGates ?? []).length > 0) {
      return tell(pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates");
    }
    const nodes = store.list("nodes") as Node[];
    const claim = pod.spec.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
      ?.persistentVolumeClaim?.claimName;
    // There are no claims here; the real scheduler's own words, the doubled ones included.
    if (claim !== undefined) {
      const missing = `persistentvolumeclaim "${claim}" not found. not found`;
      return refuse(pod, `0/${nodes.length} nodes are available: ${missing}`);
    }
    const placed = (store.list("pods") as Pod[]).filter((other) => other.spec.nodeName !== undefined);
    const refusals: Refusal[] = [];
    for (const node of leastLoadedFirst(nodes, placed)) {
      const refusal = refusalOf(pod, node, placed);
      if (refusal === null) return bind(pod, node);
      refusals.push(refusal);
    }
    refuse(pod, explainRefusal(nodes.length, refusals));
  }

  function refuse(pod: Pod, message: string): void {
    const before = (pod.status.conditions ?? []).find((condition) => condition.type === "PodScheduled");
    tell(pod, "Unschedulable", message);
    if (before?.message !== message) {
      events.recordAction(pod, {
        type: "Warning",
        reason: "FailedScheduling",
        message,
        action: "Scheduling",
      });
    }
  }

  function bind(pod: Pod, node: Node): void {
    const { namespace = "", name } = pod.metadata;
    registry.mutate<Pod>("pods", namespace, name, (draft) => {
      draft.spec.nodeName = node.metadata.name;
      setCondition(
        (draft.status.conditions ??= []),
        {
          type: "PodScheduled",
          status: "True",
          lastProbeTime: null,
          observedGeneration: draft.metadata.generation ?? 1,
        },
        timestamp(clock),
      );
    });
    events.recordAction(pod, {
      type: "Normal",
      reason: "Scheduled",
      message: `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`,
      action: "Binding",
    });
  }

  function tell(pod: Pod, reason: string, message: string): void {
    registry.mutate<Pod>("pods", pod.metadata.namespace ?? "", pod.metadata.name, (draft) => {
      setCondition(
        (draft.status.conditions ??= []),
        {
          type: "PodScheduled",
          status: "False",
          reason,
          message,
          lastProbeTime: null,
          observedGeneration: draft.metadata.generation ?? 1,
        },
        timestamp(clock),
      );
    });
  }

  return {
    pause: () => void (paused = true),
    resume() {
      paused = false;
      retryAll();
    },
    close() {
      queue.close();
      unsubscribePods();
      unsubscribeNodes();
    },
  };
}

function gatesLifted(pod: Pod, previous: Pod | null): boolean {
  return (previous?.spec.schedulingGates ?? []).length > 0 && (pod.spec.schedulingGates ?? []).length === 0;
}

function leastLoadedFirst(nodes: readonly Node[], placed: readonly Pod[]): Node[] {
  const load = new Map<string, number>();
  for (const pod of placed) {
    const node = pod.spec.nodeName ?? "";
    load.set(node, (load.get(node) ?? 0) + 1);
  }
  return [...nodes].sort((a, b) => (load.get(a.metadata.name) ?? 0) - (load.get(b.metadata.name) ?? 0));
}

function keyOf(pod: Pod): string {
  return `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
}
