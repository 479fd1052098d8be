/**
 * What Claude Code's stream said. Every field may be missing, and a missing field is unknown, never "no".
 * `stream-parser`'s `RunSummary` fits as it is.
 */
export interface SummaryLike {
  /** Lines that were frames of the protocol. 0: Claude Code never spoke. */
  readonly frames?: number;
  /** `init` frames. 0: the agent did not start. */
  readonly inits?: number;
  /** The model produced text, thinking or a tool call. */
  readonly contentSeen?: boolean;
  /** The last line was a frame cut in the middle. */
  readonly lastLineCut?: boolean;
  /** Lines that were no frames, the last ones: errors of the command line among them. */
  readonly noise?: readonly string[];
  readonly cliVersion?: string | null;
  readonly model?: string | null;
  readonly lastTimestamp?: string | null;
  readonly mcpServers?: readonly { readonly name: string; readonly status: string }[];
  readonly lastAssistant?: LastAssistantLike | null;
  readonly result?: ResultLike | null;
  readonly results?: number;
  /** What in the stream speaks against one of its results, by name: `work_after_result`, `other_session`, … */
  readonly contradictions?: readonly string[];
  /** Turns of the main loop. */
  readonly turns?: number;
  readonly structuredOutput?: object | null;
  /** A schema for the answer was given (the tool `StructuredOutput` is offered). */
  readonly structuredOutputRequested?: boolean;
  readonly cost?: { readonly own?: SpendLike } | null;
  readonly retries?: {
    readonly count: number;
    readonly last?: readonly {
      readonly errorStatus?: number | null;
      readonly error?: string | null;
      readonly maxRetries?: number | null;
    }[];
  };
  readonly rateLimits?: readonly RateLimitLike[];
  readonly permissionDenials?: {
    readonly count: number;
    readonly last?: readonly { readonly toolName?: string | null }[];
  };
  readonly hooks?: {
    readonly stops?: readonly {
      readonly promptBlocked?: boolean;
      readonly reason?: string | null;
      readonly content?: string;
    }[];
  };
  readonly compactions?: { readonly count: number };
  /** What was running when the stream ended. */
  readonly tools?: { readonly open?: readonly { readonly name: string }[] };
  readonly refusals?: {
    readonly last?: readonly { readonly category?: string | null; readonly explanation?: string | null }[];
  };
  readonly sessionWritesLost?: { readonly errorCode?: string | null; readonly lost?: number } | null;
}

export interface LastAssistantLike {
  /** Class of an API failure: `authentication_failed`, `rate_limit`, … */
  readonly error?: string | null;
  /** HTTP status. */
  readonly apiErrorStatus?: number | null;
  readonly apiErrorType?: string | null;
  readonly apiError?: string | null;
  readonly text?: string | null;
}

export interface ResultLike {
  readonly subtype?: string;
  readonly isError?: boolean;
  /** Something in the stream speaks against this result: then its success does not outweigh how the process ended. */
  readonly contradicted?: boolean;
  readonly terminalReason?: string | null;
  readonly stopReason?: string | null;
  /** HTTP status. */
  readonly apiErrorStatus?: number | null;
  readonly apiErrorType?: string | null;
  readonly apiError?: string | null;
  /** The class of the error, where the result has one of its own. */
  readonly error?: string | null;
  readonly startupFailureReason?: string | null;
  readonly invalidConfigFile?: string | null;
  /** `null`: the frame has none. An empty string is an empty answer. */
  readonly text?: string | null;
  readonly errors?: readonly string[];
  readonly numTurns?: number | null;
  readonly hasStructuredOutput?: boolean;
}

export interface RateLimitLike {
  /** `five_hour`, `seven_day`, … */
  readonly window?: string | null;
  /** `rejected`: requests are refused until `resetsAt`. */
  readonly status?: string | null;
  /** Epoch seconds. */
  readonly resetsAt?: number | null;
}

export interface SpendLike {
  /** US dollars; `null`: unknown. */
  readonly costUsd?: number | null;
  /** Counted from messages, not told by a result. */
  readonly estimated?: boolean;
  readonly usage?: {
    readonly inputTokens?: number;
    readonly outputTokens?: number;
    readonly cacheReadInputTokens?: number;
    readonly cacheCreationInputTokens?: number;
  };
}
