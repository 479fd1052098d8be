import type { JsonObject, JsonValue } from "../json.ts";
import type { FrameOrigin } from "./frame.ts";
import type { McpServerState, PluginError } from "./summary.ts";
import type { ModelUsage, TokenUsage } from "./usage.ts";

/** The agent is set up. Not always the first frame, and not the only one in a run. */
export interface InitEvent extends FrameOrigin {
  readonly type: "init";
  readonly model: string | null;
  /** Absent up to 1.0. */
  readonly cliVersion: string | null;
  readonly cwd: string | null;
  readonly permissionMode: string | null;
  readonly apiKeySource: string | null;
  readonly tools: readonly string[];
  readonly mcpServers: readonly McpServerState[];
  readonly slashCommands: readonly string[];
  readonly agents: readonly string[];
  readonly skills: readonly string[];
  readonly outputStyle: string | null;
  readonly pluginErrors: readonly PluginError[];
}

/**
 * The end of a turn: take the last one, at the end of the process. An API failure is `subtype: "success"` with `isError: true`.
 * `totalCostUsd` and `modelUsage` are cumulative, `usage`, `numTurns` and `durationMs` are the turn's.
 */
export interface ResultEvent extends FrameOrigin {
  readonly type: "result";
  readonly subtype: string;
  readonly isError: boolean;
  readonly terminalReason: string | null;
  readonly stopReason: string | null;
  readonly result: string | null;
  readonly errors: readonly string[];
  readonly apiErrorStatus: number | null;
  readonly apiErrorType: string | null;
  readonly apiError: string | null;
  /** The class of the error, where the release writes it here, too: `authentication_failed`, `rate_limit`, `billing_error`, … */
  readonly error: string | null;
  readonly startupFailureReason: string | null;
  readonly invalidConfigFile: string | null;
  readonly hasStructuredOutput: boolean;
  readonly structuredOutput: JsonValue;
  readonly numTurns: number | null;
  readonly durationMs: number | null;
  readonly durationApiMs: number | null;
  readonly timeToFirstTokenMs: number | null;
  readonly totalCostUsd: number | null;
  /** The main loop's tokens of this turn, without sub-agents. */
  readonly usage: TokenUsage | null;
  /** All models, sub-agents included; of the session in releases that have `modelUsageSinceLastResult`, else of the process. */
  readonly modelUsage: Readonly<Record<string, ModelUsage>>;
  /** `null` up to 2.1.220. */
  readonly modelUsageSinceLastResult: Readonly<Record<string, ModelUsage>> | null;
  /** A negative or absurd cost or count: what it stands for is unknown here (`null`, or nothing of the whole table). */
  readonly hasImpossibleNumbers: boolean;
  readonly permissionDenials: readonly ResultPermissionDenial[];
  readonly subagentStats: SubagentStats | null;
  readonly safetyStops: number | null;
  readonly resultIndex: number | null;
  readonly queuedTurnCount: number | null;
  readonly originKind: string | null;
}

export interface ResultPermissionDenial {
  readonly toolName: string | null;
  readonly toolUseId: string | null;
  readonly toolInput: JsonValue;
}

export interface SubagentStats {
  readonly spawned: number;
  readonly completed: number;
  readonly failed: number;
  readonly killed: number;
}

export interface StatusEvent extends FrameOrigin {
  readonly type: "status";
  /** `compacting`, `requesting` or `null`. */
  readonly status: string | null;
  readonly permissionMode: string | null;
  /** `success` or `failed`. */
  readonly compactResult: string | null;
  readonly compactError: string | null;
}

export interface CompactBoundaryEvent extends FrameOrigin {
  readonly type: "compact_boundary";
  readonly trigger: string | null;
  readonly preTokens: number | null;
  readonly postTokens: number | null;
  readonly durationMs: number | null;
}

export interface ApiRetryEvent extends FrameOrigin {
  readonly type: "api_retry";
  readonly attempt: number | null;
  readonly maxRetries: number | null;
  readonly retryDelayMs: number | null;
  /** HTTP status; `null` = no response came. */
  readonly errorStatus: number | null;
  readonly error: string | null;
}

export interface ModelFallbackEvent extends FrameOrigin {
  readonly type: "model_fallback";
  readonly trigger: string | null;
  readonly originalModel: string | null;
  readonly fallbackModel: string | null;
  readonly content: string | null;
}

export interface ModelRefusalEvent extends FrameOrigin {
  readonly type: "model_refusal_fallback" | "model_refusal_no_fallback";
  readonly originalModel: string | null;
  readonly fallbackModel: string | null;
  readonly category: string | null;
  readonly explanation: string | null;
  readonly retractedMessageUuids: readonly string[];
  readonly content: string | null;
}

export interface InformationalEvent extends FrameOrigin {
  readonly type: "informational";
  readonly content: string;
  /** `notice`, `warning`, … */
  readonly level: string | null;
  readonly toolUseId: string | null;
  readonly preventContinuation: boolean;
  readonly promptSubmitOutcome: PromptSubmitOutcome | null;
}

export interface PromptSubmitOutcome {
  /** e.g. `blocked_by_hook`. */
  readonly kind: string | null;
  readonly reason: string | null;
  readonly raw: JsonObject;
}

export interface SessionWritesLostEvent extends FrameOrigin {
  readonly type: "session_writes_lost";
  readonly errorCode: string | null;
  readonly lost: readonly JsonValue[];
}

export interface RateLimitEvent extends FrameOrigin {
  readonly type: "rate_limit_event";
  readonly status: string | null;
  /** Epoch seconds. */
  readonly resetsAt: number | null;
  readonly rateLimitType: string | null;
  /** 0 to 1. */
  readonly utilization: number | null;
  readonly overageStatus: string | null;
  readonly overageResetsAt: number | null;
  readonly overageDisabledReason: string | null;
  readonly isUsingOverage: boolean | null;
  readonly surpassedThreshold: number | null;
  readonly windows: readonly RateLimitWindow[];
}

export interface RateLimitWindow {
  readonly name: string;
  readonly status: string | null;
  readonly resetsAt: number | null;
  readonly utilization: number | null;
}
