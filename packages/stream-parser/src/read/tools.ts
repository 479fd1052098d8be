import { numberOf, objectOf, stringOf, stringsOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { SubagentRetry } from "../types/work-events.ts";

export function readToolProgress(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const heartbeat = frame["heartbeat"] === true;
  const parentToolUseId = stringOf(frame["parent_tool_use_id"]);
  return {
    type: "tool_progress",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    // A heartbeat's own id is `<id>-heartbeat-<n>`; the call it speaks of stands in parent_tool_use_id.
    toolUseId: heartbeat ? parentToolUseId : stringOf(frame["tool_use_id"]),
    toolName: stringOf(frame["tool_name"]),
    parentToolUseId: heartbeat ? null : parentToolUseId,
    elapsedSeconds: numberOf(frame["elapsed_time_seconds"]),
    heartbeat,
    subagentRetry: readSubagentRetry(objectOf(frame["subagent_retry"])),
  };
}

function readSubagentRetry(retry: JsonObject | null): SubagentRetry | null {
  if (retry === null) return null;
  return {
    agentId: stringOf(retry["agent_id"]),
    attempt: numberOf(retry["attempt"]),
    maxRetries: numberOf(retry["max_retries"]),
    retryDelayMs: numberOf(retry["retry_delay_ms"]),
    errorStatus: numberOf(retry["error_status"]),
    errorCategory: stringOf(retry["error_category"]),
  };
}

export function readToolUseSummary(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "tool_use_summary",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    summary: stringOf(frame["summary"]),
    precedingToolUseIds: stringsOf(frame["preceding_tool_use_ids"]),
  };
}

export function readPermissionDenied(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "permission_denied",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    toolName: stringOf(frame["tool_name"]),
    toolUseId: stringOf(frame["tool_use_id"]),
    message: stringOf(frame["message"]),
    decisionReasonType: stringOf(frame["decision_reason_type"]),
    decisionReason: stringOf(frame["decision_reason"]),
  };
}

export function readThinkingTokens(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "thinking_tokens",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    estimatedTokens: numberOf(frame["estimated_tokens"]),
    estimatedTokensDelta: numberOf(frame["estimated_tokens_delta"]),
  };
}
