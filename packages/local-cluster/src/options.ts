import type { ClusterClock } from "./clock.ts";

/** What the local cluster is made of. Everything is optional; the default is one node with plenty of room. */
export interface LocalClusterOptions {
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. A taken port rejects with the system's `EADDRINUSE`. */
  readonly port?: number;
  /** Namespaces to make besides `default`, `kube-system`, `kube-public` and `kube-node-lease`. */
  readonly namespaces?: readonly string[];
  /** The nodes; default: one node `node-1`, 8 cpu, 32Gi memory, 110 pods. */
  readonly nodes?: readonly NodeOptions[];
  /** Bearer tokens besides the admin's own (which is made at random), and what each may do. */
  readonly users?: readonly UserOptions[];
  /** What pulling an image gives; default: every valid name is there at once. */
  readonly images?: (image: string) => ImageState;
  /** Containers that are scripts instead of processes: return `null` for a real process. */
  readonly containers?: (context: ContainerContext) => ContainerScript | null;
  /** What admission refuses; see {@link AdmissionOptions}. */
  readonly admission?: AdmissionOptions;
  /** How the kubelet keeps its time and its log files. */
  readonly kubelet?: KubeletOptions;
  /** The cluster's clock: `createSystemClock()` (default) or one made by `createVirtualClock`. */
  readonly clock?: ClusterClock;
  /** Watch events kept for `resourceVersion`; older ones answer 410. Default 10,000. */
  readonly watchHistoryLimit?: number;
  /** Milliseconds between bookmarks on a watch that asked for them. Default 60,000, as the real server. */
  readonly bookmarkIntervalMilliseconds?: number;
  /** Milliseconds without a kubelet heartbeat until the node is `Unknown`. Default 40,000. */
  readonly nodeGraceMilliseconds?: number;
}

export interface NodeOptions {
  readonly name: string;
  /** Kubernetes quantities; default 8. */
  readonly cpu?: string;
  /** Kubernetes quantity; default 32Gi. */
  readonly memory?: string;
  /** How many pods fit; default 110. */
  readonly pods?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  }[];
  readonly unschedulable?: boolean;
}

/** A bearer token and the rules that bind it, in the words of an RBAC role. Without rules it may do all. */
export interface UserOptions {
  readonly token: string;
  readonly name: string;
  readonly groups?: readonly string[];
  readonly rules?: readonly AccessRule[];
}

export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  /** `pods`, `pods/log`, `*`. */
  readonly resources: readonly string[];
  /** Absent or empty: every namespace. */
  readonly namespaces?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** What the node's runtime finds when it looks for an image. */
export type ImageState =
  | { readonly kind: "present"; readonly command?: readonly string[]; readonly args?: readonly string[] }
  | {
      /** Not on the node, can be pulled: `Pulling`, then `Pulled`. */
      readonly kind: "pullable";
      readonly pullMilliseconds?: number;
      readonly command?: readonly string[];
      readonly args?: readonly string[];
    }
  | { readonly kind: "not-found" }
  | { readonly kind: "denied" }
  /** The registry cannot be reached. */
  | { readonly kind: "unreachable" };

export interface ContainerContext {
  readonly namespace: string;
  readonly pod: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly container: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Literal and resolved variables, as the process would see them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A container without a process: what it prints, when, and how it ends, on the cluster's clock. */
export interface ContainerScript {
  /** Read lazily, one step at a time, so that a script of a million lines costs nothing up front. */
  readonly steps: Iterable<ScriptStep>;
  /** Default: exit code 0. `never` runs until it is stopped. */
  readonly ending?: ScriptEnding | "never";
  /** What SIGTERM does. Default: the container ends with 143 at once. `ignore` waits for SIGKILL. */
  readonly onTerminate?: "ignore" | { readonly exitCode: number; readonly afterMilliseconds?: number };
}

export interface ScriptStep {
  /** Milliseconds of the cluster's clock since the step before. Default 0. */
  readonly afterMilliseconds?: number;
  /** Bytes written in one go. A newline is not added. */
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string | Uint8Array;
}

export interface ScriptEnding {
  readonly exitCode: number;
  readonly afterMilliseconds?: number;
  /** Signal number, as in `state.terminated.signal`. */
  readonly signal?: number;
  /** Default: `Completed` for exit code 0, else `Error`. */
  readonly reason?: "Completed" | "Error" | "OOMKilled" | "ContainerCannotRun" | "StartError";
  /** The termination message. */
  readonly message?: string;
}

/** Refusals that on a real cluster come from quotas, policies and controllers. All are off by default. */
export interface AdmissionOptions {
  /** ResourceQuota: the most pods at one time in a namespace; more gives `FailedCreate` with `exceeded quota`. */
  readonly podQuota?: Readonly<Record<string, number>>;
  /** Pod Security level enforced on a namespace; pods that violate it are refused in the API's words. */
  readonly podSecurity?: Readonly<Record<string, "privileged" | "baseline" | "restricted">>;
  /** Admission webhook: returns the text of a refusal, or null. Applies to Jobs and pods on creation. */
  readonly webhook?: (object: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly object: unknown;
  }) => string | null;
  /** Service accounts that exist besides `default`, per namespace. A pod naming another is refused. */
  readonly serviceAccounts?: Readonly<Record<string, readonly string[]>>;
}

export interface KubeletOptions {
  /** Size at which a running container's log is rotated. Default 10 MiB. */
  readonly logMaxBytes?: number;
  /** Log files kept for a container, the open one included. Default 5. Only the newest is readable. */
  readonly logMaxFiles?: number;
  /** How often sizes are looked at. Default 10,000. */
  readonly logCheckMilliseconds?: number;
  /** Minutes east of UTC in the log's timestamps. Default 0 (`Z`). */
  readonly utcOffsetMinutes?: number;
  /** Time from the pod's binding to its container's start (sandbox, volumes). Default 0. */
  readonly startMilliseconds?: number;
  /** Time between a container's end and its `state.terminated`; the phase may be told first. Default 0. */
  readonly terminatedDelayMilliseconds?: number;
  /** How many logs can be followed at once on a node (inotify instances). Default: no limit; real nodes have about 115. */
  readonly followLimit?: number;
  /** Directory for pod files and logs. Default: a new folder in the system's temporary directory. */
  readonly directory?: string;
}
