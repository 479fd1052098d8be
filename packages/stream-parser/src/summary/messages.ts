import type { AssistantEvent, RetractionEvent, StreamEvent, UserEvent } from "../types/message-events.ts";
import { stringOf } from "../json.ts";
import type { LastAssistant } from "../types/summary.ts";
import { append, cutText, MOST_TEXT } from "./bounds.ts";
import { foldWork } from "./contradictions.ts";
import type { Draft } from "./draft.ts";
import { withModels } from "./models.ts";
import { foldAssistantSpend, foldStreamSpend } from "./spend.ts";
import { subagentsOfAssistant, subagentsOfUser } from "./tasks.ts";
import { toolsOfAssistant, toolsOfUser } from "./tools.ts";

const MOST_TEXTS = 5;

export function foldAssistant(draft: Draft, event: AssistantEvent): void {
  const text = textOf(event);
  foldTimestamp(draft, event.timestamp);
  foldSessionFile(draft, event);
  foldWork(draft, event);
  foldAssistantSpend(draft, event);
  draft.lastAssistant = lastAssistant(event, text);
  draft.tools = toolsOfAssistant(draft.tools, event);
  draft.subagents = subagentsOfAssistant(draft.subagents, event);
  if (event.synthetic) return;
  if (event.content.length > 0) draft.contentSeen = true;
  if (event.model !== null) draft.models = withModels(draft.models, [event.model]);
  if (text === null || event.parentToolUseId !== null) return;
  draft.lastAssistantText = text;
  const recentTexts = append(draft.tracking.recentTexts, { uuid: event.uuid, text }, MOST_TEXTS);
  draft.tracking = { ...draft.tracking, recentTexts };
}

function lastAssistant(event: AssistantEvent, text: string | null): LastAssistant {
  return {
    messageId: event.messageId,
    model: event.model,
    synthetic: event.synthetic,
    error: event.error,
    apiErrorStatus: event.apiErrorStatus,
    apiErrorType: event.apiErrorType,
    apiError: event.apiError,
    stopReason: event.stopReason,
    aborted: event.aborted,
    text,
    parentToolUseId: event.parentToolUseId,
  };
}

function textOf(event: AssistantEvent): string | null {
  const texts: string[] = [];
  for (const block of event.content) if (block.type === "text" && block.text !== "") texts.push(block.text);
  return texts.length === 0 ? null : cutText(texts.join("\n"), MOST_TEXT);
}

export function foldUser(draft: Draft, event: UserEvent): void {
  foldTimestamp(draft, event.timestamp);
  foldSessionFile(draft, event);
  foldWork(draft, event);
  if (event.isReplay) return;
  draft.tools = toolsOfUser(draft.tools, event);
  draft.subagents = subagentsOfUser(draft.subagents, event);
}

/** A session file has no `init`: each of its frames names the session that the file is of, and where it was. */
function foldSessionFile(draft: Draft, event: AssistantEvent | UserEvent): void {
  if (draft.sessionId !== null || typeof event.raw["sessionId"] !== "string") return;
  draft.sessionId = event.sessionId;
  draft.cliVersion ??= stringOf(event.raw["version"]);
  draft.workingDirectory ??= stringOf(event.raw["cwd"]);
}

export function foldStreamEvent(draft: Draft, event: StreamEvent): void {
  foldStreamSpend(draft, event);
  if (event.eventType === "content_block_delta") draft.contentSeen = true;
}

/** The text before the retracted one is the newest again. */
export function foldRetraction(draft: Draft, event: RetractionEvent): void {
  if (event.reason === "abandoned") return;
  const { recentTexts } = draft.tracking;
  const left = recentTexts.filter(({ uuid }) => uuid === null || !event.uuids.includes(uuid));
  if (left.length === recentTexts.length) return;
  draft.lastAssistantText = left.at(-1)?.text ?? null;
  draft.tracking = { ...draft.tracking, recentTexts: left };
}

function foldTimestamp(draft: Draft, timestamp: string | null): void {
  if (timestamp === null) return;
  draft.firstTimestamp ??= timestamp;
  draft.lastTimestamp = timestamp;
}
