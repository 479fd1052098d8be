/** Delivers lines once: into the window, into the spool, into what the evidence needs. */

import type { LogGap } from "../../types/evidence.ts";
import { MOST_LINES, keepLast } from "../lines/last-lines.ts";
import type { StampedLine } from "../lines/record.ts";
import { MOST_LINE_BYTES } from "../lines/split.ts";
import type { Spool } from "./spool.ts";
import { formatTimestamp } from "../lines/line-mark.ts";
import type { DeliveredWindow } from "../lines/window.ts";
import type { LineMark } from "../lines/line-mark.ts";

export interface LogSink {
  readonly window: DeliveredWindow;
  readonly gaps: readonly LogGap[];
  /** `full`: taken, but take no more before `room()`. */
  deliver(lines: readonly StampedLine[], options?: { readonly newline: boolean }): "full" | undefined;
  /** Output that came out of the record: where the log stands is not known behind it, until lines are placed. */
  deliverFetched(lines: readonly Uint8Array[], newline: boolean): "full" | undefined;
  /** Lines of the log that are not delivered: they were before, or are none of the output. */
  place(lines: readonly LineMark[]): void;
  /**
   * A line has been seen that was not at its end when the answer ended. The next line that is delivered must be this one: where it
   * is another, the beginning of this one has been rotated away since, and that is a gap.
   */
  begun(line: StampedLine): void;
  /** Nothing will be delivered any more. */
  finish(): void;
  /** Announces it, and starts the window anew. */
  gap(gap: LogGap): void;
  /** At most 20, at most 4 KiB each. */
  lastLines(): string[];
}

export interface SinkOptions {
  readonly window: DeliveredWindow;
  readonly spool: Spool;
  readonly gaps: readonly LogGap[];
  readonly lastLines: readonly Uint8Array[];
  /** Of a recorded output: the log's first line, which is none of it. */
  readonly header?: Uint8Array | null;
  readonly onLines: () => void;
  readonly onGap: (gap: LogGap) => void;
}

const NEWLINE = 10;

interface SinkState extends SinkOptions {
  readonly announced: LogGap[];
  last: readonly Uint8Array[];
  expected: LineMark | null;
}

export function createSink(options: SinkOptions): LogSink {
  const state: SinkState = {
    ...options,
    announced: [...options.gaps],
    last: options.lastLines,
    expected: null,
  };
  return {
    window: options.window,
    gaps: state.announced,
    deliver: (lines, { newline } = { newline: true }) => deliver(state, lines, newline),
    deliverFetched: (lines, newline) => deliverFetched(state, lines, newline),
    place: (lines) => place(state, lines),
    begun({ seconds, nanoseconds, hash }) {
      // Without its text, which would keep the whole answer in memory.
      state.expected = { seconds, nanoseconds, hash };
    },
    finish: () => missed(state, null),
    gap: (gap) => announce(state, gap),
    lastLines: () => state.last.map((line) => new TextDecoder().decode(line)),
  };
}

function announce(state: SinkState, gap: LogGap): void {
  const { window, spool, onGap, announced } = state;
  state.expected = null;
  announced.push(gap);
  window.pass(gap);
  spool.write({ kind: "gap", gap });
  onGap(gap);
}

function deliver(state: SinkState, lines: readonly StampedLine[], newline: boolean): "full" | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  if (isHeader(state, first)) {
    place(state, [first]);
    return deliver(state, lines.slice(1), newline);
  }
  state.onLines();
  missed(state, first);
  let full: "full" | undefined;
  let start = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as StampedLine;
    if (!line.cut) continue;
    full = write(state, lines.slice(start, index + 1), newline) ?? full;
    announce(state, tooLong(line));
    start = index + 1;
  }
  if (start === lines.length) return full;
  return write(state, start === 0 ? lines : lines.slice(start), newline) ?? full;
}

/** Output looks the same anywhere else, and is output there. */
function isHeader({ window, header }: SinkState, { text }: StampedLine): boolean {
  if (header === undefined || header === null || window.length > 0 || window.bytes > 0) return false;
  return Buffer.compare(text, header) === 0;
}

function deliverFetched(
  state: SinkState,
  lines: readonly Uint8Array[],
  newline: boolean,
): "full" | undefined {
  const { window, spool } = state;
  state.onLines();
  state.expected = null;
  const text = joinText(lines, newline);
  window.pushFetched(text.length);
  state.last = keepLast(state.last, lines.slice(-MOST_LINES));
  return spool.write({ kind: "lines", text, marks: new Float64Array(0) });
}

function place({ window, spool }: SinkState, lines: readonly LineMark[]): void {
  if (lines.length === 0) return;
  for (const line of lines) window.push(line, 0);
  spool.write({ kind: "lines", text: new Uint8Array(0), marks: marksOf(lines) });
}

function marksOf(lines: readonly LineMark[]): Float64Array {
  const marks = new Float64Array(lines.length * 3);
  for (const [index, line] of lines.entries()) {
    marks[index * 3] = line.seconds;
    marks[index * 3 + 1] = line.nanoseconds;
    marks[index * 3 + 2] = line.hash;
  }
  return marks;
}

/** A line that had begun is not the one that comes next. */
function missed(state: SinkState, next: LineMark | null): void {
  const { expected, window } = state;
  state.expected = null;
  if (expected === null) return;
  if (next !== null && next.seconds === expected.seconds && next.nanoseconds === expected.nanoseconds) return;
  const last = window.last();
  announce(state, {
    after: last === null ? null : formatTimestamp(last),
    before: next === null ? null : formatTimestamp(next),
    reason: "rotated",
    message: "the beginning of an unfinished line was rotated away before it could be read to its end",
  });
}

function tooLong(line: LineMark): LogGap {
  const at = formatTimestamp(line);
  return {
    after: at,
    before: at,
    reason: "line-too-long",
    message: `a line is longer than ${MOST_LINE_BYTES} bytes; the rest of it was left out`,
  };
}

function write(state: SinkState, lines: readonly StampedLine[], newline: boolean): "full" | undefined {
  const { window, spool } = state;
  const text = joinText(
    lines.map((line) => line.text),
    newline,
  );
  for (const line of lines) window.push(line, line.text.length + (newline ? 1 : 0));
  const lastText = lines.at(-1)?.text;
  if (lastText !== undefined) window.endsWith(lastText);
  state.last = keepLast(
    state.last,
    lines.slice(-MOST_LINES).map((line) => line.text),
  );
  return spool.write({ kind: "lines", text, marks: marksOf(lines) });
}

/** One piece for all lines of a chunk: a consumer that gets every line by itself spends its time on promises. */
function joinText(lines: readonly Uint8Array[], newline: boolean): Uint8Array {
  let size = 0;
  for (const line of lines) size += line.length + (newline ? 1 : 0);
  const text = new Uint8Array(size);
  let at = 0;
  for (const line of lines) {
    text.set(line, at);
    at += line.length;
    if (newline) text[at++] = NEWLINE;
  }
  return text;
}
