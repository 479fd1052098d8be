import type { ClusterClock } from "./clock.ts";
import type { NodeOptions } from "./options.ts";

/** Names one pod. */
export interface PodReference {
  readonly namespace: string;
  readonly name: string;
}

/** A Kubernetes API server with its controllers and kubelets, alive in this process. */
export interface LocalCluster {
  /** A kubeconfig (YAML) with the cluster's CA and an admin's token. Accepted by `kubectl` and every client library. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** PEM of the certificate authority that signs `url`. */
  readonly certificateAuthority: string;
  /** The admin's bearer token. */
  readonly token: string;
  /** The control plane's. */
  readonly clock: ClusterClock;
  readonly kubelet: KubeletControls;
  readonly apiServer: ApiServerControls;
  readonly scheduler: SchedulerControls;
  /** A kubeconfig for another user of the `users` option. Throws when there is no such user. */
  kubeconfigFor(user: string): string;
  /** What lives at this moment: objects, processes, connections, requests since the start. */
  inspect(): ClusterInspection;
  /** Ends every process, watch and connection and removes every file. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Faults of nodes and containers. A pod or container that does not exist rejects with `UnknownObjectError`. */
export interface KubeletControls {
  /** Renames the open log and opens a new one, as containerd does on the kubelet's word. Default: every container of the pod. */
  rotateLogs(pod: PodReference, container?: string): Promise<void>;
  /** Kills the container's main process for memory: `OOMKilled`, 137. With `child` only a child dies: the main process lives on, and its own exit code comes with reason `OOMKilled`. */
  oomKill(
    pod: PodReference,
    options?: { readonly container?: string; readonly child?: boolean },
  ): Promise<void>;
  /** Node-pressure eviction: phase Failed, reason `Evicted`, containers and logs gone. */
  evict(
    pod: PodReference,
    options?: { readonly resource?: "memory" | "ephemeral-storage"; readonly message?: string },
  ): Promise<void>;
  /** Removes the container's log files: reads answer 200 with the kubelet's own words. */
  removeLogs(pod: PodReference, container?: string): Promise<void>;
  /** The kubelet's process ends and starts again: follows end cleanly, containers run on. */
  restart(options?: { readonly node?: string; readonly downMilliseconds?: number }): Promise<void>;
  /** The kubelet (not the containers) stops: log reads fail with 500, the node turns `Unknown` after its grace. */
  stop(node?: string): Promise<void>;
  start(node?: string): Promise<void>;
  /** The node is gone with everything on it: processes die, nobody reports; the Node object is removed. */
  loseNode(node?: string): Promise<void>;
  /** Moves the node's clock: later log records, container times, conditions and heartbeats carry it. Negative = back. */
  stepClock(milliseconds: number, node?: string): void;
  /** Rounds log timestamps down to this grain, so that many records share one. 0 = nanoseconds. */
  setClockGranularity(milliseconds: number, node?: string): void;
  /** From now on `state.terminated` comes this much later than the container's end. */
  delayTerminated(milliseconds: number): void;
  /** From now on at most so many logs can be followed at once; `null` = no limit. */
  limitFollows(count: number | null): void;
}

export interface ApiServerControls {
  /** Closes every connection and listens again on the same port after `downMilliseconds` (default 0). `loseWatchHistory`: old resource versions answer 410. */
  restart(options?: {
    readonly downMilliseconds?: number;
    readonly loseWatchHistory?: boolean;
  }): Promise<void>;
  /** Forgets watch history now: the next watch from an old resource version gets 410, running watches go on. */
  compact(): void;
  /** Moves the clock of the control plane: its `Date` headers, creation times, conditions, events. The nodes have clocks of their own. Negative = back. */
  stepClock(milliseconds: number): void;
  /** From now on only this token is the admin's; requests with the old one answer 401. Returns the kubeconfig with it. */
  rotateToken(): string;
}

export interface SchedulerControls {
  /** Preempts the pod for another of higher priority: `DisruptionTarget`, `PreemptionByScheduler`, graceful deletion. */
  preempt(pod: PodReference): Promise<void>;
  /** Adds a node; pods that waited for room are scheduled. */
  addNode(node: NodeOptions): void;
  /** Pods stay Pending while paused. */
  pause(): void;
  resume(): void;
}

export interface ClusterInspection {
  /** Objects per resource, such as `{ pods: 3, jobs: 3 }`. Resources without objects are absent. */
  readonly objects: Readonly<Record<string, number>>;
  /** Processes that run for containers now. */
  readonly processes: readonly {
    readonly pid: number;
    readonly namespace: string;
    readonly pod: string;
    readonly container: string;
  }[];
  readonly connections: number;
  readonly watches: number;
  readonly follows: number;
  /** Requests since the start, by `verb resource`, such as `create jobs` or `get pods/log`. */
  readonly requests: Readonly<Record<string, number>>;
  readonly resourceVersion: number;
  /** Folder with the pods' volumes and logs. */
  readonly directory: string;
}
