import type { RunEvidence } from "./evidence.ts";
import type { RunFailure } from "./exit.ts";

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
