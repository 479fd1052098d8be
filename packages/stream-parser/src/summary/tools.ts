import type { AssistantEvent, ToolResultBlock, UserEvent } from "../types/message-events.ts";
import type { OpenToolCall, ToolStats, ToolSummary } from "../types/summary-work.ts";
import type { ToolProgressEvent } from "../types/work-events.ts";
import { append, cutText } from "./bounds.ts";
import type { Draft } from "./draft.ts";

const MOST_OPEN = 200;
const MOST_NAMES = 100;
const MOST_NAME = 200;
const MOST_RETRIES = 10;
const NO_STATS: ToolStats = { calls: 0, failed: 0, totalMs: 0, longestMs: 0 };

export function toolsOfAssistant(tools: ToolSummary, event: AssistantEvent): ToolSummary {
  let next = tools;
  for (const block of event.content) {
    if (block.type !== "tool_use" || next.open.some((call) => call.id === block.id)) continue;
    const name = cutText(block.name, MOST_NAME);
    const call: OpenToolCall = {
      id: block.id,
      name,
      startedAt: event.timestamp,
      parentToolUseId: event.parentToolUseId,
      elapsedSeconds: null,
    };
    next = {
      calls: next.calls + 1,
      failed: next.failed,
      open: append(next.open, call, MOST_OPEN),
      byName: changeStats(next.byName, name, (stats) => ({ ...stats, calls: stats.calls + 1 })),
    };
  }
  return next;
}

export function toolsOfUser(tools: ToolSummary, event: UserEvent): ToolSummary {
  let next = tools;
  for (const block of event.content) {
    if (block.type === "tool_result") next = close(next, block, event.timestamp);
  }
  return next;
}

function close(tools: ToolSummary, block: ToolResultBlock, endedAt: string | null): ToolSummary {
  const call = tools.open.find((open) => open.id === block.toolUseId);
  if (call === undefined) return tools;
  const failed = block.isError ? 1 : 0;
  const ms = millisecondsBetween(call.startedAt, endedAt);
  return {
    calls: tools.calls,
    failed: tools.failed + failed,
    open: tools.open.filter((open) => open !== call),
    byName: changeStats(tools.byName, call.name, (stats) => ({
      calls: stats.calls,
      failed: stats.failed + failed,
      totalMs: stats.totalMs + ms,
      longestMs: Math.max(stats.longestMs, ms),
    })),
  };
}

function changeStats(
  byName: ToolSummary["byName"],
  tool: string,
  change: (stats: ToolStats) => ToolStats,
): ToolSummary["byName"] {
  const known = Object.hasOwn(byName, tool);
  const name = known || Object.keys(byName).length < MOST_NAMES ? tool : "other";
  const stats = Object.hasOwn(byName, name) ? byName[name] : undefined;
  return { ...byName, [name]: change(stats ?? NO_STATS) };
}

function millisecondsBetween(start: string | null, end: string | null): number {
  if (start === null || end === null) return 0;
  const ms = Date.parse(end) - Date.parse(start);
  return ms > 0 ? ms : 0;
}

export function foldToolProgress(draft: Draft, event: ToolProgressEvent): void {
  const index = draft.tools.open.findIndex((call) => call.id === event.toolUseId);
  const call = draft.tools.open[index];
  if (call !== undefined) {
    const open = draft.tools.open.with(index, { ...call, elapsedSeconds: event.elapsedSeconds });
    draft.tools = { ...draft.tools, open };
  }
  if (event.subagentRetry === null) return;
  const { agentId, attempt, maxRetries, retryDelayMs, errorStatus, errorCategory } = event.subagentRetry;
  const retry = {
    attempt,
    maxRetries,
    retryDelayMs,
    errorStatus,
    error: errorCategory,
    subagentId: agentId,
  };
  draft.retries = { count: draft.retries.count + 1, last: append(draft.retries.last, retry, MOST_RETRIES) };
}
