import type { ModelSpend, Spend, TokenUsage } from "./types/usage.ts";

export const NO_USAGE: TokenUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadInputTokens: 0,
  cacheCreationInputTokens: 0,
  cacheCreation5mInputTokens: 0,
  cacheCreation1hInputTokens: 0,
  thinkingTokens: 0,
  webSearchRequests: 0,
};

export const NO_SPEND: Spend = { costUsd: 0, estimated: false, usage: NO_USAGE, models: {} };

/** A run has a handful; a forged stream may name any number. */
export const MOST_MODELS = 50;

function combine(a: TokenUsage, b: TokenUsage, each: (x: number, y: number) => number): TokenUsage {
  return {
    inputTokens: each(a.inputTokens, b.inputTokens),
    outputTokens: each(a.outputTokens, b.outputTokens),
    cacheReadInputTokens: each(a.cacheReadInputTokens, b.cacheReadInputTokens),
    cacheCreationInputTokens: each(a.cacheCreationInputTokens, b.cacheCreationInputTokens),
    cacheCreation5mInputTokens: each(a.cacheCreation5mInputTokens, b.cacheCreation5mInputTokens),
    cacheCreation1hInputTokens: each(a.cacheCreation1hInputTokens, b.cacheCreation1hInputTokens),
    thinkingTokens: each(a.thinkingTokens, b.thinkingTokens),
    webSearchRequests: each(a.webSearchRequests, b.webSearchRequests),
  };
}

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, (x, y) => x + y);
}

export function subtractUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, (x, y) => x - y);
}

export function isNothing(usage: TokenUsage): boolean {
  return (
    usage.inputTokens === 0 &&
    usage.outputTokens === 0 &&
    usage.cacheReadInputTokens === 0 &&
    usage.cacheCreationInputTokens === 0 &&
    usage.cacheCreation5mInputTokens === 0 &&
    usage.cacheCreation1hInputTokens === 0 &&
    usage.thinkingTokens === 0 &&
    usage.webSearchRequests === 0
  );
}

/** The larger of each: frames of one message repeat the same counts, or grow. */
export function largerUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, Math.max);
}

/** `models` with `spend` added to one of them; own keys only, so that a model may have any name. */
export function addModel<Value>(
  models: Readonly<Record<string, Value>>,
  model: string,
  add: (known: Value | undefined) => Value,
): Record<string, Value> {
  const known = Object.hasOwn(models, model);
  const name = known || Object.keys(models).length < MOST_MODELS ? model : "other";
  return { ...models, [name]: add(Object.hasOwn(models, name) ? models[name] : undefined) };
}

export function addSpend(a: Spend, b: Spend): Spend {
  // Most sums of a run are these.
  if (a === NO_SPEND) return b;
  if (b === NO_SPEND) return a;
  let models: Readonly<Record<string, ModelSpend>> = a.models;
  for (const [model, spend] of Object.entries(b.models)) {
    models = addModel(models, model, (known) => (known === undefined ? spend : addModelSpend(known, spend)));
  }
  return {
    costUsd: addCost(a.costUsd, b.costUsd),
    estimated: a.estimated || b.estimated,
    usage: addUsage(a.usage, b.usage),
    models,
  };
}

export function addModelSpend(a: ModelSpend, b: ModelSpend): ModelSpend {
  return { ...addUsage(a, b), costUsd: addCost(a.costUsd, b.costUsd) };
}

export function addCost(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** The sum of what each model used. */
export function spendOfModels(models: Readonly<Record<string, ModelSpend>>, estimated: boolean): Spend {
  let usage: TokenUsage = NO_USAGE;
  let costUsd: number | null = 0;
  const names = Object.keys(models);
  if (names.length === 0) return NO_SPEND;
  for (const name of names) {
    const spend = models[name];
    if (spend === undefined) continue;
    usage = addUsage(usage, spend);
    costUsd = addCost(costUsd, spend.costUsd);
  }
  return { costUsd, estimated, usage, models };
}
