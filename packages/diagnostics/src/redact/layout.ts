import { looksOf } from "./looks.ts";
import type { Has } from "./occurrence.ts";
import type { Range } from "./range.ts";

/** A line end or a tab, escaped or not. */
export const lineEnd = String.raw`(?:\r?\n|\\{1,7}r\\{1,7}n|\\{1,7}n)`;
export const column = String.raw`(?:\t|\\{1,7}t)`;
/** What a value is made of, and a quote that it may stand in. */
export const value = String.raw`[^\0- "'\\]`;
export const quote = String.raw`\\{0,7}["']`;
/** A value that has a line for itself. */
export const lineValue = String.raw`[ \t]{0,16}(${value}{8,256})(?=[ \t]{0,4}(?:[\r\n\0"\u001B]|\\{1,7}[nru"]|$))`;

/** A value that only what stands around it names: the last thing that the pattern finds, and its only group that matches. */
export interface Layout {
  readonly pattern: RegExp;
  /** Without any of these in it a text has none, which is found faster. */
  readonly signs: readonly string[];
  readonly least: 0 | 1 | 2;
  readonly label: string;
}

/** Whoever needs less than one look of a value has to tell placeholders from values in its pattern. */
export function findIn(layouts: readonly Layout[], text: string, has: Has): readonly Range[] {
  const ranges: Range[] = [];
  for (const { pattern, signs, least, label } of layouts)
    for (const { index, 0: whole, 1: found = "" } of signs.some(has) ? text.matchAll(pattern) : []) {
      const end = index + whole.length;
      // Two secrets may stand side by side; the first of them tells.
      if (looksOf(found.slice(0, 40), true) >= least) ranges.push({ start: end - found.length, end, label });
    }
  return ranges;
}
