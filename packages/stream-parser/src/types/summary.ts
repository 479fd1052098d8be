import type { ResultContradiction, ResultSummary, StructuredOutput } from "./summary-result.ts";
import type {
  BackgroundTaskSummary,
  Compactions,
  ModelFallback,
  Refusals,
  SessionWritesLost,
  SubagentSummary,
  ToolSummary,
} from "./summary-work.ts";
import type { SummaryTracking } from "./tracking.ts";
import type { Spend } from "./usage.ts";

/**
 * What a run did, as plain JSON: it can be stored, sent and compared. Bounded whatever the run's length: lists hold the last
 * few, strings are cut (a cut string says how much is missing), counters count everything.
 */
export interface RunSummary {
  /** Lines seen, blank ones included. */
  readonly lines: number;
  /** Bytes seen, line ends included. */
  readonly bytes: number;
  /** Lines that were frames: JSON objects with a `type`. 0 = Claude Code never spoke. */
  readonly frames: number;
  /** Frames of a type that this version does not know. */
  readonly unknownFrames: number;
  /** Lines longer than the parser's bound, left out. */
  readonly overflowLines: number;
  /** The last line was a frame cut in the middle: the process died while it wrote, or its reader was too slow. */
  readonly lastLineCut: boolean;
  /** The last 50 lines that were no frames, each at most 2000 characters. */
  readonly noise: readonly string[];
  readonly noiseLines: number;
  /** ISO 8601, from the frames' own `timestamp`; `null` for releases that have none. */
  readonly firstTimestamp: string | null;
  readonly lastTimestamp: string | null;

  /** How many `init` frames came: more than one in a normal run with background work. 0 = the agent did not start. */
  readonly inits: number;
  /** From `init` only: other frames of a failed start carry an id that cannot be resumed. */
  readonly sessionId: string | null;
  readonly cliVersion: string | null;
  /** The model of the last `init`. */
  readonly model: string | null;
  /** Every model that answered or was charged for, in order of appearance, at most 50. */
  readonly models: readonly string[];
  readonly permissionMode: string | null;
  /** `ANTHROPIC_API_KEY`, `none`, …: where the key came from, never the key. */
  readonly apiKeySource: string | null;
  readonly workingDirectory: string | null;
  readonly mcpServers: readonly McpServerState[];
  readonly pluginErrors: readonly PluginError[];

  /** The model produced something: text, thinking or a tool call. Error texts made by the CLI itself do not count. */
  readonly contentSeen: boolean;
  /** API messages of the main loop and of sub-agents, by distinct message id as far as the last 20 ids tell. */
  readonly messages: number;
  readonly lastAssistant: LastAssistant | null;
  /** The newest text block of the main loop that was not retracted. */
  readonly lastAssistantText: string | null;
  /** The `result` of the last result that has one: what the run answers, or an API error's text. `null` without one. */
  readonly finalText: string | null;

  /**
   * The last result counts; see `results` for how many came. One exception: a success that follows a failure with nothing done
   * in between does not take its place, because Claude Code never ends a turn twice.
   */
  readonly result: ResultSummary | null;
  /**
   * What in the stream speaks against one of its results, each kind once, in order of appearance; empty in an honest stream.
   * `result.contradicted` says whether it concerns the result that counts.
   */
  readonly contradictions: readonly ResultContradiction[];
  readonly results: number;
  /** Turns of all results together. A turn is one plus its tool results, not an API call. */
  readonly turns: number;
  /** Milliseconds, all results together; start-up and waiting between turns are not in it. */
  readonly durationMs: number;
  /** Milliseconds spent in API calls, as the last result tells it. */
  readonly durationApiMs: number;
  /** The answer shall fit a schema: `--json-schema` was given, so `init` offers the tool `StructuredOutput`. */
  readonly structuredOutputRequested: boolean;
  readonly structuredOutput: StructuredOutput | null;

  readonly cost: RunCost;

