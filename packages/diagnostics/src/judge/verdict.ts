import type { FixCondition } from "../catalog/entry.ts";
import type { FailureCode, Family } from "../codes.ts";

/** A failure as judged; the catalogue's entry for the code says the rest. */
export interface Verdict {
  readonly code: FailureCode;
  readonly cause: string;
  /** The words that make two endings the same trouble; the grouping key is made of them. */
  readonly detail: string | null;
  readonly suspected?: boolean;
  /** Where the evidence decides it, instead of the catalogue's. */
  readonly family?: Family | null;
  readonly session?: "keep" | "clear";
  readonly bootstrap?: boolean;
  readonly notBefore?: string | null;
  /** Which of the conditional fixes help. */
  readonly conditions?: readonly FixCondition[];
  /** Names for the placeholders of the fixes, beside those of the cluster. */
  readonly names?: Readonly<Record<string, string | null>>;
}
