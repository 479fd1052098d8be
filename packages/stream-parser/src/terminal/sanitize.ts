import stripAnsi from "strip-ansi";

/** C0 controls but tab and line end, DEL, and the C1 controls, which some terminals obey as escape sequences. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * `text` without anything a terminal would obey. A tool's output is not ours: an escape sequence in it could move the cursor over
 * what was printed, set the window's title or the clipboard.
 */
export function sanitize(text: string): string {
  return stripAnsi(text).replace(/\r\n?/g, "\n").replace(CONTROLS, "").replaceAll("\t", "    ");
}
