import { isDeeperThan } from "../json.ts";
import type { ResultEvent } from "../types/run-events.ts";
import type { ResultSummary, StructuredOutput } from "../types/summary-result.ts";
import { append, cutText, MOST_TEXT } from "./bounds.ts";
import { contradict, contradictionsOf, foldTurnEnd, isSuccess, note, replaces } from "./contradictions.ts";
import { foldResultDenials } from "./denials.ts";
import type { Draft } from "./draft.ts";
import { withModels } from "./models.ts";
import { foldResultSpend } from "./told.ts";

const MOST_ERRORS = 20;
const MOST_ERROR_TEXT = 4000;
const MOST_RESULT_UUIDS = 20;

export function foldResult(draft: Draft, event: ResultEvent): void {
  if (isRepeated(draft, event)) return;
  draft.results += 1;
  const contradictions = contradictionsOf(draft, event);
  if (replaces(draft, event, contradictions)) {
    countResult(draft, event);
    contradict(draft, contradictions);
  } else {
    // The result before it stands as it is.
    note(draft, contradictions);
  }
  foldTurnEnd(draft);
}

/** The same result again, as a log that is read again after a reconnect gives it. */
function isRepeated(draft: Draft, event: ResultEvent): boolean {
  const { resultUuids } = draft.tracking;
  if (event.uuid === null) return false;
  if (resultUuids.includes(event.uuid)) return true;
  draft.tracking = { ...draft.tracking, resultUuids: append(resultUuids, event.uuid, MOST_RESULT_UUIDS) };
  return false;
}

function countResult(draft: Draft, event: ResultEvent): void {
  const result = resultSummary(event);
  draft.result = result;
  // A process that fails at its end may write a second result that has no text of its own.
  draft.finalText = result.text ?? draft.finalText;
  draft.turns = turnsOf(draft, event);
  draft.durationMs += event.durationMs ?? 0;
  draft.durationApiMs = event.durationApiMs ?? draft.durationApiMs;
  draft.structuredOutput = event.hasStructuredOutput ? structuredOutput(event) : null;
  draft.models = withModels(draft.models, Object.keys(event.modelUsageSinceLastResult ?? event.modelUsage));
  if (event.subagentStats !== null) draft.subagents = { ...draft.subagents, ...event.subagentStats };
  foldResultDenials(draft, event);
  foldResultSpend(draft, event);
}

/** Up to 1.0, which does not tell its version, `num_turns` goes on from result to result; later it starts anew. */
function turnsOf(draft: Draft, event: ResultEvent): number {
  const turns = event.numTurns ?? 0;
  const cumulative = draft.inits > 0 && draft.cliVersion === null;
  return cumulative ? turns : draft.turns + turns;
}

function resultSummary(event: ResultEvent): ResultSummary {
  return {
    subtype: event.subtype,
    success: isSuccess(event),
    isError: event.isError,
    contradicted: false,
    terminalReason: event.terminalReason,
    stopReason: event.stopReason,
    apiErrorStatus: event.apiErrorStatus,
    apiErrorType: event.apiErrorType,
    apiError: event.apiError,
    error: event.error,
    startupFailureReason: event.startupFailureReason,
    invalidConfigFile: event.invalidConfigFile,
    text: event.result === null ? null : cutText(event.result, MOST_TEXT),
    textLength: event.result === null ? 0 : event.result.length,
    errors: event.errors.slice(0, MOST_ERRORS).map((error) => cutText(error, MOST_ERROR_TEXT)),
    sessionId: event.sessionId,
    index: event.resultIndex,
    originKind: event.originKind,
    numTurns: event.numTurns,
    durationMs: event.durationMs,
    durationApiMs: event.durationApiMs,
    safetyStops: event.safetyStops,
    permissionDenials: event.permissionDenials.length,
    turnUsage: event.usage,
    hasStructuredOutput: event.hasStructuredOutput,
  };
}

/** Deeper than any schema; some engines' JSON.stringify ends in a RangeError a few thousand levels down. */
const DEEPEST = 200;

function structuredOutput(event: ResultEvent): StructuredOutput {
  const value = event.structuredOutput;
  if (isDeeperThan(value, DEEPEST)) return { value: null, length: null };
  const { length } = JSON.stringify(value);
  return { value: length <= MOST_TEXT ? value : null, length };
}
