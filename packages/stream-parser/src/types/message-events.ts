import type { JsonObject, JsonValue } from "../json.ts";
import type { AgentOrigin, FrameOrigin, LineOrigin } from "./frame.ts";
import type { TokenUsage } from "./usage.ts";

export type ContentBlock =
  | { readonly type: "text"; readonly text: string }
  /** `text` is empty where the API keeps the thinking to itself. */
  | { readonly type: "thinking"; readonly text: string; readonly redacted: boolean }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: JsonValue }
  | ToolResultBlock
  /** An image, a document, a server tool, or a block of a later release. */
  | { readonly type: "other"; readonly blockType: string | null; readonly raw: JsonValue };

export interface ToolResultBlock {
  readonly type: "tool_result";
  readonly toolUseId: string;
  readonly isError: boolean;
  /** Its text parts, joined by line ends. */
  readonly text: string;
  readonly content: JsonValue;
}

/** The classes of an API failure. Later releases may add some, so the type is open. */
export type AssistantError =
  | "authentication_failed"
  | "oauth_org_not_allowed"
  | "account_on_hold"
  | "verification_required"
  | "billing_error"
  | "rate_limit"
  | "overloaded"
  | "invalid_request"
  | "model_not_found"
  | "server_error"
  | "unknown"
  | "max_output_tokens"
  | "cloud_credential_error"
  | (string & {});

/**
 * One finished content block. An API message with several blocks comes as several of these, with one `messageId` and the same
 * usage repeated: never add that usage up, and do not trust its output count, which is a placeholder while `stopReason` is null.
 */
export interface AssistantEvent extends FrameOrigin, AgentOrigin {
  readonly type: "assistant";
  readonly messageId: string | null;
  readonly model: string | null;
  /** Made by the CLI without an API call: an error's text or a local command's output. */
  readonly synthetic: boolean;
  readonly content: readonly ContentBlock[];
  /** `null` on every normal frame of releases from 2.1 on, not a sign of an empty answer. */
  readonly stopReason: string | null;
  readonly usage: TokenUsage | null;
  readonly timestamp: string | null;
  readonly requestId: string | null;
  readonly error: AssistantError | null;
  readonly isApiErrorMessage: boolean;
  readonly apiErrorStatus: number | null;
  readonly apiErrorType: string | null;
  readonly apiError: string | null;
  /** A text that an interrupt cut. */
  readonly aborted: boolean;
  /** uuids of earlier frames that no longer count. */
  readonly supersedes: readonly string[];
}

/** A prompt, a tool's results, or a text that the CLI put in (`isSynthetic`). */
export interface UserEvent extends FrameOrigin, AgentOrigin {
  readonly type: "user";
  readonly content: readonly ContentBlock[];
  readonly timestamp: string | null;
  readonly isSynthetic: boolean;
  /** Told back from stdin or from a local command: not a new message. */
  readonly isReplay: boolean;
  /** A tool's own structured result, or a string when the tool failed. */
  readonly toolUseResult: JsonValue;
  readonly toolResultMeta: readonly ToolResultMeta[];
  readonly refusedMessageId: string | null;
}

export interface ToolResultMeta {
  readonly toolUseId: string | null;
  /** `accept`, `reject`. */
  readonly decision: string | null;
  /** `config`, `hook`, `user_reject`, … */
  readonly source: string | null;
  /** Why the tool did not run: `permission-rule`, `user-rejected`. */
  readonly nonExecutionKind: string | null;
}

/** A piece of the API's own event stream; only with `--include-partial-messages`. */
export interface StreamEvent extends FrameOrigin {
  readonly type: "stream_event";
  /** `message_start`, `content_block_start`, `content_block_delta`, `content_block_stop`, `message_delta`, `message_stop`, … */
  readonly eventType: string | null;
  readonly event: JsonObject;
  readonly parentToolUseId: string | null;
  readonly messageId: string | null;
  readonly index: number | null;
  /** From `message_start` (input side) or `message_delta` (the true output count). */
  readonly usage: TokenUsage | null;
  readonly model: string | null;
  readonly timeToFirstTokenMs: number | null;
  readonly abandonedBlocks: AbandonedBlocks | null;
}

export interface AbandonedBlocks {
  readonly messageId: string | null;
  readonly fromBlockIndex: number;
}

/** Streamed text as it grows; follows its `stream_event`. `parseLine`, which has no memory, gives none. */
export interface TextEvent extends LineOrigin {
  readonly type: "text";
  readonly channel: "text" | "thinking";
  readonly parentToolUseId: string | null;
  readonly messageId: string | null;
  readonly index: number;
  readonly delta: string;
  /** All of the block's text so far, at most the parser's `maxLineBytes` characters. */
  readonly snapshot: string;
}

/** Earlier output no longer counts: take back what was shown of it. */
export type RetractionEvent = LineOrigin &
  (
    | {
        readonly type: "retraction";
        /** An API attempt broke off; its streamed blocks from `fromBlockIndex` on are void. */
        readonly reason: "abandoned";
        readonly messageId: string | null;
        readonly fromBlockIndex: number;
      }
    | {
        readonly type: "retraction";
        /** Frames that a refusal voided, or that another message replaces. */
        readonly reason: "superseded" | "refused";
        readonly uuids: readonly string[];
      }
  );
