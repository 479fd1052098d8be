import { booleanOf, numberOf, objectOf, objectsOf, stringOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { TaskUsage } from "../types/work-events.ts";

export function readTaskStarted(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "task_started",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    taskId: stringOf(frame["task_id"]),
    toolUseId: stringOf(frame["tool_use_id"]),
    description: stringOf(frame["description"]),
    taskType: stringOf(frame["task_type"]),
    isBackgrounded: booleanOf(frame["is_backgrounded"]),
    subagentType: stringOf(frame["subagent_type"]),
    prompt: stringOf(frame["prompt"]),
  };
}

export function readTaskProgress(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "task_progress",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    taskId: stringOf(frame["task_id"]),
    toolUseId: stringOf(frame["tool_use_id"]),
    description: stringOf(frame["description"]),
    usage: readTaskUsage(objectOf(frame["usage"])),
    lastToolName: stringOf(frame["last_tool_name"]),
  };
}

export function readTaskUpdated(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const patch = objectOf(frame["patch"]) ?? {};
  return {
    type: "task_updated",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    taskId: stringOf(frame["task_id"]),
    status: stringOf(patch["status"]),
    error: stringOf(patch["error"]),
    patch,
  };
}

export function readTaskNotification(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "task_notification",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    taskId: stringOf(frame["task_id"]),
    toolUseId: stringOf(frame["tool_use_id"]),
    status: stringOf(frame["status"]),
    summary: stringOf(frame["summary"]),
    outputFile: stringOf(frame["output_file"]),
    usage: readTaskUsage(objectOf(frame["usage"])),
  };
}

export function readBackgroundTasks(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "background_tasks_changed",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    tasks: objectsOf(frame["tasks"]).map((task) => ({
      taskId: stringOf(task["task_id"]) ?? "",
      taskType: stringOf(task["task_type"]),
      description: stringOf(task["description"]),
    })),
  };
}

function readTaskUsage(usage: JsonObject | null): TaskUsage | null {
  if (usage === null) return null;
  return {
    totalTokens: numberOf(usage["total_tokens"]),
    toolUses: numberOf(usage["tool_uses"]),
    durationMs: numberOf(usage["duration_ms"]),
  };
}
