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

export function startKubelet(node: NodeContext, intervals: KubeletIntervals): Kubelet {
  const { store } = node.registry;
  const workers = new Map<string, PodWorker>();
  const streams = new Set<AbortController>();
  let follows = 0;
  let up = true;
  let lost = false;
  let closed = false;
  const cancels = new Set<() => void>();

  const unsubscribe = store.subscribe("pods", (event) => {
    const pod = event.object as Pod;
    if (pod.spec.nodeName !== node.name || !up || lost || closed) return;
    // Off the writer's stack, and with the newest object.
    setImmediate(() => consider(pod.metadata.namespace ?? "", pod.metadata.name, pod.metadata.uid));
  });

  function consider(namespace: string, name: string, uid: string): void {
    if (closed || lost || !up) return;
    const pod = store.get("pods", namespace, name) as Pod | undefined;
    const worker = workers.get(uid);
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
      if (!ended) begin(pod);
      else if (pod.metadata.deletionTimestamp !== undefined) removeObject(pod);
      return;
    }
    worker.watchDeadline(pod.spec.activeDeadlineSeconds);
    if (pod.metadata.deletionTimestamp !== undefined) {
      worker.stop(pod.metadata.deletionGracePeriodSeconds ?? 0);
      worker.markDeleted();
    }
  }

  function begin(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return removeObject(pod);
    const worker = startPodWorker(node, pod, () => up && !closed && !lost);
    workers.set(pod.metadata.uid, worker);
    void worker.finished.finally(() => {
      const left = store.get("pods", pod.metadata.namespace ?? "", pod.metadata.name);
      if (left?.metadata.uid !== pod.metadata.uid) workers.delete(pod.metadata.uid);
    });
  }

  function removeObject(pod: Pod): void {
    const current = store.get("pods", pod.metadata.namespace ?? "", pod.metadata.name);
    if (current?.metadata.uid !== pod.metadata.uid) return;
    node.registry.remove(resourceOf("pods"), pod.metadata.namespace ?? "", pod.metadata.name, {
      gracePeriodSeconds: 0,
    });
  }

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

  function heartbeat(): void {
    if (closed || lost) return;
    if (up) {
      node.registry.mutate<Node>("nodes", "", node.name, (draft) => {
        for (const condition of draft.status.conditions) {
          condition.lastHeartbeatTime = timestamp(node.nodeClock);
          if (condition.type === "Ready" && condition.status !== "True") {
            Object.assign(condition, readyCondition, { lastTransitionTime: timestamp(node.nodeClock) });
          }
        }
      });
    }
  }

  function every(interval: number, action: () => void): void {
    let cancel: () => void = () => undefined;
    const tick = () => {
      cancels.delete(cancel);
      if (closed) return;
      action();
      cancel = node.clock.after(interval, tick);
      cancels.add(cancel);
    };
    cancel = node.clock.after(interval, tick);
    cancels.add(cancel);
  }

  function rotateLarge(): void {
    if (!up || lost) return;
    for (const worker of workers.values()) {
      for (const unit of worker.units) {
        const log = unit.log();
        if (unit.running() !== null && log !== null && log.size() >= node.settings.logMaxBytes) rotate(log);
      }
    }
  }

  function rotate(log: ContainerLog): void {
    log.rotate(node.settings.logMaxFiles);
  }

  function endStreams(): void {
    for (const stream of streams) stream.abort();
    streams.clear();
  }

  function resync(): void {
    heartbeat();
    for (const worker of workers.values()) worker.publish();
    for (const pod of store.list("pods") as Pod[]) {
      if (pod.spec.nodeName === node.name)
        consider(pod.metadata.namespace ?? "", pod.metadata.name, pod.metadata.uid);
    }
    for (const worker of workers.values()) {
      const { namespace = "", name, uid } = worker.pod.metadata;
      consider(namespace, name, uid);
    }
  }

  every(intervals.heartbeatMilliseconds, heartbeat);
  every(intervals.logCheckMilliseconds, rotateLarge);

  return {
    node,
    streams,
    follows: () => follows,
    takeFollow() {
      follows += 1;
      return () => void (follows -= 1);
    },
    worker: (uid) => workers.get(uid),
    processes: () =>
      [...workers.values()].flatMap((worker) =>
        worker.units.flatMap((unit) => {
          const pid = unit.running()?.pid ?? null;
          if (pid === null) return [];
          const { namespace = "", name } = worker.pod.metadata;
          return [{ pid, namespace, pod: name, container: unit.facts().spec.name }];
        }),
      ),
    workers: () => [...workers.values()],
    isUp: () => up && !lost,
    down() {
      up = false;
      endStreams();
    },
    up() {
      up = true;
      resync();
    },
    lose() {
      lost = true;
      endStreams();
      for (const worker of workers.values()) worker.abandon();
    },
    rotate,
    async close() {
      closed = true;
      unsubscribe();
      unsubscribeRemovals();
      for (const cancel of cancels) cancel();
      endStreams();
      const all = [...workers.values()];
      for (const worker of all) worker.abandon();
      await Promise.all(all.map((worker) => worker.finished));
    },
  };
}

export const readyCondition = {
  type: "Ready",
  status: "True" as const,
  reason: "KubeletReady",
  message: "kubelet is posting ready status",
};
