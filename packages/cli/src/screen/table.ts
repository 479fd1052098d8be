import { plainLine } from "@claude-k8s/stream-parser/terminal";
import stringWidth from "string-width";

export interface Column {
  readonly head: string;
  /** May be cut where the terminal is narrow, to this many columns. */
  readonly least?: number;
  /** Left out where the terminal is narrow: the highest number first. */
  readonly dispensable?: number;
}

const gap = 3;

/**
 * Columns as wide as their widest cell, as kubectl writes them. A cell is one line, whatever the cluster has in it, and as wide as a
 * terminal draws it. `width`: of the terminal; `null`: there is none, and nothing is cut.
 */
export function table(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number | null = null,
): string {
  const rows = cells.map((row) => row.map(plainLine));
  const natural = columns.map(({ head }, column) =>
    Math.max(stringWidth(head), ...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const shown = fit(columns, natural, width);
  const line = (row: readonly string[]): string =>
    `${shown
      .map(({ column, size }) => padded(row[column] ?? "", size))
      .join(" ".repeat(gap))
      .trimEnd()}\n`;
  return [columns.map(({ head }) => head), ...rows].map(line).join("");
}

interface Shown {
  readonly column: number;
  readonly size: number;
}

function fit(columns: readonly Column[], natural: readonly number[], width: number | null): readonly Shown[] {
  let shown = natural.map((size, column): Shown => ({ column, size }));
  if (width === null) return shown;
  const leastOf = ({ column, size }: Shown): number => Math.min(size, columns[column]?.least ?? size);
  while (widthOf(shown.map((one) => ({ ...one, size: leastOf(one) }))) > width) {
    const next = shown
      .filter(({ column }) => columns[column]?.dispensable !== undefined)
      .toSorted((a, b) => (columns[b.column]?.dispensable ?? 0) - (columns[a.column]?.dispensable ?? 0))[0];
    if (next === undefined) break;
    shown = shown.filter((one) => one !== next);
  }
  while (widthOf(shown) > width) {
    const widest = shown.filter((one) => one.size > leastOf(one)).toSorted((a, b) => b.size - a.size)[0];
    if (widest === undefined) break;
    shown = shown.map((one) => (one === widest ? { ...one, size: one.size - 1 } : one));
  }
  return shown;
}

function widthOf(shown: readonly Shown[]): number {
  return shown.reduce((sum, { size }) => sum + size, 0) + gap * Math.max(0, shown.length - 1);
}

function padded(text: string, size: number): string {
  const cut = cutTo(text, size);
  return cut + " ".repeat(Math.max(0, size - stringWidth(cut)));
}

const segmenter = new Intl.Segmenter();

/** The text in at most `size` columns of a terminal; `…` stands for what is missing. */
export function cutTo(text: string, size: number): string {
  if (stringWidth(text) <= size) return text;
  let cut = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = stringWidth(segment);
    if (used + next > size - 1) break;
    cut += segment;
    used += next;
  }
  return size < 1 ? "" : `${cut}…`;
}

/** For an issue or a page: what the cluster says cannot break out of its cell. */
export function markdownTable(columns: readonly Column[], cells: readonly (readonly string[])[]): string {
  const row = (texts: readonly string[]): string => `| ${texts.join(" | ")} |\n`;
  return [
    row(columns.map(({ head }) => head.toLowerCase())),
    row(columns.map(() => "---")),
    ...cells.map((texts) =>
      row(
        texts.map((text) =>
          plainLine(text)
            .replaceAll(/[\\`*_[\]|~]/g, String.raw`\$&`)
            .replaceAll("<", "&lt;"),
        ),
      ),
    ),
  ].join("");
}
