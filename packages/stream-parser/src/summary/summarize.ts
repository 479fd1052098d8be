import { isBlank, isDecoration } from "../decoration.ts";
import { looksLikeFrame } from "../frames.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { RunSummary } from "../types/summary.ts";
import { append, cutText } from "./bounds.ts";
import { foldNewConversation } from "./contradictions.ts";
import type { Draft } from "./draft.ts";
import {
  foldApiRetry,
  foldCompaction,
  foldHookOutput,
  foldHookStarted,
  foldInformational,
  foldInit,
  foldModelFallback,
  foldRateLimit,
  foldRefusal,
  foldStatus,
} from "./conversation.ts";
import { foldPermissionDenied } from "./denials.ts";
import { foldAssistant, foldRetraction, foldStreamEvent, foldUser } from "./messages.ts";
import { foldResult } from "./result.ts";
import { settleOwnSpend } from "./spend.ts";
import { foldBackgroundTasks, foldTaskNotification, foldTaskProgress, foldTaskStarted } from "./tasks.ts";
import { foldToolProgress } from "./tools.ts";

const MOST_NOISE = 50;
const MOST_NOISE_TEXT = 2000;

/** The summary with one more event: a pure fold, for every event of a stream in its order. */
export function summarize(summary: RunSummary, event: ClaudeEvent): RunSummary {
  const draft = { ...summary };
  foldEvent(draft, event);
  settleOwnSpend(draft, summary.tracking);
  return draft;
}

type EventType = ClaudeEvent["type"];
type Fold<Type extends EventType> = (draft: Draft, event: ClaudeEvent & { type: Type }) => void;

/** What an event of each type changes, beyond being counted; `null`: nothing. */
const FOLDS: { readonly [Type in EventType]: Fold<Type> | null } = {
  init: foldInit,
  assistant: foldAssistant,
  user: foldUser,
  result: foldResult,
  stream_event: foldStreamEvent,
  retraction: foldRetraction,
  api_retry: foldApiRetry,
  rate_limit_event: foldRateLimit,
  tool_progress: foldToolProgress,
  permission_denied: foldPermissionDenied,
  task_started: foldTaskStarted,
  task_progress: foldTaskProgress,
  task_notification: foldTaskNotification,
  background_tasks_changed: foldBackgroundTasks,
  hook_started: foldHookStarted,
  hook_progress: null,
  hook_response: foldHookOutput,
  informational: foldInformational,
  compact_boundary: foldCompaction,
  status: foldStatus,
  model_refusal_fallback: foldRefusal,
  model_refusal_no_fallback: foldRefusal,
  model_fallback: foldModelFallback,
  conversation_reset: foldNewConversation,
  session_writes_lost: (draft, { errorCode, lost }) => {
    draft.sessionWritesLost = { errorCode, lost: lost.length };
  },
  unknown: (draft) => {
    draft.unknownFrames += 1;
  },
  overflow: (draft) => {
    draft.overflowLines += 1;
  },
  noise: (draft, { text }) => foldNoise(draft, text),
  partial: (draft, { text }) => {
    if (beginsFrame(text)) draft.lastLineCut = true;
    else foldNoise(draft, text);
  },
  repeated: null,
  text: null,
  task_updated: null,
  tool_use_summary: null,
  thinking_tokens: null,
  session_state_changed: null,
  control_request: null,
  control_response: null,
  control_cancel_request: null,
  command_lifecycle: null,
  session_title_changed: null,
  ui_invalidate: null,
  control_request_progress: null,
  local_command_output: null,
  plugin_install: null,
  worker_shutting_down: null,
  commands_changed: null,
  notification: null,
  files_persisted: null,
  memory_recall: null,
  elicitation_complete: null,
  mirror_error: null,
  auth_status: null,
  prompt_suggestion: null,
  active_goal: null,
  keep_alive: null,
};

/** All but `cost.own`, which `settleOwnSpend` brings up to date. */
export function foldEvent(draft: Draft, event: ClaudeEvent): void {
  if (event.lineBytes > 0) draft.lines += 1;
  draft.bytes += event.lineBytes;
  if ("raw" in event) draft.frames += 1;
  // The table gives each type its own fold, which the compiler cannot follow through the look-up.
  const fold = FOLDS[event.type] as ((draft: Draft, event: ClaudeEvent) => void) | null;
  fold?.(draft, event);
}

/** Also behind a log's prefix. */
function beginsFrame(text: string): boolean {
  return looksLikeFrame(text) || (text.includes('{"') && isDecoration(text.slice(0, text.indexOf('{"'))));
}

function foldNoise(draft: Draft, text: string): void {
  if (isBlank(text)) return;
  draft.noiseLines += 1;
  draft.noise = append(draft.noise, cutText(text, MOST_NOISE_TEXT), MOST_NOISE);
}
