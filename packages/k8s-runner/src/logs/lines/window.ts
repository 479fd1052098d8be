/**
 * The lines delivered last, as keys: what the API must replay when it is asked again from an earlier second on.
 * `sinceTime` has whole seconds and is inclusive, so every reconnect replays up to some seconds of known lines, and several
 * lines may share a timestamp: only the sequence tells which are known.
 */

import type { LogGap } from "../../types/evidence.ts";
import type { LogCursor } from "../../types/run.ts";
import { formatTimestamp, nanosecondsBetween, sameLine } from "./line-mark.ts";
import type { LineMark } from "./line-mark.ts";
import { fromKey, fromLongKey, toKey, toLongKey } from "./cursor.ts";

/** Lines stay in the window for so long behind the newest one. stdout and stderr may be written out of order by milliseconds. */
const KEPT_SECONDS = 2;
/** Beyond so many lines the window gives up whole timestamps at its front. 200,000 keys are 5 MB. */
const MAXIMUM_LINES = 200_000;
const LOOKED_EVERY_LINES = 10_000;
/** So many are enough to find one's place; a cursor is written with every piece of output. */
const CURSOR_LINES = 200;
/** No runtime writes a line in parts that are smaller. */
export const PART_BYTES = 4096;
const END_BYTES = 256;

export interface DeliveredWindow {
  /** Lines in the window. */
  readonly length: number;
  /** Whole bytes of output delivered before now, since the first line of the run. */
  readonly bytes: number;
  at(index: number): LineMark;
  last(): LineMark | null;
  push(line: LineMark, bytes: number): void;
  /** The text of the line pushed last. */
  endsWith(text: Uint8Array): void;
  /** Whether `text` can only be the last part of the last line. */
  continues(text: Uint8Array): boolean;
  /** Lines as a spool keeps them: seconds, nanoseconds and hash of each. */
  pushMarks(marks: Float64Array, bytes: number): void;
  /** What to ask for, so many seconds before the newest line (`Infinity`: all); `null`: from the first byte. */
  since(overlapSeconds: number): number | null;
  /** Whether all delivered lines from this second on are in the window. */
  covers(since: number | null): boolean;
  /** The node's clock was set back: lines in the window are later than the last one. */
  steppedBack(): boolean;
  /** Output that no line of the log was read for: where it ends in the log is not known, so that the window starts anew. */
  pushFetched(bytes: number): void;
  /** Starts anew after a gap, unless the gap is the rest of a line that is known; only the count of bytes stays. */
  pass(gap: LogGap): void;
  /** Lines are told by their place in the file: the node writes no timestamps. */
  readonly counted: boolean;
  /** True when the same line, or one written 50 ms later, was delivered already: the kubelet is sending a file again. */
  repeats(line: LineMark): boolean;
  includes(line: LineMark): boolean;
  /** Written so long before the newest line that the node's clock was set back, or the line is an old one. */
  isBehind(line: LineMark): boolean;
  /** Written after every line of the window. */
  isNews(line: LineMark): boolean;
  toCursor(podUid: string): LogCursor;
}

const REORDER_NANOSECONDS = 50_000_000;
/** Before every timestamp that can be written. */
const NOTHING_YET = -1e12;

