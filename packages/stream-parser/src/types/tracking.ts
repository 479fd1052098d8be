import type { Spend, TokenUsage } from "./usage.ts";

/** An API message of late: what it used, until a result tells the cost. */
export interface RecentMessage {
  readonly messageId: string;
  readonly model: string;
  readonly parentToolUseId: string | null;
  readonly usage: TokenUsage;
  /** The output count is the API's own, not estimated from the length of the frames. */
  readonly outputKnown: boolean;
  /** Bytes of its content, about: what its frames are long beyond a frame's usual head. */
  readonly contentBytes: number;
  /** Bytes of its streamed pieces; the finished frames bring the same content again. */
  readonly streamedBytes: number;
  /** A result came after it and told its cost. */
  readonly told: boolean;
}

export interface SummaryTracking {
  /** The last 20. */
  readonly recentMessages: readonly RecentMessage[];
  /** The last 5 of the main loop, so that a retraction brings the one before back. */
  readonly recentTexts: readonly { readonly uuid: string | null; readonly text: string }[];
  /** What the results have told of this process's own spend. */
  readonly told: Spend;
  /** By model: tokens of messages that no result has told of. */
  readonly untold: Readonly<Record<string, TokenUsage>>;
  /** The sub-agents' part of it. */
  readonly untoldOfSubagents: Readonly<Record<string, TokenUsage>>;
  /** Session ids that an `init` or a reset of the conversation named, the last 10. */
  readonly sessionIds: readonly string[];
  /** The uuids of the last 20 results: one that comes again adds nothing. */
  readonly resultUuids: readonly string[];
  /** What came since the last result: the next result's turn is judged by it. */
  readonly sinceResult: SinceResult;
  /** The last 500 tool call ids that were denied. */
  readonly deniedIds: readonly string[];
}

export interface SinceResult {
  /** An `init`, which begins every turn. */
  readonly begun: boolean;
  /** A message of the main loop, or a message to it. */
  readonly worked: boolean;
}
