import type { Diagnosis, ExitLike } from "@claude-k8s/diagnostics";
import type { RunEvidence, RunRef } from "@claude-k8s/k8s-runner";
import type { RunSummary } from "@claude-k8s/stream-parser";

import type { TakenOver } from "./adoption/taken-over.ts";

/** Removes a run's Job, or keeps it, as its settings say. `warn` is told what could not be done; never rejects. */
export type TidyUp = (warn: (message: string) => void) => Promise<void>;

/** How one attempt ended: what happened, what Claude said, what it means. */
export interface Ending {
  readonly exit: ExitLike;
  /** `null`: nothing was read. */
  readonly summary: RunSummary | null;
  readonly diagnosis: Diagnosis;
  /** `null`: there never was a Job of ours. */
  readonly ref: RunRef | null;
  readonly evidence: RunEvidence | null;
  /** The stop was answered before all that the agent left had come: the same ending when it is here. Rejects where nobody waits any more. */
  readonly late?: Promise<Ending>;
  /** What is to be done with the Job when nobody needs it any more. Absent: there is none, or it has been done. */
  readonly tidyUp?: TidyUp;
  /** The Job was an earlier run's. */
  readonly takenOver?: TakenOver;
}
