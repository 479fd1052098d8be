import { parseObject, sessionIdOf, stringOf } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { readAssistant } from "./read/assistant.ts";
import { readControl } from "./read/control.ts";
import {
  readApiRetry,
  readCompactBoundary,
  readConversationReset,
  readInformational,
  readModelFallback,
  readModelRefusal,
  readSessionState,
  readSessionWritesLost,
  readStatus,
} from "./read/conversation.ts";
import { readHookOutput, readHookStarted } from "./read/hooks.ts";
import { readInit } from "./read/init.ts";
import { readNotice } from "./read/notice.ts";
import { readRateLimit } from "./read/rate-limit.ts";
import { readResult } from "./read/result.ts";
import { readStreamEvent } from "./read/stream-event.ts";
import {
  readBackgroundTasks,
  readTaskNotification,
  readTaskProgress,
  readTaskStarted,
  readTaskUpdated,
} from "./read/tasks.ts";
import {
  readPermissionDenied,
  readThinkingTokens,
  readToolProgress,
  readToolUseSummary,
} from "./read/tools.ts";
import { readUser } from "./read/user.ts";
import type { ClaudeEvent } from "./types/event.ts";

type Reader = (frame: JsonObject, lineBytes: number) => ClaudeEvent;

/** Without a prototype: a frame's type may be any word, `constructor` too. */
type Readers = Readonly<Record<string, Reader | null | undefined>>;

const READERS: Readers = {
  __proto__: null,
  assistant: readAssistant,
  user: readUser,
  result: readResult,
  stream_event: readStreamEvent,
  rate_limit_event: readRateLimit,
  tool_progress: readToolProgress,
  tool_use_summary: readToolUseSummary,
  conversation_reset: readConversationReset,
  control_request: readControl,
  control_response: readControl,
  control_cancel_request: readControl,
  command_lifecycle: readNotice,
  auth_status: readNotice,
  prompt_suggestion: readNotice,
  active_goal: readNotice,
  keep_alive: readNotice,
};

const SYSTEM_READERS: Readers = {
  __proto__: null,
  init: readInit,
  status: readStatus,
  compact_boundary: readCompactBoundary,
  api_retry: readApiRetry,
  model_fallback: readModelFallback,
  model_refusal_fallback: readModelRefusal,
  model_refusal_no_fallback: readModelRefusal,
  informational: readInformational,
  session_writes_lost: readSessionWritesLost,
  session_state_changed: readSessionState,
  hook_started: readHookStarted,
  hook_progress: readHookOutput,
  hook_response: readHookOutput,
  task_started: readTaskStarted,
  task_progress: readTaskProgress,
  task_updated: readTaskUpdated,
  task_notification: readTaskNotification,
  background_tasks_changed: readBackgroundTasks,
  permission_denied: readPermissionDenied,
  thinking_tokens: readThinkingTokens,
  session_title_changed: readNotice,
  ui_invalidate: readNotice,
  control_request_progress: readNotice,
  local_command_output: readNotice,
  plugin_install: readNotice,
  worker_shutting_down: readNotice,
  commands_changed: readNotice,
  notification: readNotice,
  files_persisted: readNotice,
  memory_recall: readNotice,
  elicitation_complete: readNotice,
  mirror_error: readNotice,
};

/** A frame is a JSON object with a `type`; a wrapper's own JSON log lines usually have none. */
export function frameOf(text: string): JsonObject | null {
  if (!looksLikeFrame(text)) return null;
  const object = parseObject(text);
  return object !== null && typeof object["type"] === "string" ? object : null;
}

/** Cheap, and spares an exception for each line of plain text. */
export function looksLikeFrame(text: string): boolean {
  return text.startsWith("{") || text.trimStart().startsWith("{");
}

/**
 * Whether an object that does not have a line to itself is surely a frame of Claude Code: of a known type, and with the ids that
 * every frame has. Anything else with a `type` may be a part of a frame, or of another program's words.
 */
export function isOwnFrame(frame: JsonObject): boolean {
  if (readerOf(frame) === null) return false;
  return stringOf(frame["uuid"]) !== null || sessionIdOf(frame) !== null;
}

function readerOf(frame: JsonObject): Reader | null {
  const type = stringOf(frame["type"]) ?? "";
  if (type !== "system") return READERS[type] ?? null;
  return SYSTEM_READERS[stringOf(frame["subtype"]) ?? ""] ?? null;
}

export function readFrame(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const reader = readerOf(frame);
  if (reader !== null) return reader(frame, lineBytes);
  const type = stringOf(frame["type"]) ?? "";
  const subtype = stringOf(frame["subtype"]);
  return {
    type: "unknown",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    frameType: subtype === null ? type : `${type}/${subtype}`,
  };
}
