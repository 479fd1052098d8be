/** Where in an answer the new lines start. Pure: an answer is compared with the window of delivered lines, in sequence. */

import type { DeliveredWindow } from "./window.ts";
import type { LineMark } from "./line-mark.ts";
import { sameLine } from "./line-mark.ts";

/** Compares an answer line by line while it arrives; good for the answer of a file that goes on where we left it. */
export interface Replay {
  /** `mismatch`: this answer alone cannot tell; read the file once more as a whole and `locate`. */
  next(line: LineMark): "known" | "new" | "mismatch";
  /** Every line that had to be replayed was. */
  complete(): boolean;
  /** Ended at a line from a clock set back; others may be hidden by `since`. */
  steppedBack(): boolean;
  /** Looked for the window, and it was not in the answer so far. */
  lost(): boolean;
}

export function createReplay(window: DeliveredWindow, since: number | null): Replay {
  // What the answer has to replay is what was delivered before it; the window grows while it is read.
  const { length } = window;
  // Known lines that the window does not hold any more stand before its first one.
  let seeking = length > 0 && !window.covers(since);
  let position = skipTo(0);
  let started = false;

  function skipTo(index: number): number {
    if (since === null) return index;
    let next = index;
    for (; next < length; next++) if (window.at(next).seconds >= since) break;
    return next;
  }

  function onlyPositionOf(line: LineMark): number {
    let found = -1;
    for (let index = position; index < length; index++) {
      if (!sameLine(window.at(index), line)) continue;
      if (found !== -1) return -1;
      found = index;
    }
    return found;
  }

  function accept(index: number): "known" {
    position = skipTo(index + 1);
    started = true;
    seeking = false;
    return "known";
  }

  let first = true;
  let stepped = false;
  const mayHide = since !== null && length > 0 && !window.steppedBack();
  return {
    next(line) {
      const isFirst = first;
      first = false;
      if (position >= length) {
        stepped = mayHide && window.isBehind(line);
        return stepped ? "mismatch" : "new";
      }
      if (sameLine(window.at(position), line)) return accept(position);
      // The file was rotated away in the middle of what we know: it starts with a later line of the window.
      const later = isFirst ? onlyPositionOf(line) : -1;
      if (later !== -1) return accept(later);
      return seeking && !window.isNews(line) ? "known" : "mismatch";
    },
    steppedBack: () => stepped,
    complete: () => position >= length,
    lost: () => seeking && !started,
  };
}

export type Location =
  /** The lines from `start` on are new. `ambiguous`: of these lines; a longer answer may say otherwise. */
  | {
      readonly kind: "found";
      readonly start: number;
      readonly ambiguous: boolean;
      /** By single lines, not by a run up to the last known one. */
      readonly guessed: boolean;
    }
  /** The answer ends inside what is known: it was cut. */
  | { readonly kind: "cut" }
  /** Nothing that is known is in the file, which goes on behind it: rotated. */
  | { readonly kind: "absent" }
  /** Nothing that is known is in the answer, and nothing later: cut before it, or rotated and the clock set back. */
  | { readonly kind: "foreign" };

/** Finds the window in the lines of one whole file (from `since` on). */
export function locate(lines: readonly LineMark[], window: DeliveredWindow, since: number | null): Location {
  const known: LineMark[] = [];
  for (let index = 0; index < window.length; index++) {
    const mark = window.at(index);
    if (since === null || mark.seconds >= since) known.push(mark);
  }
  if (known.length === 0) return { kind: "found", start: 0, ambiguous: false, guessed: false };
  if (lines.length === 0) return { kind: "cut" };
  const positions = Map.groupBy(known.keys(), (index) => keyOf(known[index] as LineMark));
  // Equal lines of one timestamp fit at several places: the longest run is the true one.
  let cut = 0;
  let found = { run: 0, start: 0 };
  // The first part of a line that rotation split may stand before the first known line, and so may lines given up long ago.
  for (let first = 0; first < lines.length; first++) {
    for (const from of positions.get(keyOf(lines[first] as LineMark)) ?? []) {
      // Inside the file a run of known lines starts with the first of them; only its head may have been rotated away.
      if (first > 1 && from > 0) continue;
      const run = commonRun(lines, first, known, from);
      if (from + run === known.length) {
        if (run > found.run) found = { run, start: first + run };
      } else if (first + run === lines.length) {
        cut = Math.max(cut, run);
      }
    }
    // No later run can be longer.
    if (found.run >= lines.length - first) break;
  }
  if (found.run > 0 && found.run >= cut)
    return { kind: "found", start: found.start, ambiguous: cut === found.run, guessed: false };
  if (cut > 0) return { kind: "cut" };
  const behind = findLast(lines, known, positions);
  if (behind !== null) return { kind: "found", start: behind, ambiguous: false, guessed: true };
  return { kind: lines.some((line) => window.isNews(line)) ? "absent" : "foreign" };
}

/**
 * Behind the last known line, whatever stands before it. A file that is sent again in the middle of a line glues two lines
 * into one that is in no file; without this, one such line would have everything around it delivered again.
 */
function findLast(
  lines: readonly LineMark[],
  known: readonly LineMark[],
  positions: ReadonlyMap<string, readonly number[]>,
): number | null {
  let last = -1;
  let behind: number | null = null;
  for (const [index, line] of lines.entries()) {
    const at = positions.get(keyOf(line))?.at(-1);
    if (at === undefined || at < last) continue;
    last = at;
    behind = index + 1;
  }
  if (behind === null) return null;
  const delivered = new Set(known.slice(last + 1).map(stampOf));
  while (behind < lines.length && delivered.has(stampOf(lines[behind] as LineMark))) behind++;
  return behind;
}

function stampOf(mark: LineMark): string {
  return `${mark.seconds}.${mark.nanoseconds}`;
}

function commonRun(
  lines: readonly LineMark[],
  first: number,
  known: readonly LineMark[],
  from: number,
): number {
  let run = 0;
  while (first + run < lines.length && from + run < known.length) {
    if (!sameLine(lines[first + run] as LineMark, known[from + run] as LineMark)) break;
    run++;
  }
  return run;
}

function keyOf(mark: LineMark): string {
  return `${stampOf(mark)}.${mark.hash}`;
}
