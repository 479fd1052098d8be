/**
 * What the cluster showed of a run. Every field may be missing: saved evidence, older runners and refused reads leave holes,
 * and a hole must not become a claim. `k8s-runner`'s `RunEvidence` fits as it is.
 */

export interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | null;
  readonly message?: string | null;
  /** ISO 8601. */
  readonly lastTransitionTime?: string | null;
}

/** One state of a container; `kind` is `waiting`, `running`, `terminated` or `unknown`. */
export interface ContainerStateLike {
  readonly kind: string;
  readonly exitCode?: number | null;
  /** Signal number, where the runtime tells it; most only tell `exitCode` 128 + n. */
  readonly signal?: number | null;
  readonly reason?: string | null;
  readonly message?: string | null;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}

export interface ContainerLike {
  readonly name: string;
  readonly init?: boolean;
  /** `Always` on an init container: it goes on beside the main one. */
  readonly restartPolicy?: string | null;
  readonly image?: string | null;
  readonly restartCount?: number;
  readonly state?: ContainerStateLike;
  /** Leave it out where it is not known: an empty one says that nothing is asked for. */
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

export interface PodLike {
  readonly name: string;
  readonly uid?: string;
  readonly phase?: string | null;
  readonly reason?: string | null;
  readonly message?: string | null;
  readonly nodeName?: string | null;
  readonly createdAt?: string | null;
  readonly deletionTimestamp?: string | null;
  /** Seconds, of the deletion. */
  readonly deletionGracePeriodSeconds?: number | null;
  /** Seconds, of its spec. */
  readonly terminationGracePeriodSeconds?: number | null;
  /** Seconds; its own deadline. */
  readonly activeDeadlineSeconds?: number | null;
  readonly conditions?: readonly ConditionLike[];
  /** The first one that is no init container is the one that ran Claude. */
  readonly containers?: readonly ContainerLike[];
}

export interface JobLike {
  readonly name: string;
  readonly namespace?: string;
  readonly createdAt?: string | null;
  readonly suspended?: boolean;
  readonly deletionTimestamp?: string | null;
  /** Seconds; its own deadline. */
  readonly activeDeadlineSeconds?: number | null;
  readonly conditions?: readonly ConditionLike[];
}

export interface EventLike {
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly lastSeen?: string | null;
  /** `Pod/name`, `Job/name`, `Node/name`. */
  readonly object?: string;
}

export interface NodeLike {
  readonly name: string;
  /** `True`, `False`, `Unknown`; `null`: the node object is gone or may not be read. */
  readonly ready?: string | null;
  readonly conditions?: readonly ConditionLike[];
  readonly unschedulable?: boolean;
  readonly taints?: readonly string[];
}

export interface LogGapLike {
  readonly reason: string;
  readonly message?: string | null;
}

/** What became of folders that the run had as copies. */
export interface FilesLike {
  readonly returned:
    | {
        readonly kind: "returned";
        /** The first of them; `conflicted` counts all. */
        readonly conflicts?: readonly { readonly path: string; readonly keptAs: string | null }[];
        readonly conflicted?: number;
        readonly refusals?: readonly LeftOutLike[];
        readonly refused?: number;
      }
    | { readonly kind: "lost"; readonly reason: string; readonly message: string };
  /** Nouns: "the workspace". */
  readonly names?: readonly string[];
  /** What did not go in. */
  readonly leftOut?: { readonly refusals: readonly LeftOutLike[]; readonly refused: number } | null;
}

/** What was in a cloned repository at the end. */
export interface RepositoryLike {
  readonly branch?: string | null;
  /** `null`: it could not be read. */
  readonly head?: string | null;
  /** Since the clone. */
  readonly commits: number;
  /** Files that were not committed. */
  readonly dirty: number;
  readonly pushed: boolean;
  /** git's words, where something went wrong. */
  readonly message?: string | null;
}

export interface LeftOutLike {
  readonly path: string;
  readonly reason: string;
}

export interface ClusterEvidence {
  readonly namespace?: string;
  readonly jobName?: string;
  /** `null`: it was looked for, and is not there; leave it out where nobody has looked. */
  readonly pod?: PodLike | null;
  /** Further pods of the same Job. */
  readonly otherPods?: readonly PodLike[];
  readonly job?: JobLike | null;
  readonly events?: readonly EventLike[];
  readonly node?: NodeLike | null;
  /** The last lines of output; protocol frames among them are never quoted. */
  readonly lastLines?: readonly string[];
  /** Stretches of output that can no longer be had. */
  readonly gaps?: readonly LogGapLike[];
  /** `false`: that the output came whole could not be shown. */
  readonly logComplete?: boolean;
  readonly timings?: {
    readonly createdAt?: string | null;
    readonly startedAt?: string | null;
    readonly finishedAt?: string | null;
  };
  readonly files?: FilesLike;
  /** What was left was still on its way when the ending was told: `files` and `repository` are not known yet. */
  readonly workIsLate?: boolean;
  readonly repository?: RepositoryLike;
  /** What could not be read, with the reason ("events: forbidden"). */
  readonly unavailable?: readonly string[];
}
