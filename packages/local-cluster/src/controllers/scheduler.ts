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
    if (pod !== undefined && !paused) schedule(registry, events, pod);
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

function schedule(registry: Registry, events: EventRecorder, pod: Pod): void {
  const { store } = registry;
  if (pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined) return;
  if ((pod.spec.schedulerName ?? "default-scheduler") !== "default-scheduler") return;
  if ((pod.spec.schedulingGates ?? []).length > 0) {
    const message = "Scheduling is blocked due to non-empty scheduling gates";
    return setScheduled(registry, pod, { status: "False", reason: "SchedulingGated", message });
  }
  const nodes = store.list("nodes") as Node[];
  const claim = pod.spec.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
    ?.persistentVolumeClaim?.claimName;
  // There are no claims here; the real scheduler's own words, the doubled ones included.
  if (claim !== undefined) {
    const missing = `persistentvolumeclaim "${claim}" not found. not found`;
    return refuse(registry, events, pod, `0/${nodes.length} nodes are available: ${missing}`);
  }
  const placed = (store.list("pods") as Pod[]).filter((other) => other.spec.nodeName !== undefined);
  const refusals: Refusal[] = [];
  for (const node of leastLoadedFirst(nodes, placed)) {
    const refusal = refusalOf(pod, node, placed);
    if (refusal === null) return bind(registry, events, pod, node);
    refusals.push(refusal);
  }
  refuse(registry, events, pod, explainRefusal(nodes.length, refusals));
}

function refuse(registry: Registry, events: EventRecorder, pod: Pod, message: string): void {
  const before = (pod.status.conditions ?? []).find((condition) => condition.type === "PodScheduled");
  setScheduled(registry, pod, { status: "False", reason: "Unschedulable", message });
  if (before?.message === message) return;
  events.recordAction(pod, { type: "Warning", reason: "FailedScheduling", message, action: "Scheduling" });
}

function bind(registry: Registry, events: EventRecorder, pod: Pod, node: Node): void {
  setScheduled(registry, pod, { status: "True" }, node.metadata.name);
  events.recordAction(pod, {
    type: "Normal",
    reason: "Scheduled",
    message: `Successfully assigned ${pod.metadata.namespace ?? ""}/${pod.metadata.name} to ${node.metadata.name}`,
    action: "Binding",
  });
}

/** Writes the condition, and the node together with it. */
function setScheduled(
  registry: Registry,
  pod: Pod,
  scheduled: { readonly status: "True" | "False"; readonly reason?: string; readonly message?: string },
  nodeName?: string,
): void {
  registry.mutate<Pod>("pods", pod.metadata.namespace ?? "", pod.metadata.name, (draft) => {
    if (nodeName !== undefined) draft.spec.nodeName = nodeName;
    const observedGeneration = draft.metadata.generation ?? 1;
    setCondition(
      (draft.status.conditions ??= []),
      { type: "PodScheduled", ...scheduled, lastProbeTime: null, observedGeneration },
      timestamp(registry.clock),
    );
  });
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
