import { numberOf, objectOf, stringOf, stringsOf, arrayOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { PromptSubmitOutcome } from "../types/run-events.ts";

export function readStatus(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "status",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    status: stringOf(frame["status"]),
    permissionMode: stringOf(frame["permissionMode"]),
    compactResult: stringOf(frame["compact_result"]),
    compactError: stringOf(frame["compact_error"]),
  };
}

export function readCompactBoundary(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const metadata = objectOf(frame["compact_metadata"]) ?? {};
  return {
    type: "compact_boundary",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    trigger: stringOf(metadata["trigger"]),
    preTokens: numberOf(metadata["pre_tokens"]),
    postTokens: numberOf(metadata["post_tokens"]),
    durationMs: numberOf(metadata["duration_ms"]),
  };
}

export function readApiRetry(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "api_retry",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    attempt: numberOf(frame["attempt"]),
    maxRetries: numberOf(frame["max_retries"]),
    retryDelayMs: numberOf(frame["retry_delay_ms"]),
    errorStatus: numberOf(frame["error_status"]),
    error: stringOf(frame["error"]),
  };
}

export function readModelFallback(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "model_fallback",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    trigger: stringOf(frame["trigger"]),
    originalModel: stringOf(frame["original_model"]),
    fallbackModel: stringOf(frame["fallback_model"]),
    content: stringOf(frame["content"]),
  };
}

export function readModelRefusal(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type:
      frame["subtype"] === "model_refusal_fallback" ? "model_refusal_fallback" : "model_refusal_no_fallback",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    originalModel: stringOf(frame["original_model"]),
    fallbackModel: stringOf(frame["fallback_model"]),
    category: stringOf(frame["api_refusal_category"]),
    explanation: stringOf(frame["api_refusal_explanation"]),
    retractedMessageUuids: stringsOf(frame["retracted_message_uuids"]),
    content: stringOf(frame["content"]),
  };
}

export function readInformational(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "informational",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    content: stringOf(frame["content"]) ?? "",
    level: stringOf(frame["level"]),
    toolUseId: stringOf(frame["tool_use_id"]),
    preventContinuation: frame["prevent_continuation"] === true,
    promptSubmitOutcome: readOutcome(objectOf(frame["prompt_submit_outcome"])),
  };
}

function readOutcome(outcome: JsonObject | null): PromptSubmitOutcome | null {
  if (outcome === null) return null;
  return { kind: stringOf(outcome["kind"]), reason: stringOf(outcome["reason"]), raw: outcome };
}

export function readSessionWritesLost(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "session_writes_lost",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    errorCode: stringOf(frame["error_code"]),
    lost: arrayOf(frame["lost"]),
  };
}

export function readConversationReset(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "conversation_reset",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    newConversationId: stringOf(frame["new_conversation_id"]),
    trigger: stringOf(frame["trigger"]),
  };
}

export function readSessionState(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "session_state_changed",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    state: stringOf(frame["state"]),
  };
}
