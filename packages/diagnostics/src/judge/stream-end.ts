import type { FailureCode } from "../codes.ts";
import type { Facts } from "../facts/facts.ts";
import { words } from "../facts/read.ts";
import type { StreamFacts } from "../facts/stream-facts.ts";
import { countWords } from "../words/numbers.ts";
import { oneLine, sentence } from "../words/quote.ts";
import { exitWords } from "../words/signals.ts";
import { claudeCause } from "./claude-cause.ts";
import { matchConcept } from "./concepts/concept.ts";
import { decisiveConcepts } from "./concepts/decisive.ts";
import { crash } from "./crash.ts";
import { fillFailure } from "./fill-failure.ts";
import { looksLikeFrames } from "./frame-forms.ts";
import { lastWords, quotableLines, tellingLine } from "./last-words.ts";
import { placeWords, said } from "./place-words.ts";
import { retriesBefore, whileWords } from "./progress-words.ts";
import { quotaReset } from "./quota.ts";
import { codeOfApi, errorWords } from "./result.ts";
import { decisiveBeforeStart, decisiveTextRules } from "./rules/decisive.ts";
import { startTextRules } from "./rules/fallback.ts";
import { matchText } from "./rules/rule.ts";
import { runNumbers } from "./run-numbers.ts";
import { isStartExit, startTrouble } from "./start-words.ts";
import { ownSystemConditions, systemConditions } from "./system-words.ts";
import type { Verdict } from "./verdict.ts";

/** No result, and neither we nor the cluster ended it: what is left is the exit status and how far the stream came. */
export function judgeStreamEnd(facts: Facts): Verdict {
  const { stream } = facts;
  const unfilled = fillFailure(facts);
  if (unfilled !== null) return unfilled;
  const crashed = crash(facts, stream);
  if (crashed !== null) return crashed;
  if (facts.exitCode === null && facts.signal === null && facts.cluster.main?.state === "running")
    return stillRunning(facts);
  return stream === null
    ? withoutStream(facts)
    : (toldByLastError(facts, stream) ?? byProgress(facts, stream));
}

function stillRunning(facts: Facts): Verdict {
  return {
    ...verdict("claude_failed", facts, "", null),
    cause: `The container is still running: it has not ended, and nothing that was seen says that it fails.${placeWords(facts)}`,
    suspected: true,
    conditions: ["running"],
  };
}

