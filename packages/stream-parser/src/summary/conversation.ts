import type {
  ApiRetryEvent,
  CompactBoundaryEvent,
  InformationalEvent,
  InitEvent,
  ModelFallbackEvent,
  ModelRefusalEvent,
  RateLimitEvent,
  StatusEvent,
} from "../types/run-events.ts";
import type { RateLimitState } from "../types/summary.ts";
import type { HookOutputEvent, HookStartedEvent } from "../types/work-events.ts";
import { append, cutText, upsert } from "./bounds.ts";
import { foldTurnStart } from "./contradictions.ts";
import type { Draft } from "./draft.ts";
import { withModels } from "./models.ts";

const MOST_LAST = 10;
const MOST_WINDOWS = 20;
const MOST_SERVERS = 100;
const MOST_WORDS = 1000;

export function foldInit(draft: Draft, event: InitEvent): void {
  foldTurnStart(draft, event);
  draft.inits += 1;
  draft.sessionId = event.sessionId ?? draft.sessionId;
  draft.cliVersion = event.cliVersion ?? draft.cliVersion;
  draft.model = event.model ?? draft.model;
  if (event.model !== null) draft.models = withModels(draft.models, [event.model]);
  draft.permissionMode = event.permissionMode ?? draft.permissionMode;
  draft.apiKeySource = event.apiKeySource ?? draft.apiKeySource;
  draft.workingDirectory = event.cwd ?? draft.workingDirectory;
  draft.mcpServers = event.mcpServers.slice(0, MOST_SERVERS);
  draft.structuredOutputRequested = event.tools.includes("StructuredOutput");
  draft.pluginErrors = event.pluginErrors
    .slice(0, MOST_SERVERS)
    .map(({ plugin, type, message }) => ({ plugin, type, message: cutText(message, MOST_WORDS) }));
}

export function foldApiRetry(draft: Draft, event: ApiRetryEvent): void {
  const { attempt, maxRetries, retryDelayMs, errorStatus, error } = event;
  const retry = { attempt, maxRetries, retryDelayMs, errorStatus, error, subagentId: null };
  draft.retries = { count: draft.retries.count + 1, last: append(draft.retries.last, retry, MOST_LAST) };
}

/** The window that the frame speaks of carries the overage fields; the others it lists are updated too. */
export function foldRateLimit(draft: Draft, event: RateLimitEvent): void {
  const states: RateLimitState[] = event.windows
    .filter(({ name }) => name !== event.rateLimitType)
    .map(({ name, status, resetsAt, utilization }) => ({
      window: name,
      status,
      resetsAt,
      utilization,
      isUsingOverage: null,
      overageStatus: null,
    }));
  states.push({
    window: event.rateLimitType,
    status: event.status,
    resetsAt: event.resetsAt,
    utilization: event.utilization ?? windowUtilization(event),
    isUsingOverage: event.isUsingOverage,
    overageStatus: event.overageStatus,
  });
  for (const state of states) {
    draft.rateLimits = upsert(draft.rateLimits, state, ({ window }) => window === state.window, MOST_WINDOWS);
  }
}

function windowUtilization(event: RateLimitEvent): number | null {
  return event.windows.find(({ name }) => name === event.rateLimitType)?.utilization ?? null;
}

export function foldCompaction(draft: Draft, event: CompactBoundaryEvent): void {
  const { trigger, preTokens, postTokens, durationMs } = event;
  const { count, failed, last } = draft.compactions;
  const compaction = { trigger, preTokens, postTokens, durationMs };
  draft.compactions = { count: count + 1, failed, last: append(last, compaction, MOST_LAST) };
}

/** `compact_boundary` tells of those that worked. */
export function foldStatus(draft: Draft, event: StatusEvent): void {
  if (event.compactResult !== "failed") return;
  draft.compactions = { ...draft.compactions, failed: draft.compactions.failed + 1 };
}

export function foldHookStarted(draft: Draft, _event: HookStartedEvent): void {
  draft.hooks = { ...draft.hooks, started: draft.hooks.started + 1 };
}

/** Of a hook that has ended; what it prints before that comes as `hook_progress`. */
export function foldHookOutput(draft: Draft, event: HookOutputEvent): void {
  draft.hooks = { ...draft.hooks, finished: draft.hooks.finished + 1 };
  // 2.0 tells no outcome, only the exit code.
  const failed = event.outcome === null ? (event.exitCode ?? 0) !== 0 : event.outcome !== "success";
  if (!failed) return;
  const failure = {
    name: event.hookName,
    event: event.hookEvent,
    exitCode: event.exitCode,
    outcome: event.outcome,
    stderr: cutText(event.stderr, MOST_WORDS),
  };
  draft.hooks = {
    ...draft.hooks,
    failed: draft.hooks.failed + 1,
    failures: append(draft.hooks.failures, failure, MOST_LAST),
  };
}

export function foldInformational(draft: Draft, event: InformationalEvent): void {
  const outcome = event.promptSubmitOutcome;
  if (!event.preventContinuation && outcome === null) return;
  const stop = {
    promptBlocked: outcome?.kind?.startsWith("blocked") === true,
    preventContinuation: event.preventContinuation,
    reason: outcome === null || outcome.reason === null ? null : cutText(outcome.reason, MOST_WORDS),
    content: cutText(event.content, MOST_WORDS),
  };
  draft.hooks = { ...draft.hooks, stops: append(draft.hooks.stops, stop, MOST_LAST) };
}

export function foldRefusal(draft: Draft, event: ModelRefusalEvent): void {
  const { originalModel, fallbackModel, category } = event;
  const explanation = event.explanation === null ? null : cutText(event.explanation, MOST_WORDS);
  const refusal = { originalModel, fallbackModel, category, explanation };
  draft.refusals = { count: draft.refusals.count + 1, last: append(draft.refusals.last, refusal, MOST_LAST) };
}

export function foldModelFallback(draft: Draft, event: ModelFallbackEvent): void {
  const { trigger, originalModel, fallbackModel } = event;
  const fallback = { trigger, originalModel, fallbackModel };
  draft.modelFallbacks = append(draft.modelFallbacks, fallback, MOST_LAST);
}
