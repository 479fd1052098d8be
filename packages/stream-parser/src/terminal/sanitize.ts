/**
 * Everything that a terminal would obey, or that makes it show text in another order than it stands: escape sequences (CSI, OSC and
 * the other strings with all that they carry, ended or not, up to the line's end), C0 and C1 controls but tab and line end, marks that
 * turn the direction of text around, and invisible tag characters. No part of the pattern can match what another part begins with,
 * so that its time grows with the text's length only.
 */
const CONTROLS = new RegExp(
  [
    // CSI, 7 bits and 8: cursor, colours, clearing.
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?`,
    // OSC, DCS, SOS, PM, APC: titles, clipboard, links, key definitions.
    String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u009c|\u001b\\)?`,
    // All other escapes: character sets, reset, save and restore.
    String.raw`\u001b[ -/]*[0-~]?`,
    String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f]`,
    String.raw`[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`,
    String.raw`[\u{e0000}-\u{e007f}]`,
  ].join("|"),
  "gu",
);

/**
 * `text` without anything a terminal would obey, for several lines. A tool's output is not ours, nor are the names and messages of a
 * cluster: an escape sequence in them could move the cursor over what was printed, set the window's title or the clipboard. A
 * carriage return counts as a line end, and a tab as four spaces.
 */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(CONTROLS, "")
    .replaceAll("\t", "    ");
}

/** The same in one line, for a cell of a table or a title: a line end in it would make up a row. */
export function plainLine(text: string): string {
  return plainText(text).replace(/(?<!\s)\s*\n\s*/g, " ");
}
