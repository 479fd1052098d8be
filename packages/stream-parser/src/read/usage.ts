import { isObject, numberOf, objectOf } from "../json.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { ModelUsage, TokenUsage } from "../types/usage.ts";

function count(value: JsonValue | undefined): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : 0;
}

/** The Messages API's usage, snake_case. */
export function readUsage(value: JsonValue | undefined): TokenUsage | null {
  if (!isObject(value)) return null;
  const cacheCreation = objectOf(value["cache_creation"]);
  const details = objectOf(value["output_tokens_details"]);
  const tools = objectOf(value["server_tool_use"]);
  return {
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
    costUsd: count(value["costUSD"]),
    contextWindow: numberOf(value["contextWindow"]),
    maxOutputTokens: numberOf(value["maxOutputTokens"]),
  };
}

export function readModelUsages(value: JsonValue | undefined): Record<string, ModelUsage> {
  const models: Record<string, ModelUsage> = {};
  if (!isObject(value)) return models;
  for (const model of Object.keys(value)) {
    const usage = value[model];
    // Assigning `__proto__` would set the prototype.
    if (isObject(usage) && model !== "__proto__") models[model] = readModelUsage(usage);
  }
  return models;
}
