import type { Diagnosis } from "../diagnosis.ts";
import { escape, escapeAroundCode } from "./escape.ts";
import { retryWords, sessionWords } from "./family-words.ts";
import { spendWords } from "./spend-words.ts";
import { findingWords } from "./text.ts";

export interface MarkdownOptions {
  /** IANA name; times are then told in it too. */
  readonly timeZone?: string;
  /** Level of the heading, 1 to 6, default 3. */
  readonly headingLevel?: number;
}

/** For an issue comment: the evidence is folded away, and foreign words cannot become markup, links or mentions. */
export function formatMarkdown(diagnosis: Diagnosis, options: MarkdownOptions = {}): string {
  const level = "#".repeat(Math.min(6, Math.max(1, options.headingLevel ?? 3)));
  const spent = spendWords(diagnosis.spend);
  const blocks = [`${level} ${heading(diagnosis)}`, escape(diagnosis.cause)];
  if (diagnosis.outcome === "failure") {
    if (diagnosis.fix.length > 0)
      blocks.push(
        "**What to do**",
        diagnosis.fix.map((fix, index) => `${index + 1}. ${escapeAroundCode(fix)}`).join("\n"),
      );
    blocks.push(
      `**Retry:** ${escape(retryWords(diagnosis, options.timeZone))}. **Session:** ${escape(sessionWords(diagnosis))}.`,
    );
  }
  if (diagnosis.notes.length > 0)
    blocks.push(
      "**Notes**",
      diagnosis.notes.map(({ code, text }) => `- ${escape(text)} (\`${code}\`)`).join("\n"),
    );
  if (diagnosis.evidence.length > 0)
    blocks.push(
      `<details><summary>Evidence (${diagnosis.evidence.length})</summary>`,
      diagnosis.evidence.map((finding) => `- ${escape(findingWords(finding, options.timeZone))}`).join("\n"),
      "</details>",
    );
  if (spent !== null) blocks.push(`**Spent:** ${escape(spent)}`);
  return `${blocks.join("\n\n")}\n`;
}

function heading(diagnosis: Diagnosis): string {
  if (diagnosis.outcome === "success") return `✅ ${escape(diagnosis.title)}`;
  const suspected = diagnosis.certainty === "suspected" ? ", suspected" : "";
  return `❌ ${escape(diagnosis.title)} (\`${diagnosis.code}\`${suspected})`;
}
