import type { Facts } from "../facts/facts.ts";
import type { FixCondition } from "../catalog/entry.ts";
import { sentence } from "../words/quote.ts";
import { quotableLines } from "./last-words.ts";
import { placeWords } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";

/** The exit, and the last words, of the script that fills a claim before Claude Code starts. Anybody could say one of them. */
const fillExit = 75;
const fillWords = /^the claim could not be filled with the files of the workspace folder$/;

interface FillTrouble {
  readonly words: string;
  readonly condition: FixCondition;
  readonly passes: boolean;
}

/** The C library's words, which each program that copies has at the end of its own. */
const troubles: readonly (readonly [RegExp, FillTrouble])[] = [
  [
    /no space left on device|disk quota exceeded|file too large/i,
    { words: "it is full", condition: "claimFull", passes: false },
  ],
  [
    /read-only file system|permission denied|operation not permitted|value too large for defined data type/i,
    { words: "the pod may not write to it", condition: "claimRights", passes: false },
  ],
  [
    /input\/output error|stale (?:nfs )?file handle|transport endpoint is not connected|connection timed out|host is down|no such device|remote i\/o error|resource temporarily unavailable|software caused connection abort|structure needs cleaning/i,
    { words: "its storage failed", condition: "claimStorage", passes: true },
  ],
];

/** `null`: it was something else. Where the agent has spoken, the claim had been filled. */
export function fillFailure(facts: Facts): Verdict | null {
  const { stream, exitCode, signal } = facts;
  if (exitCode !== fillExit || signal !== null || (stream?.frames ?? 0) > 0) return null;
  const lines = quotableLines(facts);
  const said = lines.findLastIndex((line) => fillWords.test(line));
  if (said < 0) return null;
  const before = lines.slice(0, said);
  const found = before.toReversed().flatMap((line) => {
    const trouble = troubles.find(([words]) => words.test(line))?.[1];
    return trouble === undefined ? [] : [{ line, trouble }];
  })[0];
  const line = found?.line ?? before.at(-1) ?? null;
  const words = found === undefined ? "" : `: ${found.trouble.words}`;
  return {
    code: "workspace_fill_failed",
    cause: `The agent's claim could not be filled with the files of the workspace folder${words}${
      line === null ? "." : `. The copy's last words are: ${sentence(line)}`
    }${placeWords(facts)}`,
    detail: line ?? "no words",
    bootstrap: true,
    conditions: found === undefined ? [] : [found.trouble.condition],
    ...(found?.trouble.passes === true && { family: "transient_upstream" as const }),
  };
}
