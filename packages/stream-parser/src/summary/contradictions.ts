import type { AssistantEvent, UserEvent } from "../types/message-events.ts";
import type { InitEvent, ResultEvent } from "../types/run-events.ts";
import type { ResultContradiction } from "../types/summary-result.ts";
import type { SinceResult } from "../types/tracking.ts";
import type { ConversationResetEvent } from "../types/work-events.ts";
import { append } from "./bounds.ts";
import type { Draft } from "./draft.ts";

const MOST_SESSIONS = 10;
const NOTHING_YET: SinceResult = { begun: false, worked: false };

/** Notes each kind once. */
export function note(draft: Draft, kinds: readonly ResultContradiction[]): void {
  const added = kinds.filter((kind) => !draft.contradictions.includes(kind));
  if (added.length > 0) draft.contradictions = [...draft.contradictions, ...added];
}

/** Notes `kinds`, and marks the result that counts as one that they speak against. */
export function contradict(draft: Draft, kinds: readonly ResultContradiction[]): void {
  note(draft, kinds);
  if (kinds.length === 0 || draft.result === null || draft.result.contradicted) return;
  draft.result = { ...draft.result, contradicted: true };
}

/** A turn begins: after it, work is no sign against the result before. */
export function foldTurnStart(draft: Draft, event: InitEvent): void {
  nameSession(draft, event.sessionId);
  draft.tracking = { ...draft.tracking, sinceResult: { begun: true, worked: false } };
}

export function foldNewConversation(draft: Draft, event: ConversationResetEvent): void {
  nameSession(draft, event.newConversationId);
}

function nameSession(draft: Draft, id: string | null): void {
  const { sessionIds } = draft.tracking;
  if (id === null || sessionIds.includes(id)) return;
  draft.tracking = { ...draft.tracking, sessionIds: append(sessionIds, id, MOST_SESSIONS) };
}

/**
 * Work of the main loop. A sub-agent may outlive its turn's result, and the CLI's own words may follow it, but the model never
 * works on without a new turn.
 */
export function foldWork(draft: Draft, event: AssistantEvent | UserEvent): void {
  if (event.parentToolUseId !== null || isOwnWord(event)) return;
  const { sinceResult } = draft.tracking;
  if (event.type === "assistant" && draft.result !== null && !sinceResult.begun) {
    contradict(draft, ["work_after_result"]);
  }
  if (sinceResult.worked) return;
  draft.tracking = { ...draft.tracking, sinceResult: { ...sinceResult, worked: true } };
}

function isOwnWord(event: AssistantEvent | UserEvent): boolean {
  return event.type === "assistant" ? event.synthetic : event.isReplay || event.isSynthetic;
}

/** What speaks against a result when it comes, given all that came before it. */
export function contradictionsOf(draft: Draft, event: ResultEvent): readonly ResultContradiction[] {
  const found: ResultContradiction[] = [];
  const { sessionIds, sinceResult } = draft.tracking;
  const last = draft.result;
  const succeeds = isSuccess(event);
  if (event.hasImpossibleNumbers) found.push("impossible_numbers");
  if (event.sessionId !== null && sessionIds.length > 0 && !sessionIds.includes(event.sessionId)) {
    found.push("other_session");
  }
  // A second process in the same log counts its results from zero again, after its own `init`.
  if (last === null || sinceResult.begun) return found;
  if (last.index !== null && (event.resultIndex === null || event.resultIndex <= last.index)) {
    found.push("result_order");
  }
  if (succeeds && !last.success && !sinceResult.worked) found.push("success_after_failure");
  return found;
}

/** Whether a result counts in place of the one before it: a doubtful success replaces nothing that stands. */
export function replaces(
  draft: Draft,
  event: ResultEvent,
  contradictions: readonly ResultContradiction[],
): boolean {
  if (draft.result === null || draft.result.contradicted) return true;
  return !isSuccess(event) || !contradictions.some((kind) => kind !== "impossible_numbers");
}

/** Releases to 2.0 end `error_max_turns` with `is_error: false`, so the subtype is tested too. */
export function isSuccess(event: ResultEvent): boolean {
  return event.subtype === "success" && !event.isError;
}

/** The turn is over. */
export function foldTurnEnd(draft: Draft): void {
  if (draft.tracking.sinceResult === NOTHING_YET) return;
  draft.tracking = { ...draft.tracking, sinceResult: NOTHING_YET };
}
