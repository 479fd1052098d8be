import { listPrice } from "../cost.ts";
import { stringOf } from "../json.ts";
import { PRICES } from "../prices.ts";
import type { ResultEvent } from "../types/run-events.ts";
import type { RecentMessage, SummaryTracking } from "../types/tracking.ts";
import type { ModelSpend, ModelUsage, Spend, TokenUsage } from "../types/usage.ts";
import {
  addModel,
  addModelSpend,
  addSpend,
  addUsage,
  isNothing,
  NO_USAGE,
  spendOfModels,
} from "../usage-sum.ts";
import { contradict } from "./contradictions.ts";
import type { Draft } from "./draft.ts";
import { estimated } from "./spend.ts";

/** A result replaces the estimate by what was charged; one that names no spend leaves the estimate as it is. */
export function foldResultSpend(draft: Draft, event: ResultEvent): void {
  const told = toldBy(draft, event);
  if (told === null) return;
  const isCumulative = event.modelUsageSinceLastResult !== null;
  const session = isCumulative ? chargedFor(event.modelUsage, event.totalCostUsd) : null;
  draft.cost = { own: draft.cost.own, session: session ?? draft.cost.session };
  draft.tracking = {
    ...draft.tracking,
    recentMessages: draft.tracking.recentMessages.map((message) =>
      message.told ? message : asTold(message),
    ),
    told,
    untold: {},
    untoldOfSubagents: {},
  };
}

function asTold(message: RecentMessage): RecentMessage {
  return { ...message, told: true };
}

/**
 * This process's own spend. Releases with `model_usage_since_last_result` start `modelUsage` from the session's earlier runs, so
 * only that field is their own; older ones start from zero in each process and add up from result to result.
 */
function toldBy(draft: Draft, event: ResultEvent): Spend | null {
  const { told, untold } = draft.tracking;
  const sinceLast = event.modelUsageSinceLastResult;
  if (sinceLast !== null) {
    const isSilent = Object.keys(sinceLast).length === 0 && !isEmpty(untold);
    return isSilent ? null : addSpend(told, withCache(draft, chargedFor(sinceLast, null), event.usage));
  }
  // A session's totals would pass for this process's own.
  if (draft.cost.session !== null) return null;
  if (Object.keys(event.modelUsage).length > 0) {
    const cached = event.usage === null ? null : addUsage(told.usage, event.usage);
    return notBelow(draft, withCache(draft, chargedFor(event.modelUsage, event.totalCostUsd), cached));
  }
  return toldByTurn(draft, event);
}

/**
 * Some releases of 2.0 leave the cache out of `modelUsage` altogether, and have it in `usage`. Where no model has any, what `counted`
 * has of it is the main model's; its price is in the total or is not known.
 */
function withCache({ model }: Draft, spend: Spend, counted: TokenUsage | null): Spend {
  const cache = counted === null ? NO_USAGE : onlyCache(counted);
  if (isNothing(cache) || !isNothing(onlyCache(spend.usage))) return spend;
  const names = Object.keys(spend.models);
  const name = model !== null && names.includes(model) ? model : names[0];
  const known = name === undefined ? undefined : spend.models[name];
  if (name === undefined || known === undefined) return spend;
  return {
    ...spend,
    usage: addUsage(spend.usage, cache),
    models: { ...spend.models, [name]: { ...addUsage(known, cache), costUsd: known.costUsd } },
  };
}

function onlyCache({
  cacheReadInputTokens,
  cacheCreationInputTokens,
  cacheCreation5mInputTokens,
  cacheCreation1hInputTokens,
}: TokenUsage): TokenUsage {
  return {
    ...NO_USAGE,
    cacheReadInputTokens,
    cacheCreationInputTokens,
    cacheCreation5mInputTokens,
    cacheCreation1hInputTokens,
  };
}

/** A process's total only grows. */
function notBelow(draft: Draft, next: Spend): Spend {
  const { told } = draft.tracking;
  if (next.costUsd === null || told.costUsd === null || next.costUsd >= told.costUsd) return next;
  contradict(draft, ["cost_went_down"]);
  return told;
}

/**
 * Releases before 1.0.80 and the loops of some gateways write no `modelUsage`. Their `usage` is the main loop's of this turn, so
 * the sub-agents' messages are added as they were counted, and `total_cost_usd` is the process's.
 */
function toldByTurn(draft: Draft, event: ResultEvent): Spend | null {
  const { told, untold, untoldOfSubagents } = draft.tracking;
  const { totalCostUsd } = event;
  const model = draft.model ?? Object.keys(untold)[0] ?? stringOf(event.raw["model"]) ?? "unknown";
  const hasUsage = event.usage !== null && !isNothing(event.usage);
  if (!hasUsage && !isEmpty(untold) && (totalCostUsd ?? 0) === 0) return null;
  const turn = hasUsage
    ? addSpend(spendOf(model, event.usage ?? NO_USAGE), estimated(untoldOfSubagents, PRICES))
    : estimated(untold, PRICES);
  const next = addSpend(told, turn);
  if (totalCostUsd === null) return { ...next, estimated: next.estimated || hasUsage };
  return notBelow(draft, withTotal(next, totalCostUsd));
}

function spendOf(model: string, usage: TokenUsage): Spend {
  const costUsd = listPrice(usage, model, PRICES);
  return { costUsd, estimated: false, usage, models: { [model]: { ...usage, costUsd } } };
}

/** The charged total; where one model did all the work it is that model's. */
function withTotal(spend: Spend, costUsd: number): Spend {
  const [only, ...others] = Object.entries(spend.models);
  if (only === undefined || others.length > 0) return { ...spend, costUsd };
  const [model, modelSpend] = only;
  return { ...spend, costUsd, models: { [model]: { ...modelSpend, costUsd } } };
}

function isEmpty(untold: SummaryTracking["untold"]): boolean {
  return Object.values(untold).every(isNothing);
}

/** `costUsd`: what the result says, or `null` to add up the models' own. */
function chargedFor(models: Readonly<Record<string, ModelUsage>>, costUsd: number | null): Spend {
  let spends: Record<string, ModelSpend> = {};
  for (const [model, usage] of Object.entries(models)) {
    const { contextWindow: _window, maxOutputTokens: _most, ...spend } = usage;
    // Bounded, whatever number of models a frame names.
    spends = addModel(spends, model, (known) => (known === undefined ? spend : addModelSpend(known, spend)));
  }
  const sum = spendOfModels(spends, false);
  return costUsd === null ? sum : { ...sum, costUsd };
}
