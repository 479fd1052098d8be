import type { FailureCode, Family, NoteCode } from "./codes.ts";

/** One thing that was seen, and where. */
export interface Finding {
  /** "event FailedScheduling on Pod", "condition DisruptionTarget of the pod", "last line of output". */
  readonly source: string;
  /** As it was said; long texts are cut and say how much is missing. Secrets are masked. */
  readonly text: string;
  /** How often it was seen. */
  readonly count: number;
  /** ISO 8601; `null`: not told. */
  readonly lastSeen: string | null;
}

export interface Note {
  readonly code: NoteCode;
  readonly text: string;
}

/** What this run has used, as far as the stream told. */
export interface SpendReport {
  /** US dollars; `null`: unknown. */
  readonly costUsd: number | null;
  /** Counted from messages rather than told by a result. */
  readonly estimated: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadInputTokens: number;
  readonly cacheCreationInputTokens: number;
}

interface Told {
  /** One line. */
  readonly title: string;
  /** What happened, with the numbers. */
  readonly cause: string;
  readonly evidence: readonly Finding[];
  /** `suspected`: the evidence fits, but does not prove it. */
  readonly certainty: "certain" | "suspected";
  /** What to do with Claude's session: go on with it, or begin a new one. */
  readonly session: "keep" | "clear";
  readonly notes: readonly Note[];
  /** `null`: nothing is known of it. */
  readonly spend: SpendReport | null;
  /** The same for the same trouble in other runs: names, ids, times and numbers are taken out. */
  readonly key: string;
}

export interface Success extends Told {
  readonly outcome: "success";
  readonly code: null;
  readonly fix: readonly [];
  readonly family: null;
  readonly notBefore: null;
  readonly bootstrap: false;
}

export interface Failure extends Told {
  readonly outcome: "failure";
  readonly code: FailureCode;
  /** What to do, the most likely first. `*Name*` is a setting of the adapter. */
  readonly fix: readonly string[];
  readonly family: Family | null;
  /** ISO 8601: trying again before this time is useless. */
  readonly notBefore: string | null;
  /** The agent never started: running it again repeats nothing. */
  readonly bootstrap: boolean;
}

export type Diagnosis = Success | Failure;
