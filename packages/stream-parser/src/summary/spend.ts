import { listPrice } from "../cost.ts";
import { PRICES } from "../prices.ts";
import type { PriceTable } from "../prices.ts";
import { objectOf, stringOf } from "../json.ts";
import { utf8Length } from "../utf8.ts";
import type { AssistantEvent, StreamEvent } from "../types/message-events.ts";
import type { RecentMessage, SummaryTracking } from "../types/tracking.ts";
import type { ModelSpend, Spend, TokenUsage } from "../types/usage.ts";
import {
  addModel,
  addSpend,
  addUsage,
  isNothing,
  largerUsage,
  spendOfModels,
  NO_USAGE,
  subtractUsage,
} from "../usage-sum.ts";
import { append } from "./bounds.ts";
import type { Draft } from "./draft.ts";

const MOST_RECENT_MESSAGES = 20;
/** What a frame is long without its content. */
const FRAME_HEAD_BYTES = 650;
const BYTES_PER_TOKEN = 4;

interface Seen {
  readonly messageId: string | null;
  readonly model: string | null;
  readonly parentToolUseId: string | null;
  readonly usage: TokenUsage;
  readonly outputKnown: boolean;
  readonly contentBytes: number;
  readonly streamedBytes: number;
  /** The message begins: what was streamed under its id before is told again, not more of it. */
  readonly begins: boolean;
}

export function foldAssistantSpend(draft: Draft, event: AssistantEvent): void {
  if (event.usage === null || event.synthetic) return;
  foldMessageSpend(draft, {
    messageId: event.messageId,
    model: event.model,
    parentToolUseId: event.parentToolUseId,
    usage: event.usage,
    // A stop reason comes only with the final counts: releases to 2.0, and answers that were not streamed.
    outputKnown: event.stopReason !== null,
    contentBytes: Math.max(0, event.lineBytes - FRAME_HEAD_BYTES),
    streamedBytes: 0,
    begins: false,
  });
}

export function foldStreamSpend(draft: Draft, event: StreamEvent): void {
  const streamedBytes = streamedBytesOf(event);
  if (event.usage === null && streamedBytes === 0) return;
  foldMessageSpend(draft, {
    messageId: event.messageId,
    model: event.model,
    parentToolUseId: event.parentToolUseId,
    usage: event.usage ?? NO_USAGE,
    outputKnown: event.eventType === "message_delta",
    contentBytes: 0,
    streamedBytes,
    begins: event.eventType === "message_start",
  });
}

/** The final count comes with the message's end only: until then the pieces of text, thinking and input are counted. */
function streamedBytesOf(event: StreamEvent): number {
  if (event.eventType !== "content_block_delta") return 0;
  const delta = objectOf(event.event["delta"]);
  if (delta === null) return 0;
  const piece = stringOf(delta["text"]) ?? stringOf(delta["thinking"]) ?? stringOf(delta["partial_json"]);
  return piece === null ? 0 : utf8Length(piece);
}

/** Frames of one message repeat its usage, so it is kept by message id and only what grew is added. */
function foldMessageSpend(draft: Draft, seen: Seen): void {
  const { tracking } = draft;
  const index = indexOfMessage(tracking.recentMessages, seen);
  const known = tracking.recentMessages[index];
  if (known === undefined && seen.messageId === null) return;
  const next = known === undefined ? firstSeen(seen) : seenAgain(known, seen);
  const recentMessages =
    known === undefined
      ? append(tracking.recentMessages, next, MOST_RECENT_MESSAGES)
      : tracking.recentMessages.with(index, next);
  if (known === undefined) draft.messages += 1;
  const growth = next.told ? NO_USAGE : growthOf(known, next);
  if (next.told || (known !== undefined && isNothing(growth))) {
    draft.tracking = { ...tracking, recentMessages };
    return;
  }
  const add = (models: SummaryTracking["untold"]) =>
    addModel(models, next.model, (sum) => addUsage(sum ?? NO_USAGE, growth));
  const untold = add(tracking.untold);
  const untoldOfSubagents =
    next.parentToolUseId === null ? tracking.untoldOfSubagents : add(tracking.untoldOfSubagents);
  draft.tracking = { ...tracking, recentMessages, untold, untoldOfSubagents };
}

function growthOf(known: RecentMessage | undefined, next: RecentMessage): TokenUsage {
  return known === undefined ? estimate(next) : subtractUsage(estimate(next), estimate(known));
}

function indexOfMessage(messages: readonly RecentMessage[], seen: Seen): number {
  return messages.findLastIndex((message) =>
    // Releases before 2.1.330 do not name the message in a message_delta: it is the agent's newest.
    seen.messageId === null
      ? message.parentToolUseId === seen.parentToolUseId
      : message.messageId === seen.messageId,
  );
}

function firstSeen(seen: Seen): RecentMessage {
  return {
    messageId: seen.messageId ?? "",
    model: seen.model ?? "unknown",
    parentToolUseId: seen.parentToolUseId,
    usage: seen.usage,
    outputKnown: seen.outputKnown,
    contentBytes: seen.contentBytes,
    streamedBytes: seen.streamedBytes,
    told: false,
  };
}

function seenAgain(known: RecentMessage, seen: Seen): RecentMessage {
  return {
    ...known,
    usage: largerUsage(known.usage, seen.usage),
    outputKnown: known.outputKnown || seen.outputKnown,
    contentBytes: known.contentBytes + seen.contentBytes,
    streamedBytes: seen.begins ? 0 : known.streamedBytes + seen.streamedBytes,
  };
}

/** The output count of a frame is a placeholder from the message's start until the API has told the final one. */
function estimate(message: RecentMessage): TokenUsage {
  if (message.outputKnown) return message.usage;
  // What was streamed comes again in the finished frames.
  const bytes = Math.max(message.contentBytes, message.streamedBytes);
  const outputTokens = Math.max(message.usage.outputTokens, Math.ceil(bytes / BYTES_PER_TOKEN));
  return { ...message.usage, outputTokens };
}

/**
 * Brings the process's own spend up to date after a fold from `before`. It is apart from the folds because only the last one's
 * matters in a fold over a whole stream.
 */
export function settleOwnSpend(draft: Draft, before: SummaryTracking): void {
  if (draft.tracking.untold === before.untold && draft.tracking.told === before.told) return;
  draft.cost = { own: ownSpend(draft.tracking, PRICES), session: draft.cost.session };
}

/** What results told, and the estimate at `prices` of what they have not. */
export function ownSpend(tracking: SummaryTracking, prices: PriceTable): Spend {
  return addSpend(tracking.told, estimated(tracking.untold, prices));
}

/** The counts of messages, charged at `prices`. */
export function estimated(models: SummaryTracking["untold"], prices: PriceTable): Spend {
  const spends: Record<string, ModelSpend> = {};
  for (const model of Object.keys(models)) {
    const usage = models[model] ?? NO_USAGE;
    spends[model] = { ...usage, costUsd: listPrice(usage, model, prices) };
  }
  return spendOfModels(spends, true);
}
