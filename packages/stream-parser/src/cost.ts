import { StreamParserError } from "./errors.ts";
import { isObject } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { priceOf, PRICES } from "./prices.ts";
import type { ModelPrice, PriceTable } from "./prices.ts";
import { readUsage } from "./read/usage.ts";
import type { ApiUsage, TokenUsage } from "./types/usage.ts";

/**
 * US dollars for `usage` at the list price of `model`; `null` when the table has no price for it. `usage` is this package's own,
 * whose absent counts are none, or the Messages API's (`input_tokens`, …). Cache writes whose time to live is not known count as
 * five minutes. Throws a `StreamParserError` for anything else.
 */
export function costOf(
  usage: Partial<TokenUsage> | ApiUsage,
  model: string,
  prices: PriceTable = PRICES,
): number | null {
  if (typeof model !== "string") throw new StreamParserError(`model must be a string, got ${kindOf(model)}`);
  const counts = countsOf(usage);
  const price = priceOf(model, prices);
  return price === null ? null : charge(counts, price, prices.webSearchRequest);
}

/** The same for counts that are known to be right. */
export function listPrice(usage: TokenUsage, model: string, prices: PriceTable): number | null {
  const price = priceOf(model, prices);
  return price === null ? null : charge(usage, price, prices.webSearchRequest);
}

function charge(usage: TokenUsage, price: ModelPrice, webSearchRequest: number): number {
  const written1h = usage.cacheCreation1hInputTokens;
  const written5m = Math.max(0, usage.cacheCreationInputTokens - written1h);
  const perMillion =
    usage.inputTokens * price.input +
    usage.outputTokens * price.output +
    usage.cacheReadInputTokens * price.cacheRead +
    written5m * price.cacheWrite5m +
    written1h * price.cacheWrite1h;
  const costUsd = perMillion / 1e6 + usage.webSearchRequests * webSearchRequest;
  if (Number.isFinite(costUsd)) return costUsd;
  throw new StreamParserError("prices must hold a number for each kind of token and for webSearchRequest");
}

const OWN_COUNTS = [
  "inputTokens",
  "outputTokens",
  "cacheReadInputTokens",
  "cacheCreationInputTokens",
  "cacheCreation5mInputTokens",
  "cacheCreation1hInputTokens",
  "thinkingTokens",
  "webSearchRequests",
] as const;
const API_COUNTS = [
  "input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
] as const;

function countsOf(usage: unknown): TokenUsage {
  if (isObject(usage)) {
    if (API_COUNTS.some((name) => name in usage)) return apiCounts(usage);
    if (OWN_COUNTS.some((name) => name in usage)) return ownCounts(usage);
  }
  throw new StreamParserError(
    `usage must have counts like inputTokens, or like the API's input_tokens, got ${kindOf(usage)}`,
  );
}

function ownCounts(usage: JsonObject): TokenUsage {
  const counts = OWN_COUNTS.map((name) => [name, checked(name, usage[name])] as const);
  return Object.fromEntries(counts) as Record<(typeof OWN_COUNTS)[number], number>;
}

function apiCounts(usage: JsonObject): TokenUsage {
  for (const name of API_COUNTS) checked(name, usage[name]);
  const counts = readUsage(usage);
  if (counts !== null) return counts;
  throw new StreamParserError("usage has a count below cache_creation or server_tool_use that is none");
}

/** Absent and `null`, as the API writes it, are none. */
function checked(name: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === "number" && value >= 0 && value <= 1e12) return value;
  throw new StreamParserError(`usage.${name} must be a number from 0 to 1e12, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (isObject(value)) return `an object with ${Object.keys(value).slice(0, 5).join(", ") || "no fields"}`;
  return value === null ? "null" : typeof value;
}
