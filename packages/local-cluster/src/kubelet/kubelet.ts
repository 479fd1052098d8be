import { resourceOf } from "../api/resources.ts";
import { timestamp } from "../objects/time.ts";
import type { Node, Pod } from "../objects/types.ts";
import type { ContainerLog } from "./log-writer.ts";
import type { NodeContext } from "./node.ts";
import { startPodWorker, type PodWorker } from "./pod-worker.ts";

/** One node: its pods' workers, its heartbeat, its log rotation. */
export interface Kubelet {
  readonly node: NodeContext;
  worker(uid: string): PodWorker | undefined;
  workers(): readonly PodWorker[];
  processes(): { pid: number; namespace: string; pod: string; container: string }[];
  /** Does the kubelet's process answer? */
  isUp(): boolean;
  /** Logs that are being followed, and a place among them (to be given back). */
  follows(): number;
  takeFollow(): () => void;
  /** Ends every log stream; used when the kubelet restarts. */
  readonly streams: Set<AbortController>;
  down(): void;
  up(): void;
  /** Everything on the node dies and nobody reports. */
  lose(): void;
  rotate(log: ContainerLog): void;
  /** Waits until no process is left. */
  close(): Promise<void>;
}

export interface KubeletIntervals {
  readonly logCheckMilliseconds: number;
  readonly heartbeatMilliseconds: number;
}

interface State {
  readonly node: NodeContext;
  readonly workers: Map<string, PodWorker>;
  readonly streams: Set<AbortController>;
  readonly cancels: Set<() => void>;
  follows: number;
  up: boolean;
  lost: boolean;
  closed: boolean;
}

export function startKubelet(node: NodeContext, intervals: KubeletIntervals): Kubelet {
  const state: State = {
    node,
    workers: new Map(),
    streams: new Set(),
    cancels: new Set(),
    follows: 0,
    up: true,
    lost: false,
    closed: false,
  };
  const unsubscribe = subscribeToPods(state);
  every(state, intervals.heartbeatMilliseconds, () => heartbeat(state));
  every(state, intervals.logCheckMilliseconds, () => rotateLarge(state));
  const { workers, streams } = state;
  return {
    node,
    streams,
    follows: () => state.follows,
    takeFollow() {
      state.follows += 1;
      return () => void (state.follows -= 1);
    },
    worker: (uid) => workers.get(uid),
    processes: () => processesOf(state),
    workers: () => [...workers.values()],
    isUp: () => state.up && !state.lost,
    down() {
      state.up = false;
      endStreams(state);
    },
    up() {
      state.up = true;
      resync(state);
    },
    lose() {
      state.lost = true;
      endStreams(state);
      for (const worker of workers.values()) worker.abandon();
    },
    rotate: (log) => rotate(state, log),
    async close() {
      state.closed = true;
      unsubscribe();
      for (const cancel of state.cancels) cancel();
      endStreams(state);
      const all = [...workers.values()];
      for (const worker of all) worker.abandon();
      await Promise.all(all.map((worker) => worker.finished));
    },
  };
}

function isWorking({ up, lost, closed }: State): boolean {
  return up && !lost && !closed;
}

function subscribeToPods(state: State): () => void {
  const { node, workers } = state;
  const { store } = node.registry;
  const unsubscribe = store.subscribe("pods", (event) => {
    const pod = event.object as Pod;
    if (pod.spec.nodeName !== node.name || !isWorking(state)) return;
    // Off the writer's stack, and with the newest object.
    setImmediate(() => consider(state, pod.metadata.namespace ?? "", pod.metadata.name, pod.metadata.uid));
  });
  // A worker outlives its process as long as the pod's object does: its logs are still read.
  const unsubscribeRemovals = store.subscribe("pods", (event) => {
    if (event.type !== "DELETED") return;
    const worker = workers.get(event.object.metadata.uid);
    if (worker === undefined) return;
    void worker.finished.finally(() => {
      worker.removeFiles();
      workers.delete(event.object.metadata.uid);
    });
  });
  return () => {
    unsubscribe();
    unsubscribeRemovals();
  };
}

