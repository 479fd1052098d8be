import type { FixCondition } from "../catalog/entry.ts";
import type { Facts } from "../facts/facts.ts";
import { words } from "../facts/read.ts";

/** Providers that answer Claude Code at `ANTHROPIC_BASE_URL`, with accounts and plans of their own, by their names and models'. */
const others =
  /\bglm(?:\b|[\d_])|\bz[.-]?ai\b|zhipu|bigmodel|智谱|\bkimi|moonshot|\bminimax|\bdeepseek|\bopenrouter/i;

/** Whose account an answer of the API speaks of. Words that send to Claude's own settings count more than a name beside them. */
export function providerCondition(facts: Facts, text: string): FixCondition {
  const models = [facts.stream?.model, words(facts.settings["model"])];
  const named = [text, ...models].some((name) => others.test(name ?? ""));
  return named && !/\bclaude\.ai\b/i.test(text) ? "otherProvider" : "ownProvider";
}
