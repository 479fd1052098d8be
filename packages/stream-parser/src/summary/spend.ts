import { costOf } from "../cost.ts";
import { PRICES } from "../prices.ts";
import type { PriceTable } from "../prices.ts";
import type { AssistantEvent, StreamEvent } from "../types/message-events.ts";
import type { ResultEvent } from "../types/run-events.ts";
import type { RecentMessage, SummaryTracking } from "../types/summary-work.ts";
import type { ModelSpend, ModelUsage, Spend, TokenUsage } from "../types/usage.ts";
import {
  addModel,
  addSpend,
  addUsage,
  isNothing,
  largerUsage,
  NO_SPEND,
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
  });
}

export function foldStreamSpend(draft: Draft, event: StreamEvent): void {
  if (event.usage === null) return;
  foldMessageSpend(draft, {
    messageId: event.messageId,
    model: event.model,
    parentToolUseId: event.parentToolUseId,
    usage: event.usage,
    outputKnown: event.eventType === "message_delta",
    contentBytes: 0,
  });
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
  draft.tracking = { ...tracking, recentMessages };
  if (known === undefined) draft.messages += 1;
  if (next.told) return;
  const growth = subtractUsage(estimate(next), known === undefined ? NO_USAGE : estimate(known));
  if (known !== undefined && isNothing(growth)) return;
  const untold = addModel(tracking.untold, next.model, (sum) => addUsage(sum ?? NO_USAGE, growth));
  draft.tracking = { ...draft.tracking, untold };
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
    told: false,
  };
}

function seenAgain(known: RecentMessage, seen: Seen): RecentMessage {
  return {
    ...known,
    usage: largerUsage(known.usage, seen.usage),
    outputKnown: known.outputKnown || seen.outputKnown,
    contentBytes: known.contentBytes + seen.contentBytes,
  };
}

/** The output count of a frame is a placeholder from the message's start until the API has told the final one. */
function estimate(message: RecentMessage): TokenUsage {
  if (message.outputKnown) return message.usage;
  const outputTokens = Math.max(
    message.usage.outputTokens,
    Math.ceil(message.contentBytes / BYTES_PER_TOKEN),
  );
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
  return Object.entries(tracking.untold).reduce((spend, [model, usage]) => {
    const costUsd = costOf(usage, model, prices);
    return addSpend(spend, { costUsd, estimated: true, usage, models: { [model]: { ...usage, costUsd } } });
  }, tracking.told);
}

/** A result replaces the estimate by what was charged. */
export function foldResultSpend(draft: Draft, event: ResultEvent): void {
  const told = toldBy(draft, event);
  if (told === null) return;
  const isCumulative = event.modelUsageSinceLastResult !== null;
  const session = isCumulative ? spendOfModels(event.modelUsage, event.totalCostUsd) : null;
  draft.cost = { own: draft.cost.own, session };
  draft.tracking = {
    ...draft.tracking,
    recentMessages: draft.tracking.recentMessages.map((message) =>
      message.told ? message : asTold(message),
    ),
    told,
    untold: {},
  };
}

function asTold(message: RecentMessage): RecentMessage {
  return { ...message, told: true };
}

/**
 * This process's own spend. Releases with `model_usage_since_last_result` start `modelUsage` from the session's earlier runs, so
 * only that field is their own; older ones start from zero in each process and add up from result to result.
 */
function toldBy(draft: Draft, event: ResultEvent): Spend | null {
  const sinceLast = event.modelUsageSinceLastResult;
  if (sinceLast !== null) return addSpend(draft.tracking.told, spendOfModels(sinceLast, null));
  if (draft.cost.session !== null) return null;
  return spendOfModels(event.modelUsage, event.totalCostUsd);
}

/** `costUsd`: what the result says, or `null` to add up the models' own. */
function spendOfModels(models: Readonly<Record<string, ModelUsage>>, costUsd: number | null): Spend {
  let spend = NO_SPEND;
  for (const [model, usage] of Object.entries(models)) {
    const { contextWindow: _window, maxOutputTokens: _most, ...own } = usage;
    const modelSpend: ModelSpend = own;
    spend = addSpend(spend, {
      costUsd: usage.costUsd,
      estimated: false,
      usage: withoutCost(usage),
      models: { [model]: modelSpend },
    });
  }
  return costUsd === null ? spend : { ...spend, costUsd };
}

function withoutCost(usage: ModelUsage): TokenUsage {
  return addUsage(usage, NO_USAGE);
}
