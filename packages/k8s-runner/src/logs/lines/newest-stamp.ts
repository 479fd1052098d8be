/** The latest timestamp of all lines of a window, which is not that of its last line where the node's clock was set back. */

import type { LineMark } from "./line-mark.ts";

export interface NewestStamp {
  readonly second: number;
  /** Written after every line that was noted. */
  isNews(line: LineMark): boolean;
  /** Written so long before the newest line that the node's clock was set back, or the line is an old one. */
  isBehind(line: LineMark): boolean;
  note(line: LineMark): void;
  /** A line of that second, whose moment is not known. */
  noteSecond(second: number): void;
  forget(): void;
}

/** stdout and stderr may be written out of order by so much. */
export const REORDER_NANOSECONDS = 50_000_000;
/** Before every timestamp that can be written. */
const NOTHING_YET = -1e12;

export function createNewestStamp(): NewestStamp {
  let second = NOTHING_YET;
  let nanoseconds = 0;

  function isNews(line: LineMark): boolean {
    return line.seconds > second || (line.seconds === second && line.nanoseconds > nanoseconds);
  }

  return {
    get second() {
      return second;
    },
    isNews,
    isBehind: (line) =>
      (second - line.seconds) * 1e9 + (nanoseconds - line.nanoseconds) > REORDER_NANOSECONDS,
    note(line) {
      if (!isNews(line)) return;
      second = line.seconds;
      nanoseconds = line.nanoseconds;
    },
    noteSecond(noted) {
      if (noted <= second) return;
      second = noted;
      nanoseconds = 999_999_999;
    },
    forget() {
      second = NOTHING_YET;
      nanoseconds = 0;
    },
  };
}
