/** What a list of runs says of each. */

import type { RunEvidence } from "./evidence.ts";
import type { RunFailure } from "./exit.ts";
import type { RunRef } from "./run.ts";

/**
 * How a listed run ended, as far as its Job and its pod tell: no log was read, no event and no node. `RunExit` of the run itself may
 * know more, above all that its supervisor stopped it.
 */
export type ListedEnding = (
  | { readonly kind: "exited"; readonly exitCode: number; readonly signal: string | null }
  | {
      readonly kind: "failed";
      readonly failure: RunFailure;
      /** The container had started; `false`: it is certain that the command never ran. */
      readonly started: boolean;
      readonly exitCode: number | null;
      readonly signal: string | null;
    }
) & {
  readonly evidence: Pick<RunEvidence, "namespace" | "jobName" | "pod" | "otherPods" | "job">;
};

export interface RunListing {
  readonly ref: RunRef;
  readonly slot: string | null;
  /** Whether its seal is valid; `null`: this runner has no key to tell. */
  readonly sealed: boolean | null;
  readonly state: "queued" | "starting" | "running" | "finished" | "terminating";
  /** `null`: it has not ended, or nothing that is left of it tells how. */
  readonly ending: ListedEnding | null;
  readonly supervisor: string | null;
  readonly supervised: boolean;
  /** When its ending was taken by its consumer, ISO 8601; `null`: nobody has finished with it yet. */
  readonly concludedAt: string | null;
  /** What its consumer noted at `cleanUp`. Anybody who may write Jobs in the namespace may have written it. */
  readonly note: string | null;
  /** Of the Job. Anybody who may write Jobs in the namespace may have written them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string | null;
  readonly podName: string | null;
  readonly nodeName: string | null;
}
