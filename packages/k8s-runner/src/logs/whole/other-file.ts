/**
 * A whole file in which nothing is known and nothing is newer: it was read only up to a place before what is known, or it is
 * another file, written after a rotation by a node whose clock was set back. Only the second may be delivered.
 */

import { formatTimestamp } from "../lines/line-mark.ts";
import type { LineMark } from "../lines/line-mark.ts";

export interface ForeignFile {
  /** A whole file in which the known lines were. */
  isHome(first: LineMark): void;
  /**
   * A clean read of a whole file without a known line. True when it is another file: such reads agree with one another, while
   * reads that are cut end here and there, and start like the file that is known.
   */
  isOther(lines: readonly LineMark[], tail: string | null): boolean;
  /** So many of them in a row have agreed so far. */
  readonly agreeing: number;
  /** A read that was no foreign one. */
  reset(): void;
}

const READS_IN_A_ROW = 6;

export function createForeignFile(): ForeignFile {
  let home: string | null = null;
  let first: string | null = null;
  let reads = 0;
  let lines = 0;
  let tail: string | null = null;

  function reset(): void {
    first = null;
    reads = 0;
  }

  return {
    isHome(mark) {
      home = describeMark(mark);
      reset();
    },
    isOther(marks, rest) {
      const head = describeMark(marks[0] as LineMark);
      if (head === home) {
        reset();
        return false;
      }
      // A file that is still written grows; a read that is cut ends before the one in front of it, or inside another line.
      const agrees = head === first && (marks.length > lines || (marks.length === lines && rest === tail));
      reads = agrees ? reads + 1 : 1;
      first = head;
      lines = marks.length;
      tail = rest;
      return reads >= READS_IN_A_ROW;
    },
    get agreeing() {
      return reads;
    },
    reset,
  };
}

export function describeMark(mark: LineMark): string {
  return `${formatTimestamp(mark)}/${mark.hash}`;
}