function withoutStream(facts: Facts): Verdict {
  const lines = quotableLines(facts);
  const start = facts.signal === null ? startExit(facts, lines, true) : null;
  if (start !== null) return start;
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
  const told = errorWords(stream);
  const { text, status } = told;
  const rule = matchText(decisiveTextRules, text, status) ?? matchConcept(decisiveConcepts, text, status);
  const code = rule?.code ?? codeOfApi(told);
  if (code === null) return null;
  const notBefore = code === "provider_quota" ? quotaReset(facts, stream, text) : null;
  return {
    ...claudeCause(code, facts, stream, { text, status, notBefore, rule }),
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
  if (facts.exitCode === 0 && facts.signal === null) return endedWell(facts, stream);
  if (facts.exitCode === null && facts.signal === null)
    return verdict(
      "claude_failed",
      facts,
      `How the process ended is unknown, and no result arrived that counts${lastWords(lines)}.`,
      null,
    );
  if (facts.signal !== null) {
    const code = stream.contentSeen === true ? "claude_truncated" : "claude_killed";
    return verdict(
      code,
      facts,
      `${exitWords(null, facts.signal)} ended Claude Code${whileWords(stream)}, and the evidence does not tell who sent it.${retriesBefore(stream)}`,
      facts.signal,
    );
  }
  if (stream.contentSeen === true) {
    const cut = verdict(
      "claude_truncated",
      facts,
      `Claude Code ended in the middle of its work${whileWords(stream)}${lastWords(lines)}.`,
      tellingLine(lines),
    );
    return { ...cut, conditions: [...(cut.conditions ?? []), ...ownSystemConditions(lines)] };
  }
  if (!spoke) return neverSpoke(facts, lines);
  return {
    ...verdict(
      "claude_init_failed",
      facts,
      `Claude Code started and ended without an answer${lastWords(lines)}.${retriesBefore(stream)}`,
      tellingLine(lines),
    ),
    conditions: systemConditions(lines),
  };
}

function neverSpoke(facts: Facts, lines: readonly string[]): Verdict {
  return (
    startExit(facts, lines, false) ?? {
      ...verdict(
        "claude_start_failed",
        facts,
        `Claude Code said nothing in its protocol${lastWords(lines)}.`,
        tellingLine(lines),
      ),
      suspected: lines.length === 0,
      conditions: systemConditions(lines),
    }
  );
}

/** Exit 0 and no result: it was not written, it was lost on the way, or what came is something else. */
function endedWell(facts: Facts, stream: StreamFacts): Verdict {
  const { gaps } = facts.cluster;
  if (stream.frames === 0 && stream.noise.some(looksLikeFrames))
    return {
      ...verdict(
        "claude_failed",
        facts,
        `The process ended well, and what it wrote could not be read as stream-json: no line of it is a whole frame. It begins: "${oneLine(stream.noise[0] ?? "", 80)}".`,
        "not stream-json",
      ),
      conditions: ["format"],
    };
  const lost =
    gaps.length === 0
      ? ""
      : `; ${countWords(gaps.length, "stretch", "stretches")} of output can no longer be had, and it may stand there`;
  return verdict(
    "claude_output_lost",
    facts,
    `The process ended well, but no result arrived${whileWords(stream)}${lost}${
      stream.frames === 0 ? "; no line that it wrote is a frame of stream-json" : ""
    }.`,
    null,
  );
}

/** Lines of error are believed only while the model has not spoken: after that they may be anybody's. */
function errorLine(
  facts: Facts,
  stream: StreamFacts,
  lines: readonly string[],
  spoke: boolean,
): Verdict | null {
  const runtime = spoke ? null : startTrouble(lines, facts.exitCode);
  // An emulator without the other system's loader ends by a trap, which looks like a signal.
  if (runtime !== null && (facts.signal === null || runtime.condition === "processor"))
    return startExit(facts, lines, false);
  if (facts.signal !== null) return null;
  const rules = spoke ? decisiveTextRules : [...decisiveBeforeStart, ...startTextRules];
  for (const line of lines.toReversed()) {
    const rule = matchText(rules, line);
    if (rule !== null) {
      const notBefore = rule.code === "provider_quota" ? quotaReset(facts, stream, line) : null;
      return claudeCause(rule.code, facts, stream, { text: line, status: null, notBefore, rule });
    }
  }
  const configuration = !spoke && facts.exitCode === 0 ? configurationTrouble(lines) : undefined;
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
function configurationTrouble(lines: readonly string[]): string | undefined {
  return (
    lines.find((line) => /configuration (?:error|file)/i.test(line)) ??
    lines.find((line) => /raw mode is not supported/i.test(line))
  );
}

/** A runtime's or shell's own words, or its exit; `null`: neither. */
function startExit(facts: Facts, lines: readonly string[], suspected: boolean): Verdict | null {
  const told = startTrouble(lines, facts.exitCode);
  if (told === null && !isStartExit(facts.exitCode)) return null;
  const convention =
    facts.exitCode === 126
      ? "the command may not be executed"
      : "the command was not found or could not be started";
  return {
    ...verdict(
      "k8s_container_start_failed",
      facts,
      told === null
        ? `By convention this exit means: ${convention}${lastWords(lines)}.`
        : `The container's command did not start: ${told.means}. Its last words are: ${sentence(told.line)}`,
      told?.line ?? tellingLine(lines),
    ),
    suspected: suspected && told === null,
    conditions: [told?.condition ?? "command"],
  };
}

function verdict(code: FailureCode, facts: Facts, happened: string, detail: string | null): Verdict {
  const message = facts.failureKind === "exit-unknown" ? words(facts.failure["message"]) : null;
  return {
    code,
    cause: `${happened}${message === null ? namedWords(facts) : ` The cluster says: ${said(message)}`} ${runNumbers(facts)}`,
    detail: detail ?? message,
    ...(message !== null && facts.exitCode === null && facts.signal === null && { suspected: true }),
    names: { model: facts.stream?.model ?? null },
    conditions: facts.signal === "SIGKILL" ? ["sigkill"] : [],
  };
}

function namedWords({ failureKind }: Facts): string {
  return failureKind === null ? "" : ` The runner says: ${failureKind}.`;
}
