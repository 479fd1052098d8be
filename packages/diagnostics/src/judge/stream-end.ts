import type { FailureCode } from "../codes.ts";
import type { Facts } from "../facts/facts.ts";
import type { StreamFacts } from "../facts/stream-facts.ts";
import { countWords } from "../words/numbers.ts";
import { oneLine, sentence } from "../words/quote.ts";
import { exitWords } from "../words/signals.ts";
import { claudeCause } from "./claude-cause.ts";
import { quotaReset } from "./quota.ts";
import { codeOfApi, errorWords } from "./result.ts";
import { runNumbers } from "./run-numbers.ts";
import { decisiveTextRules, matchText, startTextRules } from "./text-rules.ts";
import type { Verdict } from "./verdict.ts";

/** No result, and neither we nor the cluster ended it: what is left is the exit status and how far the stream came. */
export function judgeStreamEnd(facts: Facts): Verdict {
  const { stream } = facts;
  return stream === null
    ? withoutStream(facts)
    : (toldByLastError(facts, stream) ?? byProgress(facts, stream));
}

function withoutStream(facts: Facts): Verdict {
  const lines = quotableLines(facts);
  if (facts.signal === null && isStartExit(facts.exitCode)) return startExit(facts, tellingLine(lines), true);
  const unknown =
    facts.exitCode === 0
      ? "The process ended well, but what it said was not read"
      : "What it said was not read";
  return verdict("claude_failed", facts, `${unknown}${lastWords(lines)}.`, tellingLine(lines));
}

/** The last assistant frame is the CLI's own report of an API error, and the process failed before its result. */
function toldByLastError(facts: Facts, stream: StreamFacts): Verdict | null {
  if (facts.signal !== null || facts.exitCode === 0 || stream.assistant === null) return null;
  if (stream.assistant.error === null && stream.assistant.apiErrorStatus === null) return null;
  const words = errorWords(stream);
  const code = matchText(decisiveTextRules, words.text)?.code ?? codeOfApi(words);
  if (code === null) return null;
  const notBefore = code === "provider_quota" ? quotaReset(facts, stream, words.text) : null;
  return {
    ...claudeCause(code, facts, stream, { text: words.text, status: words.status, notBefore }),
    suspected: true,
  };
}

function byProgress(facts: Facts, stream: StreamFacts): Verdict {
  const lines = quotableLines(facts);
  const spoke = (stream.frames ?? stream.inits ?? 0) > 0 || stream.contentSeen === true;
  if (stream.contentSeen !== true) {
    const told = errorLine(facts, stream, lines, spoke);
    if (told !== null) return told;
  }
  if (facts.exitCode === 0 && facts.signal === null)
    return verdict(
      "claude_output_lost",
      facts,
      `The process ended well, but no result arrived${whileWords(stream)}.`,
      null,
    );
  if (facts.exitCode === null && facts.signal === null)
    return verdict(
      "claude_failed",
      facts,
      `How the process ended is unknown, and no result arrived${lastWords(lines)}.`,
      null,
    );
  if (facts.signal !== null) {
    const code = stream.contentSeen === true ? "claude_truncated" : "claude_killed";
    return verdict(
      code,
      facts,
      `${exitWords(null, facts.signal)} ended Claude Code${whileWords(stream)}, and the evidence does not tell who sent it.${retries(stream)}`,
      facts.signal,
    );
  }
  if (stream.contentSeen === true)
    return verdict(
      "claude_truncated",
      facts,
      `Claude Code ended in the middle of its work${whileWords(stream)}${lastWords(lines)}.`,
      tellingLine(lines),
    );
  if (!spoke && isStartExit(facts.exitCode)) return startExit(facts, tellingLine(lines), false);
  if (!spoke)
    return {
      ...verdict(
        "claude_start_failed",
        facts,
        `Claude Code said nothing in its protocol${lastWords(lines)}.`,
        tellingLine(lines),
      ),
      suspected: lines.length === 0,
    };
  return verdict(
    "claude_init_failed",
    facts,
    `Claude Code started and ended without an answer${lastWords(lines)}.${retries(stream)}`,
    tellingLine(lines),
  );
}

