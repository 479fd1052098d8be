import type { Facts } from "../facts/facts.ts";
import type { StreamFacts } from "../facts/stream-facts.ts";
import { resetTime } from "./reset-time.ts";
import { plainWords } from "./rules/own-words.ts";

/** When the limit is over. With several rejected windows the latest counts: the account is free only after all of them. */
export function quotaReset(facts: Facts, stream: StreamFacts, text: string): string | null {
  const latest = Math.max(...stream.rejectedUntil.map(({ resetsAt }) => resetsAt));
  return Number.isFinite(latest) && latest > 0 && latest < 8e12
    ? new Date(latest * 1000).toISOString()
    : (resetTime(plainWords(text), facts.endedAt) ?? resetHeader(text));
}

const header = /x-ratelimit-reset(?:-requests|-tokens)?["']?\s?[:=]\s?["']?(\d{10})(?:\d{3})?\b/i;

/** A gateway that gives back its headers: they are no words, but the time in them is its own. */
function resetHeader(text: string): string | null {
  const seconds = header.exec(text.slice(0, 20_000))?.[1];
  return seconds === undefined ? null : new Date(Number(seconds) * 1000).toISOString();
}
