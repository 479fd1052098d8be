import type { JsonObject, JsonValue } from "../json.ts";
import type { FrameOrigin } from "./frame.ts";

export interface HookStartedEvent extends FrameOrigin {
  readonly type: "hook_started";
  readonly hookId: string | null;
  readonly hookName: string | null;
  readonly hookEvent: string | null;
}

export interface HookOutputEvent extends FrameOrigin {
  readonly type: "hook_progress" | "hook_response";
  readonly hookId: string | null;
  readonly hookName: string | null;
  readonly hookEvent: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
  /** `null` while it runs. */
  readonly exitCode: number | null;
  /** `success`, `error`, `cancelled`; `null` while it runs. */
  readonly outcome: string | null;
}

export interface TaskUsage {
  readonly totalTokens: number | null;
  readonly toolUses: number | null;
  readonly durationMs: number | null;
}

export interface TaskStartedEvent extends FrameOrigin {
  readonly type: "task_started";
  readonly taskId: string | null;
  readonly toolUseId: string | null;
  readonly description: string | null;
  /** `local_agent`, `local_bash`, … */
  readonly taskType: string | null;
  readonly isBackgrounded: boolean | null;
  readonly subagentType: string | null;
  readonly prompt: string | null;
}

export interface TaskProgressEvent extends FrameOrigin {
  readonly type: "task_progress";
  readonly taskId: string | null;
  readonly toolUseId: string | null;
  readonly description: string | null;
  readonly usage: TaskUsage | null;
  readonly lastToolName: string | null;
}

export interface TaskUpdatedEvent extends FrameOrigin {
  readonly type: "task_updated";
  readonly taskId: string | null;
  /** `running`, `completed`, `failed`, `killed`, … */
  readonly status: string | null;
  readonly error: string | null;
  readonly patch: JsonObject;
}

export interface TaskNotificationEvent extends FrameOrigin {
  readonly type: "task_notification";
  readonly taskId: string | null;
  readonly toolUseId: string | null;
  /** `completed`, `failed`, `stopped`. */
  readonly status: string | null;
  readonly summary: string | null;
  readonly outputFile: string | null;
  readonly usage: TaskUsage | null;
}

/** Replaces the set of running background tasks. */
export interface BackgroundTasksChangedEvent extends FrameOrigin {
  readonly type: "background_tasks_changed";
  readonly tasks: readonly BackgroundTask[];
}

export interface BackgroundTask {
  readonly taskId: string;
  readonly taskType: string | null;
  readonly description: string | null;
}

/** A refusal by rules or mode. A hook's refusal has no such event: see a result's `permissionDenials`. */
export interface PermissionDeniedEvent extends FrameOrigin {
  readonly type: "permission_denied";
  readonly toolName: string | null;
  readonly toolUseId: string | null;
  readonly message: string | null;
  readonly decisionReasonType: string | null;
  readonly decisionReason: string | null;
}

/** Every 30 s while a tool runs in the foreground. */
export interface ToolProgressEvent extends FrameOrigin {
  readonly type: "tool_progress";
  /** The tool call's own id: of a heartbeat frame, whose id is made up, the real one. */
  readonly toolUseId: string | null;
  readonly toolName: string | null;
  readonly parentToolUseId: string | null;
  readonly elapsedSeconds: number | null;
  readonly heartbeat: boolean;
  /** A sub-agent's API retry comes only here. */
  readonly subagentRetry: SubagentRetry | null;
}

export interface SubagentRetry {
  readonly agentId: string | null;
  readonly attempt: number | null;
  readonly maxRetries: number | null;
  readonly retryDelayMs: number | null;
  readonly errorStatus: number | null;
  readonly errorCategory: string | null;
}

export interface ToolUseSummaryEvent extends FrameOrigin {
  readonly type: "tool_use_summary";
  readonly summary: string | null;
  readonly precedingToolUseIds: readonly string[];
}

/** `estimatedTokens` of thinking so far. */
export interface ThinkingTokensEvent extends FrameOrigin {
  readonly type: "thinking_tokens";
  readonly estimatedTokens: number | null;
  readonly estimatedTokensDelta: number | null;
}

/** `/clear`: what follows has another session id. */
export interface ConversationResetEvent extends FrameOrigin {
  readonly type: "conversation_reset";
  readonly newConversationId: string | null;
  readonly trigger: string | null;
}

export interface SessionStateChangedEvent extends FrameOrigin {
  readonly type: "session_state_changed";
  /** `idle`, `running`, `requires_action`. */
  readonly state: string | null;
}

export interface ControlEvent extends FrameOrigin {
  readonly type: "control_request" | "control_response" | "control_cancel_request";
  readonly requestId: string | null;
  /** Of a request: `can_use_tool`, …; of a response: `success` or `error`. */
  readonly subtype: string | null;
  /** The `request` or `response` object. */
  readonly body: JsonValue;
}

/**
 * Frames whose type is known and that carry nothing a summary needs; their fields are in `raw`. Seen: `command_lifecycle`
 * {command_uuid, state}, `session_title_changed` {title}, `ui_invalidate` {event}. Declared, never seen in a headless run: the rest.
 */
export interface NoticeEvent extends FrameOrigin {
  readonly type: NoticeType;
  /** The first of the frame's `content`, `message`, `text`, `title`, `event`, `state`, `suggestion` that is a string. */
  readonly text: string | null;
}

export type NoticeType =
  | "command_lifecycle"
  | "session_title_changed"
  | "ui_invalidate"
  | "control_request_progress"
  | "local_command_output"
  | "plugin_install"
  | "worker_shutting_down"
  | "commands_changed"
  | "notification"
  | "files_persisted"
  | "memory_recall"
  | "elicitation_complete"
  | "mirror_error"
  | "auth_status"
  | "prompt_suggestion"
  | "active_goal"
  | "keep_alive";