/** Lines of error are believed only while the model has not spoken: after that they may be anybody's. */
function errorLine(
  facts: Facts,
  stream: StreamFacts,
  lines: readonly string[],
  spoke: boolean,
): Verdict | null {
  if (facts.signal !== null) return null;
  const rules = spoke ? decisiveTextRules : [...decisiveTextRules, ...startTextRules];
  for (const line of lines.toReversed()) {
    const rule = matchText(rules, line);
    if (rule !== null) {
      const notBefore = rule.code === "provider_quota" ? quotaReset(facts, stream, line) : null;
      return {
        ...claudeCause(rule.code, facts, stream, { text: line, status: null, notBefore }),
        ...(rule.session !== undefined && { session: rule.session }),
      };
    }
  }
  const configuration = !spoke && facts.exitCode === 0 ? startTrouble(lines) : undefined;
  return configuration === undefined
    ? null
    : verdict(
        "claude_start_failed",
        facts,
        `Claude Code did not start: ${sentence(oneLine(configuration))}`,
        configuration,
      );
}

/** Releases to 2.0 draw a dialog about a broken configuration and then end with exit 0. */
function startTrouble(lines: readonly string[]): string | undefined {
  return (
    lines.find((line) => /configuration (?:error|file)/i.test(line)) ??
    lines.find((line) => /raw mode is not supported/i.test(line))
  );
}

function isStartExit(exitCode: number | null): boolean {
  return exitCode === 126 || exitCode === 127 || exitCode === 128;
}

function startExit(facts: Facts, line: string | null, suspected: boolean): Verdict {
  const meaning =
    facts.exitCode === 126
      ? "the command may not be executed"
      : "the command was not found or could not be started";
  return {
    ...verdict(
      "k8s_container_start_failed",
      facts,
      `By convention this exit means: ${meaning}${lastWords(line === null ? [] : [line])}.`,
      line,
    ),
    suspected,
  };
}

function verdict(code: FailureCode, facts: Facts, happened: string, detail: string | null): Verdict {
  const unknown = facts.failureKind === null ? "" : ` The runner says: ${facts.failureKind}.`;
  return {
    code,
    cause: `${happened}${unknown} ${runNumbers(facts)}`,
    detail,
    names: { model: facts.stream?.model ?? null },
    conditions: facts.signal === "SIGKILL" ? ["sigkill"] : [],
  };
}

/** Protocol frames are no words for people, whole or cut. */
export function quotableLines(facts: Facts): readonly string[] {
  const { stream, cluster } = facts;
  const lines = stream === null || stream.noise.length === 0 ? cluster.lastLines : stream.noise;
  const left = cluster.main?.message ?? null;
  return [...lines, ...(left === null ? [] : [left])]
    .filter((line) => !/^\s*\{|"(?:type|session_id|uuid|parent_tool_use_id)"\s{0,4}:/.test(line))
    .map((line) => oneLine(line, 300))
    .filter((line) => /[A-Za-z]/.test(line));
}

function lastWords(lines: readonly string[]): string {
  const told = tellingLine(lines);
  return told === null ? "" : `; the last words are: ${told}`;
}

/** The newest line that speaks of an error, with the one before it where that announces it ("Error: Invalid …:"). */
function tellingLine(lines: readonly string[]): string | null {
  const speaks = lines.findLastIndex((line) => /error|fail|not found|cannot|denied|invalid/i.test(line));
  const index = speaks < 0 ? lines.length - 1 : speaks;
  const before = lines[index - 1] ?? "";
  const line = lines[index] ?? null;
  return line !== null && before.endsWith(":") ? `${before} ${line}` : line;
}

function whileWords(stream: StreamFacts): string {
  const tools = [...new Set(stream.openTools)].slice(0, 3).join(", ");
  const cut = stream.lastLineCut ? ", its last line cut" : "";
  return `${tools === "" ? "" : ` while ${tools} ran`}${cut}`;
}

function retries(stream: StreamFacts): string {
  return stream.retries.count === 0
    ? ""
    : ` Before that: ${countWords(stream.retries.count, "API retry", "API retries")}${stream.retries.last === null ? "" : `, the last after ${stream.retries.last}`}.`;
}
