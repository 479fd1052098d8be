/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written for five minutes. */
  readonly cacheWrite5m: number;
  /** Written for an hour. */
  readonly cacheWrite1h: number;
}

export interface PriceTable {
  /** The day the prices were read, ISO 8601. */
  readonly date: string;
  /** US dollars for one request of the web search tool. */
  readonly webSearchRequest: number;
  /**
   * By the beginning of the model's name, after a provider's prefix is taken off (`us.anthropic.`); the longest that fits
   * counts.
   */
  readonly models: Readonly<Record<string, ModelPrice>>;
}

/** List prices, as Claude Code 2.1.330 charges them in its own cost count. */
export const PRICES: PriceTable = {
  date: "2026-11-22",
  webSearchRequest: 0.01,
  models: {
    "claude-fable-5-2": { input: 8, output: 40, cacheRead: 0.2, cacheWrite5m: 10, cacheWrite1h: 16 },
    "claude-fable-5-1": { input: 10, output: 50, cacheRead: 0.25, cacheWrite5m: 12.5, cacheWrite1h: 20 },
    "claude-fable-5": { input: 10, output: 50, cacheRead: 1, cacheWrite5m: 12.5, cacheWrite1h: 20 },
    "claude-opus-5-5": { input: 4, output: 20, cacheRead: 0.2, cacheWrite5m: 5, cacheWrite1h: 8 },
    "claude-opus-5": { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 },
    "claude-opus-4-8": { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 },
    "claude-opus-4-7": { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 },
    "claude-opus-4-6": { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 },
    "claude-opus-4-5": { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 },
    "claude-opus-4": { input: 15, output: 75, cacheRead: 1.5, cacheWrite5m: 18.75, cacheWrite1h: 30 },
    "claude-sonnet-5-5": { input: 2, output: 10, cacheRead: 0.1, cacheWrite5m: 2.5, cacheWrite1h: 4 },
    "claude-sonnet-5": { input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 },
    "claude-sonnet-4": { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 },
    "claude-3-7-sonnet": { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 },
    "claude-3-5-sonnet": { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 },
    "claude-haiku-4-5": { input: 1, output: 5, cacheRead: 0.1, cacheWrite5m: 1.25, cacheWrite1h: 2 },
    "claude-3-5-haiku": { input: 0.8, output: 4, cacheRead: 0.08, cacheWrite5m: 1, cacheWrite1h: 1.6 },
  },
};

/** The price of `model`, or `null` when the table has none. */
export function priceOf(model: string, prices: PriceTable): ModelPrice | null {
  // Bedrock: `us.anthropic.claude-…-v1:0`; gateways: `anthropic/claude-…`.
  const name = model.slice(Math.max(0, model.indexOf("claude-")));
  let longest = "";
  for (const prefix of Object.keys(prices.models)) {
    if (prefix.length > longest.length && name.startsWith(prefix)) longest = prefix;
  }
  return longest === "" ? null : (prices.models[longest] ?? null);
}
