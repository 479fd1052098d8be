import type { Diagnosis, ExitLike } from "@claude-k8s/diagnostics";
import type { RunEvidence, RunRef } from "@claude-k8s/k8s-runner";
import type { RunSummary } from "@claude-k8s/stream-parser";

import type { TakenOver } from "./adoption/taken-over.ts";

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
  /** The Job was an earlier run's. */
  readonly takenOver?: TakenOver;
}
