import type { JsonValue } from "../json.ts";
import type { TokenUsage } from "./usage.ts";

/**
 * - `work_after_result`: the main loop went on after a result without the `init` that begins every turn, so the result was not
 *   written by the process that works.
 * - `success_after_failure`: a success directly after a failure, with nothing done in between.
 * - `other_session`: a result with a session id that no `init` and no reset of the conversation named.
 * - `result_order`: a result whose `result_index` is absent or not above that of the result before it.
 * - `impossible_numbers`: a negative or absurd cost or count; it counts as unknown.
 * - `cost_went_down`: a cumulative cost lower than an earlier one; the higher one stays.
 */
export type ResultContradiction =
  | "work_after_result"
  | "success_after_failure"
  | "other_session"
  | "result_order"
  | "impossible_numbers"
  | "cost_went_down";

export interface ResultSummary {
  /** `success`, `error_during_execution`, `error_max_turns`, `error_max_budget_usd`, `error_max_structured_output_retries`, … */
  readonly subtype: string;
  /** `subtype` is `success` and `isError` is false. Releases to 2.0 end `error_max_turns` with `isError: false`. */
  readonly success: boolean;
  readonly isError: boolean;
  /**
   * Something in the stream speaks against this result, see `contradictions`: whoever could write to the process's output may
   * have written it. A success that is contradicted should not outweigh a failed exit.
   */
  readonly contradicted: boolean;
  readonly terminalReason: string | null;
  readonly stopReason: string | null;
  /** HTTP status of the API error. */
  readonly apiErrorStatus: number | null;
  readonly apiErrorType: string | null;
  readonly apiError: string | null;
  /** The class of the error where the result itself has it; else it is `lastAssistant`'s. */
  readonly error: string | null;
  readonly startupFailureReason: string | null;
  readonly invalidConfigFile: string | null;
  /** The text for people, at most 262144 characters; `null` = the frame has no `result`. An empty string is an empty answer. */
  readonly text: string | null;
  /** Characters before the cut. */
  readonly textLength: number;
  /** At most 20, each at most 4000 characters. */
  readonly errors: readonly string[];
  /** The result's own session id. After a failed start it is the id asked for, or a random one. */
  readonly sessionId: string | null;
  readonly index: number | null;
  /** `task-notification` when a background task's end caused this turn. */
  readonly originKind: string | null;
  readonly numTurns: number | null;
  readonly durationMs: number | null;
  readonly durationApiMs: number | null;
  readonly safetyStops: number | null;
  readonly permissionDenials: number;
  /** The main loop's tokens of the last turn only: never the run's. */
  readonly turnUsage: TokenUsage | null;
  readonly hasStructuredOutput: boolean;
}

export interface StructuredOutput {
  /** `null` also when it is longer than 262144 characters as JSON, or nested more than 200 levels deep. */
  readonly value: JsonValue;
  /** Characters of its JSON; `null` when it is nested too deeply to count them. */
  readonly length: number | null;
}
