import type { RunSummary, Spend } from "@claude-k8s/stream-parser";

import type { HostEvent } from "../host/contract.ts";

/** A person who watches sees money move; the host's list of events stays readable on a run of hours. */
const shortestPauseMilliseconds = 10_000;

export interface SpendReport {
  /** Called after each piece of output. */
  update(summary: RunSummary): void;
  /** Once, at the end: the last reading, whenever the one before was. */
  end(summary: RunSummary): void;
}

/** Tokens and cost of the run so far, sub-agents included, as events of the host: at most one in ten seconds, and one at the end. */
export function createSpendReport(
  tell: (event: HostEvent) => void,
  budgetUsd: number | null,
  now: () => number,
  onSpend: (costUsd: number) => void = () => undefined,
): SpendReport {
  let told: Spend | null = null;
  let toldAt = -Infinity;
  let warned = false;
  function report(spend: Spend): void {
    told = spend;
    toldAt = now();
    tell(spendEvent(spend));
    if (spend.costUsd !== null) onSpend(spend.costUsd);
    if (spend.costUsd !== null || budgetUsd === null || warned) return;
    warned = true;
    tell({
      eventType: "claude_k8s.warning",
      stream: "system",
      level: "warn",
      message: `no price is known for ${Object.keys(spend.models).join(", ") || "the model"}: its cost is unknown, and the budget of ${budgetUsd} US dollars cannot be kept by this adapter`,
    });
  }
  return {
    update({ cost: { own } }) {
      if (own === told || isNothing(own) || now() - toldAt < shortestPauseMilliseconds) return;
      report(own);
    },
    end({ cost: { own } }) {
      if (own !== told && !isNothing(own)) report(own);
    },
  };
}

function isNothing({ usage }: Spend): boolean {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadInputTokens === 0;
}

function spendEvent({ usage, costUsd, estimated, models }: Spend): HostEvent {
  const input = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
  const cost = costUsd === null ? "cost unknown" : `${estimated ? "about " : ""}$${costUsd.toFixed(4)}`;
  return {
    eventType: "claude_k8s.spend",
    stream: "system",
    level: "info",
    message: `${input} tokens in, ${usage.outputTokens} out, ${cost}`,
    payload: {
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      cacheReadInputTokens: usage.cacheReadInputTokens,
      cacheCreationInputTokens: usage.cacheCreationInputTokens,
      costUsd,
      estimated,
      models: Object.fromEntries(Object.entries(models).map(([name, spend]) => [name, spend.costUsd])),
    },
  };
}
