import { parseObject, stringOf } from "./json.ts";
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
import { retractionOf } from "./read/retraction.ts";
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
import { utf8Length } from "./utf8.ts";

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

/**
 * The events of one whole line, with or without its line end. It never throws and remembers nothing: streamed text comes as
 * `stream_event` only, without the growing `text` events that a parser made by `createStreamParser` adds.
 */
export function parseLine(line: string): ClaudeEvent[] {
  const event = readLine(line.endsWith("\n") ? line.slice(0, -1) : line, utf8Length(line));
  const retraction = retractionOf(event);
  return retraction === null ? [event] : [event, retraction];
}

/** `text` without its line end; `lineBytes` with it. */
export function readLine(text: string, lineBytes: number): ClaudeEvent {
  const frame = frameOf(text);
  if (frame !== null) return readFrame(frame, lineBytes);
  return { type: "noise", lineBytes, text: text.endsWith("\r") ? text.slice(0, -1) : text };
}

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

export function readFrame(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const type = stringOf(frame["type"]) ?? "";
  const subtype = stringOf(frame["subtype"]);
  const reader = type === "system" ? SYSTEM_READERS[subtype ?? ""] : READERS[type];
  if (reader !== undefined && reader !== null) return reader(frame, lineBytes);
  return {
    type: "unknown",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: stringOf(frame["session_id"]),
    raw: frame,
    frameType: subtype === null ? type : `${type}/${subtype}`,
  };
}
