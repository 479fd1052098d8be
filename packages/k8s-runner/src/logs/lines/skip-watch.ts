/**
 * Finds where a follow may have left out a whole file. A kubelet that cannot send as fast as the container prints is behind; when
 * the log is rotated twice meanwhile, it goes on with the newest file, and the one in between is never sent. Nothing in the answer
 * says so, and every line of it is new. But it leaves a trace: the last line before the jump arrives only after the first one behind
 * it was written, and between the two lies the time that a file had to become full.
 */

import type { LineMark } from "./line-mark.ts";

export interface SkipWatch {
  /** Whether lines may be missing before this one. Call it for every line of the answer, with the time of its arrival. */
  skipped(line: LineMark, arrivedAt: number): boolean;
}

/** The kubelet looks at the size of logs every ten seconds, or as often as it is configured to, which is every three at most. */
const SHORTEST_FILE_MILLISECONDS = 1000;

/** `openedAt`, like the arrivals, by a clock of ours: the node's is known by the line that was under way for the shortest time. */
export function createSkipWatch(openedAt: number): SkipWatch {
  let previous: { readonly written: number; readonly arrivedAt: number } | null = null;
  let shortest = Infinity;
  return {
    skipped(line, arrivedAt) {
      const written = line.seconds * 1000 + line.nanoseconds / 1e6;
      const before = previous;
      let found = false;
      if (before !== null && written - before.written >= SHORTEST_FILE_MILLISECONDS)
        // What was written before the follow began was all in one file then.
        found = written <= before.arrivedAt - shortest && written > openedAt - shortest;
      shortest = Math.min(shortest, arrivedAt - written);
      // Standard error may be written a little before the line in front of it.
      if (before === null || written >= before.written) previous = { written, arrivedAt };
      return found;
    },
  };
}
