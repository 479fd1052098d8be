import type { ResultEvent } from "../types/run-events.ts";
import type { ResultSummary, StructuredOutput } from "../types/summary.ts";
import { cutText, MOST_TEXT } from "./bounds.ts";
import { foldResultDenials } from "./denials.ts";
import type { Draft } from "./draft.ts";
import { withModels } from "./models.ts";
import { foldResultSpend } from "./spend.ts";

const MOST_ERRORS = 20;
const MOST_ERROR_TEXT = 4000;

export function foldResult(draft: Draft, event: ResultEvent): void {
  const result = resultSummary(event);
  draft.result = result;
  draft.results += 1;
  draft.finalText = result.text;
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
    success: event.subtype === "success" && !event.isError,
    isError: event.isError,
    terminalReason: event.terminalReason,
    stopReason: event.stopReason,
    apiErrorStatus: event.apiErrorStatus,
    apiErrorType: event.apiErrorType,
    apiError: event.apiError,
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

function structuredOutput(event: ResultEvent): StructuredOutput {
  const { length } = JSON.stringify(event.structuredOutput);
  return { value: length <= MOST_TEXT ? event.structuredOutput : null, length };
}
