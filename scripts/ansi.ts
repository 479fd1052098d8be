/** A stretch of text in one style, as a terminal would show it. */
export interface StyledText {
  readonly text: string;
  readonly style: TextStyle;
}

export interface TextStyle {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly inverse: boolean;
  /** Index into the 16 terminal colours; `null` = the default. */
  readonly color: number | null;
}

const PLAIN: TextStyle = { bold: false, dim: false, italic: false, inverse: false, color: null };
// eslint-disable-next-line no-control-regex -- escape sequences begin with one
const SEQUENCE = /\u001B\[([0-9;]*)([A-Za-z])/gu;

/** Splits one line of terminal output by its styles. Sequences other than colours and styles are dropped. */
export function parseAnsi(line: string): readonly StyledText[] {
  const parts: StyledText[] = [];
  let style = PLAIN;
  let position = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > position) parts.push({ text: line.slice(position, match.index), style });
    position = match.index + match[0].length;
    if (match[2] === "m") style = (match[1] ?? "").split(";").map(Number).reduce(applyCode, style);
  }
  if (position < line.length) parts.push({ text: line.slice(position), style });
  return parts;
}

/** SGR parameters (ECMA-48 8.3.117), those that terminals use for styles and the 16 colours. */
function applyCode(style: TextStyle, code: number): TextStyle {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 27) return { ...style, inverse: false };
  if (code === 39) return { ...style, color: null };
  if (code >= 30 && code <= 37) return { ...style, color: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, color: code - 90 + 8 };
  return style;
}