function consider(state: State, namespace: string, name: string, uid: string): void {
  if (!isWorking(state)) return;
  const pod = state.node.registry.store.get("pods", namespace, name) as Pod | undefined;
  const worker = state.workers.get(uid);
  if (pod === undefined || pod.metadata.uid !== uid) {
    // Deleted by force: the API forgot it, the container still gets its signals.
    if (worker !== undefined) {
      worker.markDeleted();
      worker.stop(worker.pod.spec.terminationGracePeriodSeconds ?? 30);
    }
    return;
  }
  if (worker === undefined) {
    const ended = pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
    if (!ended) begin(state, pod);
    else if (pod.metadata.deletionTimestamp !== undefined) removeObject(state, pod);
    return;
  }
  worker.watchDeadline(pod.spec.activeDeadlineSeconds);
  if (pod.metadata.deletionTimestamp !== undefined) {
    worker.stop(pod.metadata.deletionGracePeriodSeconds ?? 0);
    worker.markDeleted();
  }
}

function begin(state: State, pod: Pod): void {
  if (pod.metadata.deletionTimestamp !== undefined) return removeObject(state, pod);
  const { node, workers } = state;
  const worker = startPodWorker(node, pod, () => isWorking(state));
  workers.set(pod.metadata.uid, worker);
  void worker.finished.finally(() => {
    const left = node.registry.store.get("pods", pod.metadata.namespace ?? "", pod.metadata.name);
    if (left?.metadata.uid !== pod.metadata.uid) workers.delete(pod.metadata.uid);
  });
}

function removeObject({ node }: State, pod: Pod): void {
  const current = node.registry.store.get("pods", pod.metadata.namespace ?? "", pod.metadata.name);
  if (current?.metadata.uid !== pod.metadata.uid) return;
  node.registry.remove(resourceOf("pods"), pod.metadata.namespace ?? "", pod.metadata.name, {
    gracePeriodSeconds: 0,
  });
}

function heartbeat(state: State): void {
  if (!isWorking(state)) return;
  const { node } = state;
  node.registry.mutate<Node>("nodes", "", node.name, (draft) => {
    for (const condition of draft.status.conditions) {
      condition.lastHeartbeatTime = timestamp(node.nodeClock);
      if (condition.type === "Ready" && condition.status !== "True") {
        Object.assign(condition, readyCondition, { lastTransitionTime: timestamp(node.nodeClock) });
      }
    }
  });
}

function every(state: State, interval: number, action: () => void): void {
  const { cancels, node } = state;
  let cancel: () => void = () => undefined;
  const tick = () => {
    cancels.delete(cancel);
    if (state.closed) return;
    action();
    cancel = node.clock.after(interval, tick);
    cancels.add(cancel);
  };
  cancel = node.clock.after(interval, tick);
  cancels.add(cancel);
}

function rotateLarge(state: State): void {
  const { node, workers } = state;
  if (!isWorking(state)) return;
  for (const unit of [...workers.values()].flatMap(({ units }) => units)) {
    const log = unit.log();
    const isLarge = log !== null && log.size() >= node.settings.logMaxBytes;
    if (unit.running() !== null && isLarge) rotate(state, log);
  }
}

function rotate({ node }: State, log: ContainerLog): void {
  log.rotate(node.settings.logMaxFiles);
}

function endStreams({ streams }: State): void {
  for (const stream of streams) stream.abort();
  streams.clear();
}

/** What the kubelet missed while it was down. */
function resync(state: State): void {
  const { node, workers } = state;
  heartbeat(state);
  for (const worker of workers.values()) worker.publish();
  for (const pod of node.registry.store.list("pods") as Pod[]) {
    if (pod.spec.nodeName === node.name)
      consider(state, pod.metadata.namespace ?? "", pod.metadata.name, pod.metadata.uid);
  }
  for (const worker of workers.values()) {
    const { namespace = "", name, uid } = worker.pod.metadata;
    consider(state, namespace, name, uid);
  }
}

function processesOf({ workers }: State): ReturnType<Kubelet["processes"]> {
  return [...workers.values()].flatMap((worker) =>
    worker.units.flatMap((unit) => {
      const pid = unit.running()?.pid ?? null;
      if (pid === null) return [];
      const { namespace = "", name } = worker.pod.metadata;
      return [{ pid, namespace, pod: name, container: unit.facts().spec.name }];
    }),
  );
}

export const readyCondition = {
  type: "Ready",
  status: "True" as const,
  reason: "KubeletReady",
  message: "kubelet is posting ready status",
};
