import { createStreamParser, emptySummary, summarize } from "../src/index.ts";
import type { ClaudeEvent, RunSummary, StreamParserOptions } from "../src/index.ts";

export function eventsOf(
  chunks: Iterable<string | Uint8Array>,
  options: StreamParserOptions = {},
): ClaudeEvent[] {
  const parser = createStreamParser(options);
  const events: ClaudeEvent[] = [];
  for (const chunk of chunks) events.push(...parser.push(chunk));
  events.push(...parser.end());
  return events;
}

export function foldOf(chunks: Iterable<string | Uint8Array>): RunSummary {
  let summary = emptySummary();
  for (const event of eventsOf(chunks)) summary = summarize(summary, event);
  return summary;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** `bytes` in pieces that end at `cuts`, in any order, repeated or beyond the end. */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...cuts.filter((cut) => cut <= bytes.length), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The lines of `bytes`, line ends included. */
export function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, start)) {
    lines.push(bytes.subarray(start, at + 1));
    start = at + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}
