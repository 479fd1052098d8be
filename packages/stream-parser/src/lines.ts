import { createHeldLine } from "./held-line.ts";
import { StreamParserError } from "./errors.ts";

/** 64 MiB: a line is as long as the largest content block, a tool's output is in it twice. */
export const DEFAULT_MAX_LINE_BYTES = 64 * 1024 * 1024;
/** A longer line would not fit into one string in every engine. */
const LARGEST_MAX_LINE_BYTES = 256 * 1024 * 1024;
const HEAD_BYTES = 1024;
/** A frame may stand behind a log's prefix, but not behind this much text. */
const FRAME_BEGINS_WITHIN_BYTES = 64 * 1024;
/** The bound of a line that cannot be a frame: nobody needs more of a text without a line end. */
const MOST_TEXT_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
const BRACE = 0x7b;

/** What the reader gives; byte counts include the line end. */
export interface LineSink {
  /** A whole line, without its 0x0A. */
  line(text: string, lineBytes: number): void;
  /** A line that is longer than `bound`: its first bytes. */
  overflow(head: string, lineBytes: number, bound: number): void;
  /** What stands after the last 0x0A, at the end. */
  rest(text: string, bytes: number): void;
}

export interface LineReader {
  push(bytes: Uint8Array): void;
  end(): void;
}

/**
 * Bytes in, whole lines out as text, split on 0x0A only: U+2028 and a lone CR are ordinary characters inside a frame. Holds at most
 * `maxLineBytes` of an unfinished line; what is longer is counted and left out.
 */
export function createLineReader(sink: LineSink, maxLineBytes: number): LineReader {
  if (!Number.isInteger(maxLineBytes) || maxLineBytes < 1 || maxLineBytes > LARGEST_MAX_LINE_BYTES) {
    throw new StreamParserError(
      `maxLineBytes must be an integer from 1 to ${LARGEST_MAX_LINE_BYTES}, got ${maxLineBytes}`,
    );
  }
  const headBytes = Math.min(HEAD_BYTES, maxLineBytes);
  const decoder = new TextDecoder();
  const held = createHeldLine();
  /** Once the line is too long: its head is all that is held, and these are its bytes so far. */
  let tooLong: { bound: number; bytes: number } | null = null;

  /** The bound that a line of `bytes` bytes is beyond, if it is. `begin` is its first bytes, 64 KiB where there are as many. */
  function boundBroken(bytes: number, begin: Uint8Array): number | null {
    if (bytes > maxLineBytes) return maxLineBytes;
    if (bytes <= MOST_TEXT_BYTES) return null;
    return begin.subarray(0, FRAME_BEGINS_WITHIN_BYTES).includes(BRACE) ? null : MOST_TEXT_BYTES;
  }

  /** The caller may reuse its chunk after `push`, so what is held is a copy. */
  function hold(bytes: Uint8Array): void {
    if (tooLong !== null) {
      tooLong.bytes += bytes.length;
      return;
    }
    const total = held.bytes + bytes.length;
    // Within the bounds whatever the line's beginning is, the usual case costs one comparison.
    if (total <= maxLineBytes && total <= MOST_TEXT_BYTES) {
      held.add(bytes);
      return;
    }
    if (held.bytes < FRAME_BEGINS_WITHIN_BYTES) {
      const missing = FRAME_BEGINS_WITHIN_BYTES - held.bytes;
      held.add(bytes.subarray(0, missing));
      bytes = bytes.subarray(missing);
    }
    const bound = boundBroken(total, held.begin());
    if (bound === null) {
      held.add(bytes);
      return;
    }
    // The head is all that is needed from here on: the rest is let go at once, not at the line's end.
    const head = held.begin().slice(0, headBytes);
    held.clear();
    held.add(head);
    tooLong = { bound, bytes: total };
  }

  /** The end of the line whose beginning is held. */
  function finish(as: "line" | "rest"): void {
    const ending = as === "line" ? 1 : 0;
    if (tooLong !== null) {
      const { bound, bytes } = tooLong;
      tooLong = null;
      sink.overflow(decoder.decode(held.take()), bytes + ending, bound);
      return;
    }
    const bytes = held.bytes;
    sink[as](decoder.decode(held.take()), bytes + ending);
  }

  /** A line of which nothing is held: all of it is in `bytes`. */
  function wholeLine(bytes: Uint8Array): void {
    const bound = boundBroken(bytes.length, bytes);
    if (bound === null) sink.line(decoder.decode(bytes), bytes.length + 1);
    else sink.overflow(decoder.decode(bytes.subarray(0, headBytes)), bytes.length + 1, bound);
  }

  function push(chunk: Uint8Array): void {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      const line = chunk.subarray(start, at);
      if (held.bytes === 0) {
        wholeLine(line);
      } else {
        hold(line);
        finish("line");
      }
      start = at + 1;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }

  return {
    push,
    end: () => {
      if (held.bytes > 0) finish("rest");
    },
  };
}
