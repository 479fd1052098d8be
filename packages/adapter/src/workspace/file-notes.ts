import type { Ending } from "../ending.ts";

const codes: ReadonlySet<string> = new Set([
  "workspace_not_returned",
  "workspace_conflict",
  "workspace_left_out",
  "workspace_unpushed",
  "workspace_late",
]);

/** The words are the diagnosis's own; here they come to the run's events, where somebody looks who wonders about a file. */
export function fileNotes({ diagnosis }: Ending): readonly string[] {
  return diagnosis.notes.filter(({ code }) => codes.has(code)).map(({ text }) => text);
}
