/** Tokens of one or more API messages, by the price they are billed at. Counts are never negative. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadInputTokens: number;
  /** Tokens written to the cache, whatever their time to live: the two below are parts of it. */
  readonly cacheCreationInputTokens: number;
  readonly cacheCreation5mInputTokens: number;
  readonly cacheCreation1hInputTokens: number;
  /** A part of `outputTokens`. */
  readonly thinkingTokens: number;
  readonly webSearchRequests: number;
}

/** What one model used and cost, as a result's `modelUsage` tells it. */
export interface ModelUsage extends TokenUsage {
  /** US dollars. */
  readonly costUsd: number;
  /** Tokens; `null` where the release does not tell it. */
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
}

/** Tokens and cost of a stretch of work, in all and by model. */
export interface Spend {
  /** US dollars; `null` when a model without a known price took part and no result told the cost. */
  readonly costUsd: number | null;
  /** True when a part comes from counting messages rather than from a result: a hint, not a bill. */
  readonly estimated: boolean;
  readonly usage: TokenUsage;
  /** By model name. Models beyond the first 50 are added up under `other`. */
  readonly models: Readonly<Record<string, ModelSpend>>;
}

export interface ModelSpend extends TokenUsage {
  readonly costUsd: number | null;
}

/** The Messages API's own counts, as a response's `usage` holds them. */
export interface ApiUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  } | null;
  readonly server_tool_use?: { readonly web_search_requests: number } | null;
}
