import type { RunSummary } from "@claude-k8s/stream-parser";

/** What a run has used, as it stands on a Job that is kept: whoever lists runs then need not read their logs. */
export interface RunUsage {
  readonly turns: number;
  /** All that models have read and written. */
  readonly tokens: number;
  /** US dollars; `null`: unknown. */
  readonly costUsd: number | null;
  /** A part is counted from messages, and is no bill. */
  readonly estimated: boolean;
}

export function usageOf({ turns, messages, cost: { own } }: RunSummary): RunUsage {
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheCreationInputTokens } = own.usage;
  return {
    turns: turns || messages,
    tokens: inputTokens + outputTokens + cacheReadInputTokens + cacheCreationInputTokens,
    costUsd: own.costUsd,
    estimated: own.estimated,
  };
}

export function usageNote({ turns, tokens, costUsd, estimated }: RunUsage): string {
  return JSON.stringify({ turns, tokens, costUsd, estimated });
}

/** `null`: it is no note of usage. Anybody may have written it who may write Jobs, so nothing is taken on trust. */
export function readUsageNote(note: string | null): RunUsage | null {
  if (note === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(note);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { turns, tokens, costUsd, estimated } = value as Partial<Record<keyof RunUsage, unknown>>;
  if (!isCount(turns) || !isCount(tokens) || typeof estimated !== "boolean") return null;
  if (costUsd !== null && !isAmount(costUsd)) return null;
  return { turns, tokens, costUsd, estimated };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
