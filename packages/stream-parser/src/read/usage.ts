import { countOf, dollarsOf, isImpossible, isImpossibleCost, isObject, numberOf, objectOf } from "../json.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { ModelUsage, TokenUsage } from "../types/usage.ts";

/** Absent is none: releases and gateways leave out what they do not count. NaN is a count that cannot be. */
function count(value: JsonValue | undefined): number {
  return isImpossible(value) ? Number.NaN : (countOf(value) ?? 0);
}

/** A negative or absurd count: what stands beside it is not to be trusted either. */
function isPossible(usage: TokenUsage): boolean {
  const sum =
    usage.inputTokens +
    usage.outputTokens +
    usage.cacheReadInputTokens +
    usage.cacheCreationInputTokens +
    usage.cacheCreation5mInputTokens +
    usage.cacheCreation1hInputTokens +
    usage.thinkingTokens +
    usage.webSearchRequests;
  return !Number.isNaN(sum);
}

/** The Messages API's usage, snake_case; `null` also where one of its counts is impossible. */
export function readUsage(value: JsonValue | undefined): TokenUsage | null {
  if (!isObject(value)) return null;
  const cacheCreation = objectOf(value["cache_creation"]);
  const details = objectOf(value["output_tokens_details"]);
  const tools = objectOf(value["server_tool_use"]);
  const usage: TokenUsage = {
    inputTokens: count(value["input_tokens"]),
    outputTokens: count(value["output_tokens"]),
    cacheReadInputTokens: count(value["cache_read_input_tokens"]),
    cacheCreationInputTokens: count(value["cache_creation_input_tokens"]),
    cacheCreation5mInputTokens:
      cacheCreation === null ? 0 : count(cacheCreation["ephemeral_5m_input_tokens"]),
    cacheCreation1hInputTokens:
      cacheCreation === null ? 0 : count(cacheCreation["ephemeral_1h_input_tokens"]),
    thinkingTokens: details === null ? 0 : count(details["thinking_tokens"]),
    webSearchRequests: tools === null ? 0 : count(tools["web_search_requests"]),
  };
  return isPossible(usage) ? usage : null;
}

/** One entry of a result's `modelUsage`, camelCase. */
function readModelUsage(value: JsonObject): ModelUsage {
  return {
    inputTokens: count(value["inputTokens"]),
    outputTokens: count(value["outputTokens"]),
    cacheReadInputTokens: count(value["cacheReadInputTokens"]),
    cacheCreationInputTokens: count(value["cacheCreationInputTokens"]),
    cacheCreation5mInputTokens: count(value["cacheCreationEphemeral5mInputTokens"]),
    cacheCreation1hInputTokens: count(value["cacheCreationEphemeral1hInputTokens"]),
    thinkingTokens: count(value["thinkingTokens"]),
    webSearchRequests: count(value["webSearchRequests"]),
    costUsd: dollarsOf(value["costUSD"]) ?? 0,
    contextWindow: numberOf(value["contextWindow"]),
    maxOutputTokens: numberOf(value["maxOutputTokens"]),
  };
}

/** `null` where one of its numbers is impossible: a part of a total would pass for the total. */
export function readModelUsages(value: JsonValue | undefined): Record<string, ModelUsage> | null {
  const models: Record<string, ModelUsage> = {};
  if (!isObject(value)) return models;
  for (const model of Object.keys(value)) {
    const usage = value[model];
    // Assigning `__proto__` would set the prototype.
    if (!isObject(usage) || model === "__proto__") continue;
    const read = readModelUsage(usage);
    if (isImpossibleCost(usage["costUSD"]) || !isPossible(read)) return null;
    models[model] = read;
  }
  return models;
}
