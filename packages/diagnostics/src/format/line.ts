import type { Diagnosis } from "../diagnosis.ts";
import { oneLine } from "../words/quote.ts";

export interface LineOptions {
  /** Characters, default 500; what is cut is counted. */
  readonly maxLength?: number;
}

/** One line for a log: outcome, code, certainty, title and cause. Never holds a line break. */
export function formatLine(diagnosis: Diagnosis, options: LineOptions = {}): string {
  const limit = options.maxLength ?? 500;
  if (diagnosis.outcome === "success") {
    const notes = diagnosis.notes.map(({ code }) => code).join(", ");
    return oneLine(notes === "" ? "success" : `success (${notes})`, limit);
  }
  const suspected = diagnosis.certainty === "suspected" ? " (suspected)" : "";
  return oneLine(`${diagnosis.code}${suspected}: ${diagnosis.title}. ${diagnosis.cause}`, limit);
}