  readonly retries: Retries;
  /** One for each window told of, newest state, at most 20. */
  readonly rateLimits: readonly RateLimitState[];
  readonly permissionDenials: PermissionDenials;
  readonly hooks: HookSummary;
  readonly compactions: Compactions;
  readonly tools: ToolSummary;
  readonly subagents: SubagentSummary;
  readonly backgroundTasks: BackgroundTaskSummary;
  readonly refusals: Refusals;
  readonly modelFallbacks: readonly ModelFallback[];
  /** The transcript could not be saved (disk full or over quota): the session may not be resumable. */
  readonly sessionWritesLost: SessionWritesLost | null;
  /** What `summarize` has to remember between events. Not for reading: it may change in any release. */
  readonly tracking: SummaryTracking;
}

export interface McpServerState {
  readonly name: string;
  /** `connected`, `failed`, `needs-auth`, `pending`, … A failed server does not fail the run. */
  readonly status: string;
}

export interface PluginError {
  readonly plugin: string | null;
  readonly type: string | null;
  readonly message: string;
}

export interface LastAssistant {
  readonly messageId: string | null;
  /** `<synthetic>` = made by the CLI without an API call. */
  readonly model: string | null;
  readonly synthetic: boolean;
  /** The class of an API failure, e.g. `authentication_failed`, `rate_limit`; see `AssistantError`. */
  readonly error: string | null;
  readonly apiErrorStatus: number | null;
  readonly apiErrorType: string | null;
  /** e.g. `usage_limit_reached`, `connection_failed`, `max_output_tokens`. */
  readonly apiError: string | null;
  readonly stopReason: string | null;
  /** Cut by an interrupt. */
  readonly aborted: boolean;
  /** This frame's text blocks, joined. */
  readonly text: string | null;
  readonly parentToolUseId: string | null;
}

export interface RunCost {
  /** What this process used, whatever the session used before it. */
  readonly own: Spend;
  /**
   * The whole session's, from its first process on; `null` where the stream does not tell it. Releases up to 2.1.220 start
   * from zero on `--resume` and never tell it.
   */
  readonly session: Spend | null;
}

export interface Retries {
  readonly count: number;
  /** The last 10. */
  readonly last: readonly RetrySummary[];
}

export interface RetrySummary {
  readonly attempt: number | null;
  readonly maxRetries: number | null;
  readonly retryDelayMs: number | null;
  /** HTTP status; `null` = no response came. */
  readonly errorStatus: number | null;
  readonly error: string | null;
  /** A sub-agent's own retry: they come only in its progress frames. */
  readonly subagentId: string | null;
}

export interface RateLimitState {
  /** `five_hour`, `seven_day`, …; `null` where not told. */
  readonly window: string | null;
  /** `allowed`, `allowed_warning`, `rejected`. */
  readonly status: string | null;
  /** Epoch seconds. */
  readonly resetsAt: number | null;
  /** 0 to 1. */
  readonly utilization: number | null;
  readonly isUsingOverage: boolean | null;
  readonly overageStatus: string | null;
}

export interface PermissionDenials {
  readonly count: number;
  /** The last 20. */
  readonly last: readonly PermissionDenialSummary[];
}

export interface PermissionDenialSummary {
  readonly toolName: string | null;
  readonly toolUseId: string | null;
  /** Why, where the stream tells it. */
  readonly message: string | null;
}

export interface HookSummary {
  readonly started: number;
  readonly finished: number;
  /** Hooks that ended with another outcome than success, the last 10. */
  readonly failures: readonly HookFailure[];
  readonly failed: number;
  /** Words of the CLI on a hook that stopped the run or blocked its prompt, the last 10. */
  readonly stops: readonly HookStop[];
}

export interface HookFailure {
  readonly name: string | null;
  readonly event: string | null;
  readonly exitCode: number | null;
  readonly outcome: string | null;
  /** At most 1000 characters. */
  readonly stderr: string;
}

export interface HookStop {
  /** True: the prompt never reached the model. */
  readonly promptBlocked: boolean;
  readonly preventContinuation: boolean;
  readonly reason: string | null;
  readonly content: string;
}
