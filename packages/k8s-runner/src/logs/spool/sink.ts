/** Delivers lines once: into the window, into the spool, into what the evidence needs. */

import type { LogGap } from "../../types/evidence.ts";
import { MOST_LINES, keepLast } from "../lines/last-lines.ts";
import type { StampedLine } from "../lines/record.ts";
import type { Spool } from "./spool.ts";
import type { DeliveredWindow } from "../lines/window.ts";

export interface LogSink {
  readonly window: DeliveredWindow;
  readonly gaps: readonly LogGap[];
  /** `full`: taken, but take no more before `room()`. */
  deliver(lines: readonly StampedLine[], options?: { readonly newline: boolean }): "full" | undefined;
  /** Announces it, and starts the window anew. */
  gap(gap: LogGap): void;
  /** At most 20, at most 4 KiB each. */
  lastLines(): string[];
}

const NEWLINE = 10;

export function createSink(options: {
  readonly window: DeliveredWindow;
  readonly spool: Spool;
  readonly gaps: readonly LogGap[];
  readonly lastLines: readonly Uint8Array[];
  readonly onLines: () => void;
  readonly onGap: (gap: LogGap) => void;
}): LogSink {
  const { window, spool, onLines, onGap } = options;
  const gaps = [...options.gaps];
  let last = options.lastLines;

  return {
    window,
    gaps,
    deliver(lines, { newline } = { newline: true }) {
      onLines();
      const text = joinText(lines, newline);
      const marks = new Float64Array(lines.length * 3);
      for (const [index, line] of lines.entries()) {
        window.push(line, line.text.length + (newline ? 1 : 0));
        marks[index * 3] = line.seconds;
        marks[index * 3 + 1] = line.nanoseconds;
        marks[index * 3 + 2] = line.hash;
      }
      const lastText = lines.at(-1)?.text;
      if (lastText !== undefined) window.endsWith(lastText);
      last = keepLast(
        last,
        lines.slice(-MOST_LINES).map((line) => line.text),
      );
      return spool.write({ kind: "lines", text, marks });
    },
    gap(gap) {
      gaps.push(gap);
      window.forget();
      spool.write({ kind: "gap", gap });
      onGap(gap);
    },
    lastLines: () => last.map((line) => new TextDecoder().decode(line)),
  };
}

/** One piece for all lines of a chunk: a consumer that gets every line by itself spends its time on promises. */
function joinText(lines: readonly StampedLine[], newline: boolean): Uint8Array {
  let size = 0;
  for (const line of lines) size += line.text.length + (newline ? 1 : 0);
  const text = new Uint8Array(size);
  let at = 0;
  for (const line of lines) {
    text.set(line.text, at);
    at += line.text.length;
    if (newline) text[at++] = NEWLINE;
  }
  return text;
}
