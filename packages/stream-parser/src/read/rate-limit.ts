import { booleanOf, isObject, numberOf, objectOf, stringOf, sessionIdOf } from "../json.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { RateLimitWindow } from "../types/run-events.ts";

export function readRateLimit(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const info = objectOf(frame["rate_limit_info"]) ?? {};
  return {
    type: "rate_limit_event",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    status: stringOf(info["status"]),
    resetsAt: numberOf(info["resetsAt"]),
    rateLimitType: stringOf(info["rateLimitType"]),
    utilization: numberOf(info["utilization"]),
    overageStatus: stringOf(info["overageStatus"]),
    overageResetsAt: numberOf(info["overageResetsAt"]),
    overageDisabledReason: stringOf(info["overageDisabledReason"]),
    isUsingOverage: booleanOf(info["isUsingOverage"]),
    surpassedThreshold: numberOf(info["surpassedThreshold"]),
    windows: readWindows(info["unifiedWindows"]),
  };
}

function readWindows(value: JsonValue | undefined): readonly RateLimitWindow[] {
  if (!isObject(value)) return [];
  const windows: RateLimitWindow[] = [];
  for (const [name, state] of Object.entries(value)) {
    if (!isObject(state)) continue;
    windows.push({
      name,
      status: stringOf(state["status"]),
      resetsAt: numberOf(state["resetsAt"]),
      utilization: numberOf(state["utilization"]),
    });
  }
  return windows;
}
