/** How much of a window is kept, and which part of it goes into a cursor. Pure: only the marks are looked at. */

import { nanosecondsBetween, sameLine } from "./line-mark.ts";
import type { LineMark } from "./line-mark.ts";
import type { MarkQueue } from "./mark-queue.ts";
import { REORDER_NANOSECONDS } from "./newest-stamp.ts";

type Marks = Pick<MarkQueue, "length" | "at" | "secondAt" | "sameStamp">;

/** Beyond so many lines the window gives up whole timestamps at its front. */
const MAXIMUM_LINES = 200_000;
const LOOKED_EVERY_LINES = 10_000;
/** So many are enough to find one's place; a cursor is written with every piece of output. */
const CURSOR_LINES = 200;

/** How many lines at the front are given up: those written before the second `from`, and what is too much. */
export function surplus(marks: Marks, from: number): number {
  let old = 0;
  while (marks.secondAt(old) < from) old++;
  const kept = marks.length - old;
  // A clock that stands still writes nothing but lines of one timestamp, and to look for another one takes its time.
  if (kept > 2 * MAXIMUM_LINES) return marks.length - MAXIMUM_LINES;
  if (kept <= MAXIMUM_LINES || kept % LOOKED_EVERY_LINES !== 0) return old;
  return nextTimestamp(marks, old + Math.floor(MAXIMUM_LINES / 2)) ?? old;
}

/** Between two lines of one timestamp there would be no telling which of two equal lines is the known one. */
function nextTimestamp(marks: Marks, from: number): number | null {
  for (let index = from; index < marks.length; index++) if (!marks.sameStamp(index, index - 1)) return index;
  return null;
}

/** The first line that a cursor holds; no line before it has the same timestamp. */
export function cursorStart(marks: Marks): number {
  let start = Math.max(0, marks.length - CURSOR_LINES);
  while (start > 0 && marks.sameStamp(start, start - 1)) start--;
  return start;
}

export function hasLine(marks: Marks, line: LineMark): boolean {
  for (let index = marks.length - 1; index >= 0; index--) if (sameLine(marks.at(index), line)) return true;
  return false;
}

/** The same line, or one written so much later that `line` cannot merely have come out of order. */
export function hasLineOrLater(marks: Marks, line: LineMark): boolean {
  for (let index = marks.length - 1; index >= 0; index--) {
    const known = marks.at(index);
    const ahead = nanosecondsBetween(line, known);
    if (ahead > REORDER_NANOSECONDS || sameLine(known, line)) return true;
    if (ahead < -REORDER_NANOSECONDS) return false;
  }
  return false;
}
