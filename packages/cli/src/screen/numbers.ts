import type { Spend } from "@claude-k8s/stream-parser";

import type { SeenUsage } from "../usage.ts";

/** "950", "12.3k", "4.1M". */
export function countWords(count: number): string {
  if (count < 1000) return String(count);
  if (count < 1_000_000) return `${rounded(count / 1000)}k`;
  return `${rounded(count / 1_000_000)}M`;
}

/** "1 turn", "12 turns". */
export function turnsOf(count: number): string {
  return `${countWords(count)} ${count === 1 ? "turn" : "turns"}`;
}

function rounded(value: number): string {
  return value < 100 ? value.toFixed(1).replace(/\.0$/, "") : value.toFixed(0);
}

/** Tokens and cost of a run as two cells: "+" says that there is more than was read, "-" that nothing is known. */
export function usageCells(usage: SeenUsage | null): readonly [string, string] {
  if (usage === null) return ["-", "-"];
  const more = usage.partial ? "+" : "";
  const cost = costWords(usage);
  return [`${countWords(usage.tokens)}${more}`, cost === "-" ? cost : `${cost}${more}`];
}

/** "~$0.12": the tilde where it is counted from messages, and no bill. "-": unknown. */
export function costWords({ costUsd, estimated }: Pick<Spend, "costUsd" | "estimated">): string {
  if (costUsd === null) return "-";
  const digits = costUsd < 0.1 ? 4 : 2;
  return `${estimated && costUsd > 0 ? "~" : ""}$${costUsd.toFixed(digits)}`;
}

/** All that a model has read and written. */
export function tokensOf({ usage }: Spend): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadInputTokens + usage.cacheCreationInputTokens;
}