export function createWindow(cursor: LogCursor | null): DeliveredWindow {
  let seconds: number[] = [];
  let nanoseconds: number[] = [];
  let hashes: number[] = [];
  let head = 0;
  let bytes = cursor?.bytes ?? 0;
  let newestSecond = NOTHING_YET;
  let newestNanoseconds = 0;
  let counted = cursor?.counted === true;
  let longLine = cursor?.longLine === undefined ? null : fromLongKey(cursor.longLine);
  /** Every line given up is older than this second. */
  let exactFrom = cursor?.sinceSecond ?? 0;

  for (const key of cursor?.window ?? []) append(fromKey(key));

  function append(line: LineMark): void {
    seconds.push(line.seconds);
    nanoseconds.push(line.nanoseconds);
    hashes.push(line.hash);
    if (!isNews(line)) return;
    newestSecond = line.seconds;
    newestNanoseconds = line.nanoseconds;
  }

  function isNews(line: LineMark): boolean {
    return (
      line.seconds > newestSecond || (line.seconds === newestSecond && line.nanoseconds > newestNanoseconds)
    );
  }

  function steppedBack(): boolean {
    return head < seconds.length && (seconds[seconds.length - 1] as number) < newestSecond - KEPT_SECONDS;
  }

  function since(overlapSeconds: number): number | null {
    if (counted || head === seconds.length || overlapSeconds === Infinity) return null;
    // A clock set back writes lines that a request from the newest second on would hide.
    const reference = steppedBack() ? (seconds[seconds.length - 1] as number) : newestSecond;
    const from = reference - overlapSeconds;
    // Nothing was written before 1970 but by a node that has no clock, whose lines a `sinceTime` would hide.
    return from < 0 ? null : from;
  }

  function prune(): void {
    const from = since(KEPT_SECONDS) ?? -Infinity;
    while ((seconds[head] as number) < from) drop();
    const kept = seconds.length - head;
    // A clock that stands still writes nothing but lines of one timestamp, and to look for another one takes its time.
    if (kept > 2 * MAXIMUM_LINES) while (seconds.length - head > MAXIMUM_LINES) drop();
    else if (kept > MAXIMUM_LINES && kept % LOOKED_EVERY_LINES === 0) pruneToTimestamp();
    if (head > 4096 && head * 2 > seconds.length) {
      seconds = seconds.slice(head);
      nanoseconds = nanoseconds.slice(head);
      hashes = hashes.slice(head);
      head = 0;
    }
  }

  function startAnew(): void {
    longLine = null;
    head = seconds.length;
    newestSecond = NOTHING_YET;
    newestNanoseconds = 0;
    exactFrom = 0;
  }

  function cursorStart(): number {
    let start = Math.max(head, seconds.length - CURSOR_LINES);
    while (start > head && sameStamp(start, start - 1)) start--;
    return start;
  }

  function sameStamp(one: number, other: number): boolean {
    return seconds[one] === seconds[other] && nanoseconds[one] === nanoseconds[other];
  }

  /** Between two lines of one timestamp there would be no telling which of two equal lines is the known one. */
  function pruneToTimestamp(): void {
    let end = head + Math.floor(MAXIMUM_LINES / 2);
    while (end < seconds.length && sameStamp(end, end - 1)) end++;
    if (end < seconds.length) while (head < end) drop();
  }

  function drop(): void {
    exactFrom = Math.max(exactFrom, (seconds[head] as number) + 1);
    head++;
  }

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
    get bytes() {
      return bytes;
    },
    at,
    last: () => (seconds.length === head ? null : at(seconds.length - head - 1)),
    push(line, size) {
      append(line);
      bytes += size;
      prune();
    },
    endsWith(text) {
      longLine =
        text.length < PART_BYTES
          ? null
          : { length: text.length, end: new Uint8Array(text.subarray(-END_BYTES)) };
    },
    continues(text) {
      if (longLine === null || text.length === 0 || text.length >= longLine.length) return false;
      const compared = Math.min(text.length, longLine.end.length);
      return Buffer.compare(text.subarray(-compared), longLine.end.subarray(-compared)) === 0;
    },
    pushMarks(marks, size) {
      for (let index = 0; index + 2 < marks.length; index += 3)
        append({
          seconds: marks[index] as number,
          nanoseconds: marks[index + 1] as number,
          hash: marks[index + 2] as number,
        });
      bytes += size;
      prune();
    },
    pushFetched(size) {
      startAnew();
      bytes += size;
    },
    since,
    covers: (from) => (from ?? 0) >= exactFrom,
    steppedBack,
    pass(gap) {
      if (gap.reason === "line-too-long") return;
      counted ||= gap.reason === "no-timestamps";
      startAnew();
    },
    get counted() {
      return counted;
    },
    repeats(line) {
      if (isNews(line)) return false;
      for (let index = seconds.length - 1; index >= head; index--) {
        const ahead = nanosecondsBetween(line, at(index - head));
        if (ahead > REORDER_NANOSECONDS) return true;
        if (ahead === 0 && hashes[index] === line.hash) return true;
        if (ahead < -REORDER_NANOSECONDS) return false;
      }
      return false;
    },
    isNews,
    isBehind: (line) =>
      (newestSecond - line.seconds) * 1e9 + (newestNanoseconds - line.nanoseconds) > REORDER_NANOSECONDS,
    includes(line) {
      for (let index = seconds.length - 1 - head; index >= 0; index--)
        if (sameLine(at(index), line)) return true;
      return false;
    },
    toCursor(podUid) {
      const from = cursorStart();
      return {
        version: 1,
        podUid,
        bytes,
        window: Array.from({ length: seconds.length - from }, (_, index) => toKey(at(from - head + index))),
        sinceSecond: from === head ? exactFrom : Math.max(exactFrom, newestSecond + 1),
        ...(longLine === null ? {} : { longLine: toLongKey(longLine) }),
        ...(counted ? { counted: true } : {}),
        lastTimestamp: head === seconds.length ? null : formatTimestamp(at(seconds.length - head - 1)),
      };
    },
  };
}
