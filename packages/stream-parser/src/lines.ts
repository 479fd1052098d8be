import { StreamParserError } from "./errors.ts";
import { isHighSurrogate } from "./utf8.ts";

/** 64 MiB: a line is as long as the largest content block, a tool's output is in it twice. */
export const DEFAULT_MAX_LINE_BYTES = 64 * 1024 * 1024;
/** A longer line would not fit into one string in every engine. */
const LARGEST_MAX_LINE_BYTES = 256 * 1024 * 1024;
const HEAD_BYTES = 1024;
const SMALL_BUFFER_BYTES = 64 * 1024;
const KEPT_BUFFER_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** What the reader tells; byte counts include the line end. */
export interface LineSink {
  /** A whole line, without its 0x0A. */
  line(text: string, lineBytes: number): void;
  /** A line that is longer than the bound: its first bytes. */
  overflow(head: string, lineBytes: number): void;
  /** What stands after the last 0x0A, at the end. */
  rest(text: string, bytes: number): void;
}

export interface LineReader {
  push(chunk: string | Uint8Array): void;
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
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let buffer = new Uint8Array(0);
  let heldBytes = 0;
  /** Bytes of the unfinished line that were not kept, once it is too long. */
  let dropped = 0;
  let highSurrogate = "";

  /** Doubling keeps a line that comes byte by byte linear; a list of its pieces would cost a hundred bytes for each. */
  function reserve(bytes: number): void {
    if (bytes <= buffer.length) return;
    const grown = new Uint8Array(
      Math.min(maxLineBytes, Math.max(bytes, 2 * buffer.length, SMALL_BUFFER_BYTES)),
    );
    grown.set(buffer.subarray(0, heldBytes));
    buffer = grown;
  }

  /** The caller may reuse its chunk after `push`, so what is held is a copy. */
  function hold(bytes: Uint8Array): void {
    if (dropped > 0) {
      dropped += bytes.length;
    } else if (heldBytes + bytes.length <= maxLineBytes) {
      reserve(heldBytes + bytes.length);
      buffer.set(bytes, heldBytes);
      heldBytes += bytes.length;
    } else {
      const head = bytes.subarray(0, Math.max(0, headBytes - heldBytes));
      reserve(heldBytes + head.length);
      buffer.set(head, heldBytes);
      const kept = Math.min(headBytes, heldBytes + head.length);
      dropped = heldBytes + bytes.length - kept;
      heldBytes = kept;
    }
  }

  /** What is held; a huge buffer is let go with it, or one huge line would cost its size for ever. */
  function release(): Uint8Array {
    const bytes = buffer.subarray(0, heldBytes);
    if (buffer.length > KEPT_BUFFER_BYTES) buffer = new Uint8Array(0);
    heldBytes = 0;
    dropped = 0;
    return bytes;
  }

  function overflow(bytes: Uint8Array, lineBytes: number): void {
    sink.overflow(decoder.decode(bytes.subarray(0, headBytes)), lineBytes);
  }

  /** A line that is not held: all of it is in `bytes`. */
  function wholeLine(bytes: Uint8Array): void {
    if (bytes.length > maxLineBytes) overflow(bytes, bytes.length + 1);
    else sink.line(decoder.decode(bytes), bytes.length + 1);
  }

  /** The end of the line whose beginning is held. */
  function heldLine(last: Uint8Array): void {
    hold(last);
    const lineBytes = heldBytes + dropped + 1;
    if (dropped > 0) overflow(release(), lineBytes);
    else sink.line(decoder.decode(release()), lineBytes);
  }

  function pushBytes(chunk: Uint8Array): void {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      const line = chunk.subarray(start, at);
      if (heldBytes === 0) wholeLine(line);
      else heldLine(line);
      start = at + 1;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }

  function push(chunk: string | Uint8Array): void {
    if (typeof chunk !== "string") {
      flushSurrogate();
      pushBytes(chunk);
      return;
    }
    const text = highSurrogate + chunk;
    // A pair that two chunks share must be encoded as one character.
    const cut = text.length > 0 && isHighSurrogate(text.charCodeAt(text.length - 1)) ? 1 : 0;
    highSurrogate = cut === 0 ? "" : text.slice(-1);
    pushBytes(encoder.encode(cut === 0 ? text : text.slice(0, -1)));
  }

  function flushSurrogate(): void {
    if (highSurrogate === "") return;
    const lone = highSurrogate;
    highSurrogate = "";
    pushBytes(encoder.encode(lone));
  }

  function end(): void {
    flushSurrogate();
    if (heldBytes === 0) return;
    const lineBytes = heldBytes + dropped;
    if (dropped > 0) overflow(release(), lineBytes);
    else sink.rest(decoder.decode(release()), lineBytes);
  }

  return { push, end };
}
