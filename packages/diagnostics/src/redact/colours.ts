import type { Range } from "./range.ts";

/** Without one of these there is none, and they are found faster. */
const signs = ["\u001B[", "1b[", "1B[", "33[", String.raw`\e[`];
/** The beginning or the end of a colour, raw or as JSON, shells and languages escape it. */
const colour = new RegExp(String.raw`(?:\u001B|\\{1,7}(?:u001[bB]|x1[bB]|0?33|e))\[[\d;]{0,24}[mK]`, "g");

/** A text as it is read on a terminal, and where a stretch of it is in what was printed. */
export interface Uncoloured {
  readonly text: string;
  readonly back: (range: Range) => Range;
}

/**
 * Colours stand anywhere: between a name and its sign, around a value, in the middle of a name that a search has marked. Without
 * them every other pattern need not know of them. `null`: there are none.
 */
export function withoutColours(text: string): Uncoloured | null {
  if (!signs.some((sign) => text.includes(sign))) return null;
  const parts: string[] = [];
  /** Where each part begins without colours, and how much of them is in front of it. */
  const starts = [0];
  const removed = [0];
  let from = 0;
  let length = 0;
  for (const { index, 0: whole } of text.matchAll(colour)) {
    if (index > from) {
      parts.push(text.slice(from, index));
      length += index - from;
      starts.push(length);
      removed.push(0);
    }
    from = index + whole.length;
    removed[removed.length - 1] = from - length;
  }
  if (from === 0) return null;
  parts.push(text.slice(from));
  const printed = (at: number): number => {
    let low = 0;
    for (let high = starts.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) > at) high = middle - 1;
      else low = middle;
    }
    return at + (removed[low] ?? 0);
  };
  return {
    text: parts.join(""),
    back: ({ start, end, label }) => ({ start: printed(start), end: printed(end - 1) + 1, label }),
  };
}
