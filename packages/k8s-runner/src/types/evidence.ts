/** What the cluster showed of a run. Plain JSON, without secrets: only the fields that explain an ending are kept. */

import type { FilesEvidence } from "./copies.ts";
import type { RepositoryEvidence } from "./repository.ts";

export interface ContainerEvidence {
  readonly name: string;
  readonly init: boolean;
  /** The container's own policy. `Always` on an init container makes it a sidecar that runs beside the main container. */
  readonly restartPolicy: string | null;
  /** It runs, and its startup probe has passed; a sidecar then holds up nothing any more. `null`: the kubelet has not said. */
  readonly started: boolean | null;
  readonly image: string | null;
  readonly restartCount: number;
  readonly state: ContainerStateEvidence;
  /** The limits and requests of the container's spec. */
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
}

export type ContainerStateEvidence =
  | { readonly kind: "waiting"; readonly reason: string | null; readonly message: string | null }
  | { readonly kind: "running"; readonly startedAt: string | null }
  | {
      readonly kind: "terminated";
      readonly exitCode: number;
      /** Signal number, where the runtime tells it; most only tell `exitCode` 128 + n. */
      readonly signal: number | null;
      readonly reason: string | null;
      readonly message: string | null;
      readonly startedAt: string | null;
      readonly finishedAt: string | null;
    }
  | { readonly kind: "unknown" };

export interface ConditionEvidence {
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly lastTransitionTime: string | null;
}

export interface PodEvidence {
  readonly name: string;
  readonly uid: string;
  readonly phase: string | null;
  readonly reason: string | null;
  readonly message: string | null;
  readonly nodeName: string | null;
  readonly createdAt: string | null;
  readonly deletionTimestamp: string | null;
  readonly conditions: readonly ConditionEvidence[];
  /** Init containers first, in the order of the pod's spec. */
  readonly containers: readonly ContainerEvidence[];
}

export interface JobEvidence {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly createdAt: string | null;
  readonly suspended: boolean;
  readonly deletionTimestamp: string | null;
  readonly active: number;
  readonly failed: number;
  readonly succeeded: number;
  readonly conditions: readonly ConditionEvidence[];
}

export interface EventEvidence {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** `Pod/name`, `Job/name`, `Node/name`. */
  readonly object: string;
  readonly source: string | null;
}

export interface NodeEvidence {
  readonly name: string;
  /** `null`: the node object is gone. */
  readonly ready: "True" | "False" | "Unknown" | null;
  readonly conditions: readonly ConditionEvidence[];
  readonly unschedulable: boolean;
  readonly taints: readonly string[];
}

/** A stretch of output that can no longer be had. */
export interface LogGap {
  /** Timestamp of the last line delivered before the gap, RFC 3339 with nanoseconds; `null`: nothing was delivered before. */
  readonly after: string | null;
  /** Timestamp of the first line after the gap; `null`: nothing came after. */
  readonly before: string | null;
  /**
   * `line-too-long`: the rest of the line with the timestamp of `after`, which is longer than 32 MiB. `no-timestamps`: the node
   * writes none, so that from here on lines may be missing or come twice wherever the log had to be asked for again.
   */
  readonly reason:
    | "rotated"
    | "pod-gone"
    | "log-unavailable"
    | "clock-stepped"
    | "line-too-long"
    | "no-timestamps";
  /** Never holds output. */
  readonly message: string;
}

export interface RunTimings {
  readonly createdAt: string | null;
  readonly releasedAt: string | null;
  readonly scheduledAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface RunEvidence {
  readonly namespace: string;
  readonly jobName: string;
  readonly pod: PodEvidence | null;
  /** Further pods of the same Job, newest first; more than none means that the pod was replaced. */
  readonly otherPods: readonly PodEvidence[];
  readonly job: JobEvidence | null;
  readonly events: readonly EventEvidence[];
  readonly node: NodeEvidence | null;
  /** The last lines of output (at most 20, at most 4 KiB each). */
  readonly lastLines: readonly string[];
  readonly gaps: readonly LogGap[];
  /** The whole output was read to its end and verified, without a gap. */
  readonly logComplete: boolean;
  readonly outputBytes: number;
  readonly timings: RunTimings;
  /** What became of the folders that the run had as copies; absent where it had none, or never started. */
  readonly files?: FilesEvidence;
  /** What was in its repository at the end; absent where it had none, or nobody could look. */
  readonly repository?: RepositoryEvidence;
  /** The stop's `workSeconds` were over before all that the command left had come: `files` and `repository` are `whole()`'s. */
  readonly workIsLate?: true;
  /** Everything that could not be read, with the reason ("events: forbidden"). */
  readonly unavailable: readonly string[];
}
