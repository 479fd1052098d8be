/** Bytes of a log answer to its lines, across chunks. A line has a bound: who never writes a newline fills no memory. */

import { countedLine, parseLine } from "./record.ts";
import type { LogLine } from "./record.ts";

export interface LineSplitter {
  /** The lines that `chunk` completes, and the beginning of one that has become too long. */
  push(chunk: Uint8Array): LogLine[];
  /** What stands after the last newline; `null`: nothing, or the rest of a line that was cut. */
  rest(): LogLine | null;
}

/**
 * A line with its timestamp. No message to or from the model's API may be larger, and whoever reads the output parses it line
 * by line. Of a longer one the beginning is delivered, and a gap stands for its rest.
 */
export const MOST_LINE_BYTES = 32 * 1024 * 1024;

const NEWLINE = 10;
const EMPTY = new Uint8Array(0);

/** `counted`: of a node that writes no timestamps; the answer must start with the first byte of the file. */
export function createLineSplitter(counted = false): LineSplitter {
  // A long line arrives in thousands of chunks: joining them one by one would copy it thousands of times.
  let parts: Uint8Array[] = [];
  let waiting = 0;
  let skipping = false;
  let index = 0;

  function parse(bytes: Uint8Array, start: number, end: number): LogLine {
    if (end - start > MOST_LINE_BYTES)
      return { ...parse(bytes, start, start + MOST_LINE_BYTES), cut: true } as LogLine;
    return counted ? countedLine(bytes.subarray(start, end), index) : parseLine(bytes, start, end);
  }

  /** What has come of a line so far, with the end of it. */
  function take(end: Uint8Array): LogLine {
    const whole = Buffer.concat([...parts, end]);
    parts = [];
    waiting = 0;
    return parse(whole, 0, whole.length);
  }

  /** The end of a line in a chunk that began before. */
  function finish(chunk: Uint8Array, start: number, end: number): LogLine | null {
    if (skipping) {
      skipping = false;
      return null;
    }
    return parts.length === 0 ? parse(chunk, start, end) : take(chunk.subarray(start, end));
  }

  return {
    push(buffer) {
      // Half a million lines a second: a view on a plain array is made in half the time of one on a Buffer.
      const chunk = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
      const lines: LogLine[] = [];
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        const line = finish(chunk, start, end);
        if (line !== null) lines.push(line);
        index++;
        start = end + 1;
      }
      if (start === chunk.length || skipping) return lines;
      parts.push(chunk.subarray(start));
      waiting += chunk.length - start;
      if (waiting > MOST_LINE_BYTES) {
        lines.push(take(EMPTY));
        skipping = true;
      }
      return lines;
    },
    rest: () => (parts.length === 0 ? null : take(EMPTY)),
  };
}
