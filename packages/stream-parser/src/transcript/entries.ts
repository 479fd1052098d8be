import type { JsonValue } from "../json.ts";

/** What every entry has. */
interface EntryOrigin {
  /** ISO 8601, where the frame tells it. */
  readonly timestamp: string | null;
  /** `null` = the main loop; else the tool call that started the sub-agent. */
  readonly parentToolUseId: string | null;
}

/** One thing to show of a run, free of any host's types. */
export type TranscriptEntry =
  | (EntryOrigin & { readonly kind: "assistant"; readonly text: string })
  | (EntryOrigin & { readonly kind: "thinking"; readonly text: string })
  | (EntryOrigin & { readonly kind: "user"; readonly text: string })
  | (EntryOrigin & {
      readonly kind: "tool_call";
      readonly name: string;
      readonly input: JsonValue;
      readonly toolUseId: string;
    })
  | (EntryOrigin & {
      readonly kind: "tool_result";
      readonly toolUseId: string;
      readonly content: string;
      readonly isError: boolean;
    })
  | (EntryOrigin & {
      readonly kind: "init";
      readonly model: string | null;
      readonly sessionId: string | null;
      readonly cliVersion: string | null;
    })
  | (EntryOrigin & TranscriptResult)
  /** The CLI's own words: retries, limits, compactions, hooks, refusals, errors. */
  | (EntryOrigin & { readonly kind: "system"; readonly level: SystemLevel; readonly text: string })
  /** A line that is no frame. */
  | (EntryOrigin & { readonly kind: "stdout"; readonly text: string });

export type SystemLevel = "info" | "warning" | "error";

export interface TranscriptResult {
  readonly kind: "result";
  readonly text: string;
  /** The text came before as an `assistant` entry: showing it here would show the answer twice. */
  readonly isAnswerShown: boolean;
  readonly subtype: string;
  readonly isError: boolean;
  readonly errors: readonly string[];
  /** Tokens and cost since the last result where the release tells them, else of the process so far. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly costUsd: number;
  readonly numTurns: number | null;
  readonly durationMs: number | null;
}
