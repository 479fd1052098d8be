import type { ClusterEvidence } from "./cluster.ts";
import type { FailureLike } from "./failure.ts";

/**
 * How the run ended, as far as the process and the cluster tell. `k8s-runner`'s `RunExit` and its `busy` and `refused`
 * starts fit as they are.
 */
export type ExitLike =
  /** The command ended by itself, or by a signal that nobody of ours sent. */
  | {
      readonly kind: "exited";
      /** `null`: it was never seen. 128 + n counts as signal n. */
      readonly exitCode: number | null;
      /** `SIGKILL`, …; `null`: ended by itself, or only the exit code tells. */
      readonly signal: string | null;
      readonly evidence?: ClusterEvidence | null;
    }
  /** We stopped it. */
  | {
      readonly kind: "stopped";
      /** `deadline`: the run's own; anything else: `reason` tells. */
      readonly by: string;
      /** One of `stopReasons`, with details after `: ` where there are any; or words of the caller, which count as a cancellation and are quoted. */
      readonly reason: string;
      /** SIGKILL was needed. */
      readonly forced?: boolean;
      readonly exitCode?: number | null;
      readonly signal?: string | null;
      /** The container had started. */
      readonly started?: boolean;
      readonly graceSeconds?: number;
      readonly deadlineSeconds?: number | null;
      readonly evidence?: ClusterEvidence | null;
    }
  /** Something outside the command went wrong. */
  | {
      readonly kind: "failed";
      readonly failure: FailureLike;
      /** `false`: it is certain that the command never ran. */
      readonly started?: boolean;
      readonly exitCode?: number | null;
      readonly signal?: string | null;
      readonly evidence?: ClusterEvidence | null;
    }
  /** Another live run holds the slot. */
  | { readonly kind: "busy"; readonly holder: HolderLike; readonly waitedSeconds: number }
  /** The run never became one. */
  | { readonly kind: "refused"; readonly failure: FailureLike; readonly evidence?: ClusterEvidence | null };

export interface HolderLike {
  readonly jobName: string;
  readonly namespace: string;
  /** The Job was deleted, and this pod of it may still run. */
  readonly podName?: string | null;
  readonly runId?: string | null;
  readonly supervisor?: string | null;
  /** The supervisor is known to be alive. */
  readonly supervised?: boolean;
  readonly createdAt?: string | null;
  readonly terminating?: boolean;
}

/**
 * Words for `reason` of a stop that mean something else than a cancellation. `lingering` stops a process that stays although
 * its result is in: then that result is the ending.
 */
export const stopReasons = {
  cancelled: "cancelled",
  deadline: "deadline",
  stalled: "stalled",
  budget: "budget",
  lingering: "lingering",
  claudeVersion: "claude-version",
} as const;

export type StopReason = (typeof stopReasons)[keyof typeof stopReasons];
