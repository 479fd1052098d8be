import {
  countOf,
  dollarsOf,
  isImpossible,
  isImpossibleCost,
  isObject,
  numberOf,
  objectOf,
  objectsOf,
  stringOf,
  stringsOf,
  sessionIdOf,
} from "../json.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { SubagentStats } from "../types/run-events.ts";
import { readModelUsages, readUsage } from "./usage.ts";

export function readResult(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const sinceLast = frame["model_usage_since_last_result"];
  const usage = readUsage(frame["usage"]);
  const modelUsage = readModelUsages(frame["modelUsage"]);
  const sinceLastUsage = readModelUsages(sinceLast);
  const origin = objectOf(frame["origin"]);
  return {
    type: "result",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    subtype: stringOf(frame["subtype"]) ?? "",
    isError: frame["is_error"] === true,
    terminalReason: stringOf(frame["terminal_reason"]),
    stopReason: stringOf(frame["stop_reason"]),
    result: stringOf(frame["result"]),
    errors: stringsOf(frame["errors"]),
    apiErrorStatus: numberOf(frame["api_error_status"]),
    apiErrorType: stringOf(frame["api_error_type"]),
    apiError: stringOf(frame["api_error"]),
    error: stringOf(frame["error"]),
    startupFailureReason: stringOf(frame["startup_failure_reason"]),
    invalidConfigFile: stringOf(frame["invalid_config_file"]),
    hasStructuredOutput: frame["structured_output"] !== undefined,
    structuredOutput: frame["structured_output"] ?? null,
    numTurns: countOf(frame["num_turns"]),
    durationMs: countOf(frame["duration_ms"]),
    durationApiMs: countOf(frame["duration_api_ms"]),
    timeToFirstTokenMs: countOf(frame["ttft_ms"]),
    totalCostUsd: dollarsOf(frame["total_cost_usd"]),
    usage,
    modelUsage: modelUsage ?? {},
    modelUsageSinceLastResult: isObject(sinceLast) ? (sinceLastUsage ?? {}) : null,
    hasImpossibleNumbers:
      isImpossibleCost(frame["total_cost_usd"]) ||
      isImpossible(frame["num_turns"]) ||
      isImpossible(frame["duration_ms"]) ||
      (usage === null && isObject(frame["usage"])) ||
      modelUsage === null ||
      sinceLastUsage === null,
    permissionDenials: objectsOf(frame["permission_denials"]).map((denial) => ({
      toolName: stringOf(denial["tool_name"]),
      toolUseId: stringOf(denial["tool_use_id"]),
      toolInput: denial["tool_input"] ?? null,
    })),
    subagentStats: readSubagentStats(objectOf(frame["subagent_stats"])),
    safetyStops: numberOf(frame["safety_stops"]),
    resultIndex: numberOf(frame["result_index"]),
    queuedTurnCount: numberOf(frame["queued_turn_count"]),
    originKind: origin && stringOf(origin["kind"]),
  };
}

function readSubagentStats(stats: JsonObject | null): SubagentStats | null {
  if (stats === null) return null;
  return {
    spawned: numberOf(stats["spawned"]) ?? 0,
    completed: numberOf(stats["completed"]) ?? 0,
    failed: numberOf(stats["failed"]) ?? 0,
    killed: total(stats["killed"]),
  };
}

/** `killed` is a count for each killer (parent, user, system); a plain number is taken too. */
function total(value: JsonValue | undefined): number {
  if (!isObject(value)) return numberOf(value) ?? 0;
  return Object.values(value).reduce<number>((sum, part) => sum + (numberOf(part) ?? 0), 0);
}
