import { priceOf, PRICES } from "./prices.ts";
import type { PriceTable } from "./prices.ts";
import type { TokenUsage } from "./types/usage.ts";

/**
 * US dollars for `usage` at the list price of `model`; `null` when the table has no price for it. Cache writes whose time to live
 * is not told count as five minutes.
 */
export function costOf(usage: TokenUsage, model: string, prices: PriceTable = PRICES): number | null {
  const price = priceOf(model, prices);
  if (price === null) return null;
  const written1h = usage.cacheCreation1hInputTokens;
  const written5m = Math.max(0, usage.cacheCreationInputTokens - written1h);
  const perMillion =
    usage.inputTokens * price.input +
    usage.outputTokens * price.output +
    usage.cacheReadInputTokens * price.cacheRead +
    written5m * price.cacheWrite5m +
    written1h * price.cacheWrite1h;
  return perMillion / 1e6 + usage.webSearchRequests * prices.webSearchRequest;
}
