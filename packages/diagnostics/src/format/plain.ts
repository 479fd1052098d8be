import type { Diagnosis } from "../diagnosis.ts";
import { oneLine, sentence } from "../words/quote.ts";
import { withSettings } from "./setting-marks.ts";

export interface PlainOptions {
  /** Characters, default 1500; what is cut is counted. */
  readonly maxLength?: number;
  /** Where to read more: a command or an address. It stands last. */
  readonly more?: string;
}

/**
 * For a page that draws neither line breaks nor Markdown: the title, the cause, and the steps with their numbers, as sentences on
 * one line. It begins with the title, whose first 40 characters tell the cause in a list. Names of settings and commands stand
 * in quotes.
 */
export function formatPlain(diagnosis: Diagnosis, options: PlainOptions = {}): string {
  const suspected = diagnosis.certainty === "suspected" ? " (suspected)" : "";
  const parts = [
    `${diagnosis.title}${suspected}.`,
    diagnosis.cause.replaceAll("`", "'"),
    ...(diagnosis.outcome === "failure" && diagnosis.fix.length > 0
      ? ["What to do:", ...diagnosis.fix.map((fix, index) => `(${index + 1}) ${sentence(quoted(fix))}`)]
      : []),
    ...(options.more === undefined || options.more === "" ? [] : [`More: ${options.more}`]),
  ];
  return oneLine(parts.join(" "), options.maxLength ?? 1500);
}

/** Stars and backticks are drawn as they are there: quotes say the same. */
function quoted(fix: string): string {
  return withSettings(fix, (name) => `"${name}"`)
    .split("`")
    .map((part, index) => (index % 2 === 1 ? quoteOf(part) : part))
    .join("");
}

function quoteOf(code: string): string {
  return code.includes('"') ? `'${code}'` : `"${code}"`;
}
