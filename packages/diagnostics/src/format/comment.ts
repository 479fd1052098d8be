import type { Diagnosis } from "../diagnosis.ts";
import { timeWords } from "../words/time.ts";
import { escape, escapeAroundCode } from "./escape.ts";
import { withSettings } from "./setting-marks.ts";

export interface CommentOptions {
  /** IANA name; the time at which a limit is over is then told in it too. */
  readonly timeZone?: string;
  /** Where to read more, as Markdown: a link, or a command in backticks. It stands last. */
  readonly more?: string;
}

/**
 * What a person reads on an issue: what went wrong, why, and what to do, as Markdown. Evidence, codes and numbers for machines
 * are left to `formatMarkdown`. Foreign words cannot become markup, links or mentions.
 */
export function formatComment(diagnosis: Diagnosis, options: CommentOptions = {}): string {
  const suspected = diagnosis.certainty === "suspected" ? " (suspected)" : "";
  const blocks = [`**${escape(diagnosis.title)}**${suspected}`, escape(diagnosis.cause)];
  if (diagnosis.outcome === "failure" && diagnosis.fix.length > 0)
    blocks.push(
      "What to do:",
      diagnosis.fix
        .map((fix, index) => `${index + 1}. ${withSettings(escapeAroundCode(fix), (name) => `**${name}**`)}`)
        .join("\n"),
    );
  if (diagnosis.notBefore !== null)
    blocks.push(
      `Trying again before ${escape(timeWords(diagnosis.notBefore, options.timeZone))} is of no use.`,
    );
  if (diagnosis.notes.length > 0)
    blocks.push(diagnosis.notes.map(({ text }) => `- ${escape(text)}`).join("\n"));
  if (options.more !== undefined && options.more !== "") blocks.push(options.more);
  return `${blocks.join("\n\n")}\n`;
}
