import type { Facts } from "../facts/facts.ts";
import { countWords, durationWords, moneyWords } from "../words/numbers.ts";
import { exitWords } from "../words/signals.ts";
import { secondsBetween } from "../words/time.ts";

/** "Exit 1 after 3 min 20 s and 4 turns; model claude-x; $0.0124 spent." Parts that are not known are left out. */
export function runNumbers(facts: Facts): string {
  const age = ageSeconds(facts);
  const turns = facts.stream?.turns ?? 0;
  const lasted = [
    age === null ? null : durationWords(age),
    turns === 0 ? null : countWords(turns, "turn"),
  ].filter((part) => part !== null);
  const exit = capitalise(exitWords(facts.exitCode, facts.signal));
  return `${[
    lasted.length === 0 ? exit : `${exit} after ${lasted.join(" and ")}`,
    facts.stream?.model == null ? null : `model ${facts.stream.model}`,
    spentWords(facts),
  ]
    .filter((part) => part !== null)
    .join("; ")}.`;
}

export function ageSeconds(facts: Facts): number | null {
  return secondsBetween(facts.cluster.startedAt, facts.cluster.finishedAt ?? facts.endedAt);
}

export function spentWords(facts: Facts): string | null {
  const cost = facts.spend?.costUsd ?? null;
  if (cost === null || cost === 0) return null;
  return `${facts.spend?.estimated === true ? "about " : ""}${moneyWords(cost)} spent`;
}

function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
