import type { FaultProxy, LocalCluster, PodReference } from "@claude-k8s/local-cluster";

import { UsageError } from "../exit-codes.ts";
import { duration } from "../options.ts";

/** What a fault can lay hands on. */
export interface Stage {
  readonly cluster: LocalCluster;
  readonly proxy: FaultProxy;
  readonly pod: PodReference;
  readonly jobName: string;
  /** The process that supervises is gone at once; another one takes over. */
  killSupervisor(): Promise<void>;
  /** A person stops the run. */
  stop(): void;
  /** Somebody else deletes it. */
  remove(kind: "job" | "pod"): Promise<void>;
}

interface Fault {
  readonly title: string;
  /** The run ends by it; others it outlives, and nothing may get lost. */
  readonly ends: boolean;
  /** Must be arranged before the log is opened; it strikes by itself. */
  readonly prepare?: (proxy: FaultProxy, afterMilliseconds: number) => Promise<unknown>;
  readonly strike?: (stage: Stage) => Promise<void>;
  /** Never before something of the log has arrived: a beginning that it takes away, nobody can know of. */
  readonly afterFirstOutput?: boolean;
}

export const faults: Readonly<Record<string, Fault>> = {
  "cut-log": {
    title: "every connection breaks, the log's among them",
    ends: false,
    async strike({ proxy }) {
      proxy.disconnectAll();
    },
  },
  "end-log": {
    title: "the log stream ends cleanly, as if the container had",
    ends: false,
    prepare: (proxy, afterMilliseconds) =>
      proxy.inject({
        when: { kind: "log-follow" },
        fault: { kind: "cut", ending: "clean", afterMilliseconds },
      }).happened,
  },
  "429-storm": {
    title: "the API server answers 429 to twenty requests",
    ends: false,
    async strike({ proxy }) {
      proxy.inject({ fault: { kind: "status", code: 429, retryAfterSeconds: 1 }, times: 20 });
      proxy.disconnectAll();
    },
  },
  "restart-api": {
    title: "the API server restarts and is away for a second",
    ends: false,
    strike: ({ cluster }) => cluster.apiServer.restart({ downMilliseconds: 1000 }),
  },
  "forget-history": {
    title: "the API server restarts without its history: 410 for every watch",
    ends: false,
    strike: ({ cluster }) => cluster.apiServer.restart({ loseWatchHistory: true }),
  },
  "restart-kubelet": {
    title: "the kubelet restarts: logs end cleanly, containers run on",
    ends: false,
    strike: ({ cluster }) => cluster.kubelet.restart({ downMilliseconds: 500 }),
  },
  rotate: {
    title: "the log file is rotated",
    ends: false,
    strike: ({ cluster, pod }) => cluster.kubelet.rotateLogs(pod),
    afterFirstOutput: true,
  },
  "skew-clock": {
    title: "the node's clock goes back by two seconds",
    ends: false,
    async strike({ cluster }) {
      cluster.kubelet.stepClock(-2000);
    },
  },
  "kill-supervisor": {
    title: "the supervising process dies; another one takes over",
    ends: false,
    strike: (stage) => stage.killSupervisor(),
  },
  oom: {
    title: "the kernel kills the container for memory",
    ends: true,
    strike: ({ cluster, pod }) => cluster.kubelet.oomKill(pod),
  },
  evict: {
    title: "the node is short of memory and evicts the pod",
    ends: true,
    strike: ({ cluster, pod }) => cluster.kubelet.evict(pod, { resource: "memory" }),
  },
  "full-disk": {
    title: "the node's disk is full: it evicts the pod",
    ends: true,
    strike: ({ cluster, pod }) => cluster.kubelet.evict(pod, { resource: "ephemeral-storage" }),
  },
  preempt: {
    title: "the scheduler takes the pod away for another",
    ends: true,
    strike: ({ cluster, pod }) => cluster.scheduler.preempt(pod),
  },
  "node-loss": {
    title: "the node is gone, with everything on it",
    ends: true,
    strike: ({ cluster }) => cluster.kubelet.loseNode(),
  },
  "delete-job": {
    title: "somebody deletes the Job",
    ends: true,
    strike: (stage) => stage.remove("job"),
  },
  "delete-pod": {
    title: "somebody deletes the pod",
    ends: true,
    strike: (stage) => stage.remove("pod"),
  },
  stop: {
    title: "a person stops the run",
    ends: true,
    async strike(stage) {
      stage.stop();
    },
  },
};

export interface PlannedFault {
  readonly name: string;
  readonly fault: Fault;
  /** After the container's start, at speed 1. */
  readonly atSeconds: number;
}

/** `name@time`; without a time at a place that the seed decides. */
export function plannedFault(text: string, random: () => number): PlannedFault {
  const [name = "", at] = text.split("@");
  const fault = Object.hasOwn(faults, name) ? faults[name] : undefined;
  if (fault === undefined)
    throw new UsageError(
      `--fault ${text}: there is no fault of this name; there are ${Object.keys(faults).join(", ")}`,
    );
  try {
    return { name, fault, atSeconds: at === undefined ? 1 + random() * 5 : duration(at) };
  } catch {
    throw new UsageError(`--fault ${text}: what stands after the @ must be a time, for example ${name}@3s`);
  }
}
