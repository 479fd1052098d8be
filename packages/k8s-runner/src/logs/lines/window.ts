/**
 * The lines delivered last, as keys: what the API must replay when it is asked again from an earlier second on.
 * `sinceTime` has whole seconds and is inclusive, so every reconnect replays up to some seconds of known lines, and several
 * lines may share a timestamp: only the sequence tells which are known.
 */

import type { LogGap } from "../../types/evidence.ts";
import type { LogCursor } from "../../types/run.ts";
import type { LineMark } from "./line-mark.ts";
import { fromKey, fromLongKey, writeCursor } from "./cursor.ts";
import { hasLine, hasLineOrLater, surplus } from "./kept-marks.ts";
import { isLastPart, longLineOf } from "./long-line.ts";
import { createMarkQueue } from "./mark-queue.ts";
import { createNewestStamp } from "./newest-stamp.ts";

/** Lines stay in the window for so long behind the newest one. stdout and stderr may be written out of order by milliseconds. */
const KEPT_SECONDS = 2;

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

export function createWindow(cursor: LogCursor | null): DeliveredWindow {
  const marks = createMarkQueue();
  const newest = createNewestStamp();
  let bytes = cursor?.bytes ?? 0;
  let counted = cursor?.counted === true;
  let longLine = cursor?.longLine === undefined ? null : fromLongKey(cursor.longLine);
  /** Every line given up is older than this second. */
  let exactFrom = cursor?.sinceSecond ?? 0;

  for (const key of cursor?.window ?? []) append(fromKey(key));
  // Lines that the cursor left out were later than all that it has where the clock was set back between them.
  if (marks.length > 0) newest.noteSecond(exactFrom - 1);

  function append(line: LineMark): void {
    marks.push(line);
    newest.note(line);
  }

  const lastSecond = (): number => marks.secondAt(marks.length - 1);

  function steppedBack(): boolean {
    return marks.length > 0 && lastSecond() < newest.second - KEPT_SECONDS;
  }

  function since(overlapSeconds: number): number | null {
    if (counted || marks.length === 0 || overlapSeconds === Infinity) return null;
    // A clock set back writes lines that a request from the newest second on would hide.
    const from = (steppedBack() ? lastSecond() : newest.second) - overlapSeconds;
    // Nothing was written before 1970 but by a node that has no clock, whose lines a `sinceTime` would hide.
    return from < 0 ? null : from;
  }

  function prune(): void {
    const dropped = surplus(marks, since(KEPT_SECONDS) ?? -Infinity);
    for (let index = 0; index < dropped; index++) exactFrom = Math.max(exactFrom, marks.secondAt(index) + 1);
    if (dropped > 0) marks.drop(dropped);
  }

  function startAnew(): void {
    longLine = null;
    marks.drop(marks.length);
    newest.forget();
    exactFrom = 0;
  }

  function count(size: number): void {
    bytes += size;
    prune();
  }

  return {
    get length() {
      return marks.length;
    },
    get bytes() {
      return bytes;
    },
    get counted() {
      return counted;
    },
    at: (index) => marks.at(index),
    last: () => marks.last(),
    push(line, size) {
      append(line);
      count(size);
    },
    pushMarks(many, size) {
      for (const line of linesOf(many)) append(line);
      count(size);
    },
    pushFetched(size) {
      startAnew();
      bytes += size;
    },
    endsWith: (text) => void (longLine = longLineOf(text)),
    continues: (text) => isLastPart(text, longLine),
    since,
    covers: (from) => (from ?? 0) >= exactFrom,
    steppedBack,
    pass(gap) {
      if (gap.reason === "line-too-long") return;
      counted ||= gap.reason === "no-timestamps";
      startAnew();
    },
    repeats: (line) => !newest.isNews(line) && hasLineOrLater(marks, line),
    isNews: (line) => newest.isNews(line),
    isBehind: (line) => newest.isBehind(line),
    includes: (line) => hasLine(marks, line),
    toCursor: (podUid) =>
      writeCursor(marks, { podUid, bytes, counted, longLine, exactFrom, newestSecond: newest.second }),
  };
}

function* linesOf(marks: Float64Array): Generator<LineMark> {
  for (let index = 0; index + 2 < marks.length; index += 3)
    yield {
      seconds: marks[index] as number,
      nanoseconds: marks[index + 1] as number,
      hash: marks[index + 2] as number,
    };
}
