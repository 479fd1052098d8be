import ansi from "ansi-styles";
import wrapAnsi from "wrap-ansi";

export type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly cyan: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly red: Paint;
  /** `text` under `label`: wrapped to the width, continued lines indented to the label's width, at most `mostLines`. */
  readonly block: (label: string, text: string, mostLines?: number, paint?: Paint) => string;
}

const NARROWEST = 20;

export function createStyle(color: boolean, width: number): Style {
  const paintWith = (code: { readonly open: string; readonly close: string }): Paint =>
    color ? (text) => `${code.open}${text}${code.close}` : String;
  const dim = paintWith(ansi.dim);

  function block(label: string, text: string, mostLines = Infinity, paint: Paint = String): string {
    const inner = Math.max(NARROWEST, width) - label.length - 1;
    const lines = firstLines(text, mostLines).flatMap((line) =>
      wrapAnsi(line, inner, { hard: true, trim: false }).split("\n"),
    );
    const shown = lines.slice(0, mostLines);
    const missing = text.split("\n").length > mostLines || lines.length > shown.length;
    if (missing) shown.push(dim("…"));
    const indent = " ".repeat(label.length + 1);
    return shown
      .map((line, index) => `${index === 0 ? `${label} ` : indent}${paint(line)}`.trimEnd())
      .join("\n");
  }

  return {
    bold: paintWith(ansi.bold),
    dim,
    cyan: paintWith(ansi.cyan),
    green: paintWith(ansi.green),
    yellow: paintWith(ansi.yellow),
    red: paintWith(ansi.red),
    block,
  };
}

/** Wrapping a megabyte to show three lines of it would take seconds. */
function firstLines(text: string, most: number): string[] {
  if (most === Infinity) return text.split("\n");
  return text.split("\n", most).map((line) => line.slice(0, most * 1000));
}
