import type { FixCondition } from "../../catalog/entry.ts";
import type { FailureCode } from "../../codes.ts";
import { plainWords } from "./own-words.ts";

/**
 * What Claude Code, an API or a gateway says in words only. Used inside a failed result, and on the error lines of a run that
 * never got to content; an answer of the model is never searched, because `unauthorized` in an answer is an answer.
 */
export interface TextRule {
  readonly code: FailureCode;
  /** Linear in the length of its text: no nested repetition, every gap bounded. */
  readonly pattern: RegExp;
  /** The same words in another sense; where this matches too, the rule does not count. */
  readonly unless?: RegExp;
  /** HTTP statuses with which the words mean this; left out: with any, and without one. */
  readonly status?: (status: number | null) => boolean;
  /** Releases, providers or gateways that were seen to say it. */
  readonly seenIn: string;
  /** A text as it was reported; the tests hold the rule against it. */
  readonly example: string;
  /** Where the ending decides what to do with the session, instead of the catalogue. */
  readonly session?: "clear";
  /** Which of the catalogue's conditional fixes help. */
  readonly conditions?: readonly FixCondition[];
}

/** The HTTP status in a text: releases to 2.0 tell it nowhere else. */
const statusPattern =
  /\bAPI Error(?: \([^)\n]{1,100}\))?:? \(?(\d{3})\b|Request rejected \((\d{3})\)|\bRequest failed with status(?: code)? (\d{3})\b|\bProxy response \(?(\d{3})\b|\bunexpected status (\d{3})\b|^(?:HTTP |Error: )?([45]\d{2}) (?=[A-Z][a-z]|\{)/i;

/** Where "API Error" is not followed by it: as a field of the body, or behind another word. */
const laterStatus =
  /^API Error\b[^\n]{0,200}?(?:"(?:status|statusCode|status_code|code)"\s?:\s?"?|\bHTTP(?:\/[\d.]{1,3})? ?|\bstatus(?: code)?:? ?|\berror(?: code)?: ?)([345]\d{2})\b/i;

/** A gateway passes on its upstream's body as a string of its own, and the next gateway does so again. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\{1,8}(?=["'])/g, "");
}

export function statusInText(text: string): number | null {
  const match = statusPattern.exec(text) ?? laterStatus.exec(withoutEscapes(text));
  const digits = match?.slice(1).find((group) => group !== undefined);
  return digits === undefined ? null : Number(digits);
}

export function matchText(
  rules: readonly TextRule[],
  text: string,
  status: number | null = statusInText(text),
): TextRule | null {
  const words = withoutEscapes(plainWords(text));
  return (
    rules.find(
      (rule) =>
        rule.pattern.test(words) &&
        rule.unless?.test(words) !== true &&
        (rule.status === undefined || rule.status(status)),
    ) ?? null
  );
}
