/** Which lines of a plain answer are known, and which are new. */

import { sameLine } from "../lines/line-mark.ts";
import type { LineMark } from "../lines/line-mark.ts";
import type { LogLine } from "../lines/record.ts";

/** Tells the known lines of an answer from the new ones. */
export interface Decider {
  next(line: LineMark): "known" | "new" | "mismatch";
  complete(): boolean;
}

export const EVERYTHING: Decider = { next: () => "new", complete: () => true };

export function collect(lines: readonly LogLine[], marks: LineMark[]): undefined {
  for (const line of lines) {
    if (line.kind === "unstamped") continue;
    // Without the text, which would keep every chunk of the file in memory.
    marks.push({ seconds: line.seconds, nanoseconds: line.nanoseconds, hash: line.hash });
  }
}

/** Skips so many lines of the same file; a rotation since then shows in the lines at either end. */
export function skipping(marks: readonly LineMark[], count: number, ambiguous = false): Decider {
  let skipped = 0;
  return {
    next(line) {
      if (skipped >= count) return ambiguous ? "mismatch" : "new";
      const checked = skipped === 0 || skipped === count - 1;
      if (checked && !sameLine(marks[skipped] as LineMark, line)) return "mismatch";
      skipped++;
      return "known";
    },
    complete: () => skipped >= count,
  };
}
