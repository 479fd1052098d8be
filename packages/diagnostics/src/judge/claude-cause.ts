import type { FailureCode } from "../codes.ts";
import type { Facts } from "../facts/facts.ts";
import type { StreamFacts } from "../facts/stream-facts.ts";
import { oneLine } from "../words/quote.ts";
import { countWords, durationWords } from "../words/numbers.ts";
import { timeWords } from "../words/time.ts";
import { providerCondition } from "./provider.ts";
import { runNumbers } from "./run-numbers.ts";
import { ownSystemConditions } from "./system-words.ts";
import type { TextRule } from "./rules/rule.ts";
import type { Verdict } from "./verdict.ts";

/** The cause of an ending that Claude Code told itself: its words first, then the numbers. */
export function claudeCause(
  code: FailureCode,
  facts: Facts,
  stream: StreamFacts,
  said: {
    readonly text: string;
    readonly status: number | null;
    readonly notBefore: string | null;
    readonly rule?: Pick<TextRule, "code" | "session" | "conditions"> | null;
  },
): Verdict {
  // A rule that lost against a field says nothing of the ending.
  const rule = said.rule?.code === code ? said.rule : null;
  const quoted = oneLine(said.text.replaceAll(/\[ede_diagnostic\][^\n]*/g, ""));
  const parts = [
    quoted === ""
      ? withoutWords(code, stream)
      : `Claude Code reported: "${quoted}"${/[.!?…]$/.test(quoted) ? "" : "."}`,
    retryWords(stream, said.status),
    said.notBefore === null
      ? null
      : `The limit is over at ${timeWords(said.notBefore, facts.timeZone)}${waitWords(facts, said.notBefore)}.`,
    runNumbers(facts),
  ];
  return {
    code,
    cause: parts.filter((part) => part !== null).join(" "),
    detail: quoted === "" ? (stream.result?.terminalReason ?? stream.result?.subtype ?? null) : quoted,
    ...(said.notBefore !== null && { notBefore: said.notBefore }),
    ...(rule?.session !== undefined && { session: rule.session }),
    conditions: [
      providerCondition(facts, said.text),
      ...(rule?.conditions ?? []),
      ...(rule?.session === "clear" ? (["history"] as const) : []),
      // A run that broke down in the middle names its errors in the result, the system's own among them.
      ...(code === "claude_failed" ? ownSystemConditions(said.text.split("\n")) : []),
      ...(code === "claude_tls_untrusted" && said.status !== null ? (["gateway"] as const) : []),
    ],
    names: { model: stream.model },
  };
}

function withoutWords(code: FailureCode, stream: StreamFacts): string {
  const { result } = stream;
  if (code === "llm_api_error") return "The API answered without any content.";
  if (code === "claude_interrupted") {
    const during =
      result?.terminalReason === "aborted_tools" ? "while a tool ran" : "while the model answered";
    return `Claude Code was interrupted ${during} (SIGINT or an interrupt request), and none of ours asked for it.`;
  }
  return `The result says ${result?.subtype ?? "nothing"}${
    result?.terminalReason === null || result?.terminalReason === undefined
      ? ""
      : `, ${result.terminalReason}`
  }, and no more.`;
}

function retryWords(stream: StreamFacts, status: number | null): string | null {
  const http = status === null ? null : `HTTP ${status}`;
  if (stream.retries.count === 0) return http === null ? null : `${http}.`;
  const retries = `${countWords(stream.retries.count, "retry", "retries")}${
    stream.retries.last === null ? "" : `, the last after ${stream.retries.last}`
  }`;
  return `${http === null ? "" : `${http}; `}${retries}.`;
}

function waitWords(facts: Facts, until: string): string {
  if (facts.endedAt === null) return "";
  const seconds = (Date.parse(until) - Date.parse(facts.endedAt)) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? `, ${durationWords(seconds)} after this run's end` : "";
}
