import { listPrice } from "../cost.ts";
import { StreamParserError } from "../errors.ts";
import { dollarsOf } from "../json.ts";
import { createStreamParser } from "../parser.ts";
import { PRICES } from "../prices.ts";
import type { PriceTable } from "../prices.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { AssistantEvent } from "../types/message-events.ts";
import type { TokenUsage } from "../types/usage.ts";
import { addCost, addUsage, largerUsage, NO_USAGE } from "../usage-sum.ts";
import { createMessages } from "./messages.ts";

/** One file of `~/.claude/projects`: its text, its bytes, or its chunks, for example a `createReadStream`. */
export type SessionContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

export interface SessionUsageOptions {
  /** Default: `PRICES`. */
  readonly prices?: PriceTable;
  /** The zone whose days count, an IANA name; default: the system's. */
  readonly timeZone?: string;
}

export interface UsageSum {
  readonly usage: TokenUsage;
  /** US dollars: what the file says (releases before 1.0.9), else at list price; `null` where a model has no price. */
  readonly costUsd: number | null;
  /** API messages. */
  readonly messages: number;
}

export interface UsageRow extends UsageSum {
  /** `2026-11-29`; `unknown` where the file has no time. */
  readonly day: string;
  readonly model: string;
  readonly sessionId: string;
}

export interface SessionUsage {
  readonly total: UsageSum;
  /** One row for each day, model and session, in this order. */
  readonly rows: readonly UsageRow[];
  readonly byDay: Readonly<Record<string, UsageSum>>;
  readonly byModel: Readonly<Record<string, UsageSum>>;
  readonly bySession: Readonly<Record<string, UsageSum>>;
}

/** One API message, however many lines and files repeat it. */
interface Message {
  readonly day: string;
  readonly model: string;
  readonly sessionId: string;
  readonly usage: TokenUsage;
  readonly chargedUsd: number | null;
}

/**
 * What the messages of session files used, by day, model and session. A message counts once: the lines of its content blocks repeat
 * its usage, and a resumed or forked session's file begins with a copy of the session before. It is known by its message id and
 * request id, by its message id alone where a gateway gives no request id. Of differing counts the largest is right, since the first
 * line may hold the count of the message's start. It counts for the file that is given first, so give the oldest first.
 */
export async function usageOfSessions(
  files: Iterable<SessionContent> | AsyncIterable<SessionContent>,
  options: SessionUsageOptions = {},
): Promise<SessionUsage> {
  const dayOf = createDayOf(options.timeZone);
  const messages = createMessages<Message>();
  for await (const file of files) {
    for await (const event of eventsOf(file)) {
      if (event.type !== "assistant" || event.synthetic || event.usage === null) continue;
      const message = messageOf(event, event.usage, dayOf);
      messages.put(event.messageId ?? event.uuid, event.requestId, message, larger);
    }
  }
  return sumUp(messages.all(), options.prices ?? PRICES);
}

async function* eventsOf(file: SessionContent): AsyncGenerator<ClaudeEvent, void, undefined> {
  const parser = createStreamParser();
  if (typeof file === "string" || file instanceof Uint8Array) yield* parser.push(file);
  else for await (const chunk of file) yield* parser.push(chunk);
  yield* parser.end();
}

function messageOf(
  event: AssistantEvent,
  usage: TokenUsage,
  dayOf: (time: string | null) => string,
): Message {
  return {
    day: dayOf(event.timestamp),
    model: event.model ?? "unknown",
    sessionId: event.sessionId ?? "unknown",
    usage,
    chargedUsd: dollarsOf(event.raw["costUSD"]),
  };
}

function larger(known: Message, again: Message): Message {
  return { ...known, usage: largerUsage(known.usage, again.usage) };
}

/** The calendar day of a time. */
function createDayOf(timeZone: string | undefined): (time: string | null) => string {
  const format = dateFormat(timeZone);
  return (time) => {
    const ms = time === null ? Number.NaN : Date.parse(time);
    return Number.isNaN(ms) ? "unknown" : format.format(ms);
  };
}

/** Sweden writes its dates as ISO 8601 does. */
function dateFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("sv-SE", {
      ...(timeZone !== undefined && { timeZone }),
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  } catch {
    throw new StreamParserError(`timeZone must be an IANA time zone like Europe/Berlin, got ${timeZone}`);
  }
}

function sumUp(messages: Iterable<Message>, prices: PriceTable): SessionUsage {
  const rows = new Map<string, UsageRow>();
  for (const message of messages) {
    const { day, model, sessionId, usage } = message;
    const key = JSON.stringify([day, model, sessionId]);
    const costUsd = message.chargedUsd ?? listPrice(usage, model, prices);
    const sum = add(rows.get(key) ?? NOTHING, { usage, costUsd, messages: 1 });
    rows.set(key, { day, model, sessionId, ...sum });
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return {
    total: sorted.reduce<UsageSum>(add, NOTHING),
    rows: sorted,
    byDay: grouped(sorted, ({ day }) => day),
    byModel: grouped(sorted, ({ model }) => model),
    bySession: grouped(sorted, ({ sessionId }) => sessionId),
  };
}

const NOTHING: UsageSum = { usage: NO_USAGE, costUsd: 0, messages: 0 };

function add(a: UsageSum, b: UsageSum): UsageSum {
  return {
    usage: addUsage(a.usage, b.usage),
    costUsd: addCost(a.costUsd, b.costUsd),
    messages: a.messages + b.messages,
  };
}

function grouped(rows: readonly UsageRow[], nameOf: (row: UsageRow) => string): Record<string, UsageSum> {
  const groups = new Map<string, UsageSum>();
  for (const row of rows) groups.set(nameOf(row), add(groups.get(nameOf(row)) ?? NOTHING, row));
  return Object.fromEntries(groups);
}
