import { type Diagnosis, type FailureCode, isFailureCode } from "@claude-k8s/diagnostics";
import type { RunSummary } from "@claude-k8s/stream-parser";

/** What a run has used. */
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

/** What stands on a Job that is kept: whoever lists runs then need not read their logs. */
export interface RunNote {
  readonly usage: RunUsage;
  /** How it ended: the code of its failure, or `null` for a success. `null` in its place: the note does not say. */
  readonly ending: { readonly code: FailureCode | null } | null;
}

const success = "success";

export function runNote(
  { turns, tokens, costUsd, estimated }: RunUsage,
  { code }: Pick<Diagnosis, "code">,
): string {
  return JSON.stringify({ turns, tokens, costUsd, estimated, ending: code ?? success });
}

/** `null`: it is no such note. Anybody may have written it who may write Jobs, so nothing is taken on trust. */
export function readRunNote(note: string | null): RunNote | null {
  if (note === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(note);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { turns, tokens, costUsd, estimated, ending } = value as Partial<
    Record<keyof RunUsage | "ending", unknown>
  >;
  if (!isCount(turns) || !isCount(tokens) || typeof estimated !== "boolean") return null;
  if (costUsd !== null && !isAmount(costUsd)) return null;
  return { usage: { turns, tokens, costUsd, estimated }, ending: readEnding(ending) };
}

function readEnding(ending: unknown): RunNote["ending"] {
  if (ending === success) return { code: null };
  return typeof ending === "string" && isFailureCode(ending) ? { code: ending } : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
