import type { FailureCode, Family } from "../codes.ts";

/** A fix that only helps in some endings of a code. */
export interface ConditionalFix {
  readonly when: FixCondition;
  readonly text: string;
}

export const fixConditions = {
  sigkill: "after SIGKILL",
  memory: "short of memory",
  disk: "out of disk",
  denied: "denied by the registry",
  missing: "an object is missing",
  root: "the image runs as root",
  command: "its command did not start",
  rejected: "the node refused the pod",
  queue: "waited in a queue",
  nodes: "waited for a node",
} as const;

export type FixCondition = keyof typeof fixConditions;

export interface CatalogEntry {
  readonly code: FailureCode;
  /** What happened, one line, without numbers. */
  readonly title: string;
  /** When this code is told, for people who write rules on it. */
  readonly when: string;
  /** Retried by the host or not. Where it depends on the evidence, `familyNote` says on what. */
  readonly family: Family | null;
  readonly familyNote?: string;
  /** The agent never started. */
  readonly bootstrap: boolean;
  readonly session: "keep" | "clear";
  /**
   * What to do, the most likely first. `{setting:KEY}` becomes the setting's label with its present value; `{pod}`, `{job}`,
   * `{namespace}`, `{image}`, `{node}` and others the name from the evidence. A line whose name is not known is left out.
   */
  readonly fix: readonly (string | ConditionalFix)[];
}
