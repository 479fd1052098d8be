import type { SpendReport } from "../diagnosis.ts";
import { moneyWords } from "../words/numbers.ts";

/** "$0.0124 (1234 tokens in, 56 out, 2048 read from cache)"; `null` when nothing was used. */
export function spendWords(spend: SpendReport | null): string | null {
  if (spend === null) return null;
  const input = spend.inputTokens + spend.cacheCreationInputTokens;
  if (input + spend.outputTokens + spend.cacheReadInputTokens === 0) return null;
  const cost =
    spend.costUsd === null
      ? "cost unknown"
      : `${spend.estimated ? "about " : ""}${moneyWords(spend.costUsd)}`;
  return `${cost} (${input} tokens in, ${spend.outputTokens} out, ${spend.cacheReadInputTokens} read from cache)`;
}
