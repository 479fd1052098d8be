/** Marks of lines in three columns, which hold 200,000 of them in 5 MB: new ones come at the end, old ones are given up at the front. */

import type { LineMark } from "./line-mark.ts";

export interface MarkQueue {
  readonly length: number;
  at(index: number): LineMark;
  last(): LineMark | null;
  /** Like `at`, without making an object. */
  secondAt(index: number): number;
  /** Whether two lines were written at the same nanosecond. */
  sameStamp(index: number, other: number): boolean;
  push(line: LineMark): void;
  /** Gives up so many at the front. */
  drop(count: number): void;
}

/** Columns are copied only when so many given-up marks are at their front, and more of these than of the others. */
const COPIED_FROM = 4096;

export function createMarkQueue(): MarkQueue {
  let seconds: number[] = [];
  let nanoseconds: number[] = [];
  let hashes: number[] = [];
  let head = 0;

  function at(index: number): LineMark {
    const position = head + index;
    return {
      seconds: seconds[position] as number,
      nanoseconds: nanoseconds[position] as number,
      hash: hashes[position] as number,
    };
  }

  return {
    get length() {
      return seconds.length - head;
    },
    at,
    last: () => (seconds.length === head ? null : at(seconds.length - head - 1)),
    secondAt: (index) => seconds[head + index] as number,
    sameStamp: (index, other) =>
      seconds[head + index] === seconds[head + other] &&
      nanoseconds[head + index] === nanoseconds[head + other],
    push(line) {
      seconds.push(line.seconds);
      nanoseconds.push(line.nanoseconds);
      hashes.push(line.hash);
    },
    drop(count) {
      head += count;
      if (head <= COPIED_FROM || head * 2 <= seconds.length) return;
      seconds = seconds.slice(head);
      nanoseconds = nanoseconds.slice(head);
      hashes = hashes.slice(head);
      head = 0;
    },
  };
}
