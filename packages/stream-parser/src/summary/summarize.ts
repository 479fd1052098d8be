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
  foldInformational,
  foldInit,
  foldRateLimit,
  foldRefusal,
} from "./conversation.ts";
import { foldPermissionDenied } from "./denials.ts";
import { foldAssistant, foldRetraction, foldStreamEvent, foldUser } from "./messages.ts";
import { foldResult } from "./result.ts";
import { settleOwnSpend } from "./spend.ts";
import { foldBackgroundTasks, foldTaskNotification, foldTaskProgress, foldTaskStarted } from "./tasks.ts";
import { foldToolProgress } from "./tools.ts";

const MOST_NOISE = 50;
const MOST_NOISE_TEXT = 2000;
const MOST_FALLBACKS = 10;

/** The summary with one more event: a pure fold, for every event of a stream in its order. */
export function summarize(summary: RunSummary, event: ClaudeEvent): RunSummary {
  const draft = { ...summary };
  foldEvent(draft, event);
  settleOwnSpend(draft, summary.tracking);
  return draft;
}

/** All but `cost.own`, which `settleOwnSpend` brings up to date. */
export function foldEvent(draft: Draft, event: ClaudeEvent): void {
  if (event.lineBytes > 0) draft.lines += 1;
  draft.bytes += event.lineBytes;
  if ("raw" in event) draft.frames += 1;
  switch (event.type) {
    case "init":
      return foldInit(draft, event);
    case "assistant":
      return foldAssistant(draft, event);
    case "user":
      return foldUser(draft, event);
    case "result":
      return foldResult(draft, event);
    case "stream_event":
      return foldStreamEvent(draft, event);
    case "retraction":
      return foldRetraction(draft, event);
    case "api_retry":
      return foldApiRetry(draft, event);
    case "rate_limit_event":
      return foldRateLimit(draft, event);
    case "tool_progress":
      return foldToolProgress(draft, event);
    case "permission_denied":
      return foldPermissionDenied(draft, event);
    case "task_started":
      return foldTaskStarted(draft, event);
    case "task_progress":
      return foldTaskProgress(draft, event);
    case "task_notification":
      return foldTaskNotification(draft, event);
    case "background_tasks_changed":
      return foldBackgroundTasks(draft, event);
    case "hook_started":
      draft.hooks = { ...draft.hooks, started: draft.hooks.started + 1 };
      return;
    case "hook_progress":
    case "hook_response":
      return foldHookOutput(draft, event);
    case "informational":
      return foldInformational(draft, event);
    case "compact_boundary":
      return foldCompaction(draft, event);
    case "status":
      if (event.compactResult !== "failed") return;
      draft.compactions = { ...draft.compactions, failed: draft.compactions.failed + 1 };
      return;
    case "model_refusal_fallback":
    case "model_refusal_no_fallback":
      return foldRefusal(draft, event);
    case "model_fallback": {
      const { trigger, originalModel, fallbackModel } = event;
      const fallback = { trigger, originalModel, fallbackModel };
      draft.modelFallbacks = append(draft.modelFallbacks, fallback, MOST_FALLBACKS);
      return;
    }
    case "session_writes_lost":
      draft.sessionWritesLost = { errorCode: event.errorCode, lost: event.lost.length };
      return;
    case "unknown":
      draft.unknownFrames += 1;
      return;
    case "noise":
      return foldNoise(draft, event.text);
    case "partial":
      if (beginsFrame(event.text)) draft.lastLineCut = true;
      else foldNoise(draft, event.text);
      return;
    case "overflow":
      draft.overflowLines += 1;
      return;
    case "conversation_reset":
      return foldNewConversation(draft, event);
    case "repeated":
    case "text":
    case "task_updated":
    case "tool_use_summary":
    case "thinking_tokens":
    case "session_state_changed":
    case "control_request":
    case "control_response":
    case "control_cancel_request":
    case "command_lifecycle":
    case "session_title_changed":
    case "ui_invalidate":
    case "control_request_progress":
    case "local_command_output":
    case "plugin_install":
    case "worker_shutting_down":
    case "commands_changed":
    case "notification":
    case "files_persisted":
    case "memory_recall":
    case "elicitation_complete":
    case "mirror_error":
    case "auth_status":
    case "prompt_suggestion":
    case "active_goal":
    case "keep_alive":
  }
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
