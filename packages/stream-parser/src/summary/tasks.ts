import type { JsonValue } from "../json.ts";
import { isObject, stringOf } from "../json.ts";
import type { AssistantEvent, UserEvent } from "../types/message-events.ts";
import type {
  BackgroundTaskSummary,
  OpenBackgroundTask,
  SubagentState,
  SubagentSummary,
} from "../types/summary-work.ts";
import type {
  BackgroundTasksChangedEvent,
  TaskNotificationEvent,
  TaskProgressEvent,
  TaskStartedEvent,
  TaskUsage,
} from "../types/work-events.ts";
import { append, cutText } from "./bounds.ts";
import type { Draft } from "./draft.ts";

const MOST_SUBAGENTS = 20;
const MOST_OPEN_TASKS = 100;
const MOST_DESCRIPTION = 500;

function text(value: string | null): string | null {
  return value === null ? null : cutText(value, MOST_DESCRIPTION);
}

export function subagentsOfAssistant(subagents: SubagentSummary, event: AssistantEvent): SubagentSummary {
  let next = subagents;
  for (const block of event.content) {
    if (block.type !== "tool_use" || !startsSubagent(block.name)) continue;
    const type = inputText(block.input, "subagent_type");
    next = spawn(next, block.id, type, inputText(block.input, "description"), false);
  }
  return next;
}

/** `Task` up to 2.0. */
export function startsSubagent(toolName: string): boolean {
  return toolName === "Agent" || toolName === "Task";
}

function inputText(input: JsonValue, name: string): string | null {
  return isObject(input) ? stringOf(input[name]) : null;
}

function spawn(
  subagents: SubagentSummary,
  toolUseId: string,
  type: string | null,
  description: string | null,
  background: boolean,
): SubagentSummary {
  const index = subagents.last.findIndex((state) => state.toolUseId === toolUseId);
  const known = subagents.last[index];
  if (known !== undefined) {
    if (known.background === background) return subagents;
    return { ...subagents, last: subagents.last.with(index, { ...known, background }) };
  }
  const state: SubagentState = {
    toolUseId,
    type: text(type),
    description: text(description),
    status: "running",
    totalTokens: null,
    toolUses: null,
    durationMs: null,
    background,
  };
  return {
    ...subagents,
    spawned: subagents.spawned + 1,
    last: append(subagents.last, state, MOST_SUBAGENTS),
  };
}

/** A tool result ends a sub-agent that runs in the foreground. */
export function subagentsOfUser(subagents: SubagentSummary, event: UserEvent): SubagentSummary {
  let next = subagents;
  for (const block of event.content) {
    if (block.type !== "tool_result") continue;
    const state = next.last.find(({ toolUseId }) => toolUseId === block.toolUseId);
    if (state === undefined || state.background) continue;
    next = endSubagent(next, block.toolUseId, block.isError ? "failed" : "completed", null);
  }
  return next;
}

function endSubagent(
  subagents: SubagentSummary,
  toolUseId: string | null,
  status: SubagentState["status"],
  usage: TaskUsage | null,
): SubagentSummary {
  const index = subagents.last.findIndex((state) => state.toolUseId === toolUseId);
  const state = subagents.last[index];
  if (state === undefined || state.status !== "running") return subagents;
  return {
    spawned: subagents.spawned,
    completed: subagents.completed + (status === "completed" ? 1 : 0),
    failed: subagents.failed + (status === "failed" ? 1 : 0),
    killed: subagents.killed + (status === "stopped" ? 1 : 0),
    last: subagents.last.with(index, { ...withUsage(state, usage), status }),
  };
}

function withUsage(state: SubagentState, usage: TaskUsage | null): SubagentState {
  return usage === null ? state : { ...state, ...usage };
}

export function foldTaskStarted(draft: Draft, event: TaskStartedEvent): void {
  const isAgent = event.taskType === "local_agent";
  // Up to 2.1.110 the field is missing; then a shell has a task only in the background, a sub-agent never runs there.
  const isBackground = event.isBackgrounded ?? !isAgent;
  if (isAgent && event.toolUseId !== null) {
    const { subagentType, description } = event;
    draft.subagents = spawn(draft.subagents, event.toolUseId, subagentType, description, isBackground);
  }
  if (isBackground && event.taskId !== null) {
    draft.backgroundTasks = openTasks(draft.backgroundTasks, [
      { taskId: event.taskId, taskType: event.taskType, description: text(event.description) },
    ]);
  }
}

function openTasks(tasks: BackgroundTaskSummary, more: readonly OpenBackgroundTask[]): BackgroundTaskSummary {
  const added = more.filter(({ taskId }) => !tasks.open.some((task) => task.taskId === taskId));
  if (added.length === 0) return tasks;
  return {
    ...tasks,
    started: tasks.started + added.length,
    open: [...tasks.open, ...added].slice(-MOST_OPEN_TASKS),
  };
}

export function foldTaskProgress(draft: Draft, event: TaskProgressEvent): void {
  const index = draft.subagents.last.findIndex((state) => state.toolUseId === event.toolUseId);
  const state = draft.subagents.last[index];
  if (state === undefined || event.usage === null) return;
  const last = draft.subagents.last.with(index, withUsage(state, event.usage));
  draft.subagents = { ...draft.subagents, last };
}

export function foldTaskNotification(draft: Draft, event: TaskNotificationEvent): void {
  const status = event.status === "failed" || event.status === "stopped" ? event.status : "completed";
  draft.subagents = endSubagent(draft.subagents, event.toolUseId, status, event.usage);
  const tasks = draft.backgroundTasks;
  const open = tasks.open.filter((task) => task.taskId !== event.taskId);
  if (open.length === tasks.open.length) return;
  draft.backgroundTasks = { ...tasks, open, [status]: tasks[status] + 1 };
}

/** The frame names all that run: the notification of one that is gone has come, or comes no more. */
export function foldBackgroundTasks(draft: Draft, event: BackgroundTasksChangedEvent): void {
  const listed = event.tasks.map(({ taskId, taskType, description }) => ({
    taskId,
    taskType,
    description: text(description),
  }));
  const opened = openTasks(draft.backgroundTasks, listed);
  const open = opened.open.filter(({ taskId }) => listed.some((task) => task.taskId === taskId));
  draft.backgroundTasks = { ...opened, open };
}
