/**
 * How far before the newest line a request starts. Only the last two seconds are needed to go on; but lines that a node writes
 * after its clock was set back are hidden from a request with a later `sinceTime`, without a sign.
 */

import type { DeliveredWindow } from "./window.ts";

/** Of a follow: it is asked for once and then lasts. */
export const CAREFUL_OVERLAP_SECONDS = 45;
/** An overlap that leaves `sinceTime` away. */
export const WHOLE_FILE = Infinity;
const CLOSE_OVERLAP_SECONDS = 2;
/** Output up to this size is read from its first byte where a clock set back by more than the overlap may have hidden lines. */
const WHOLE_FILE_BYTES = 2 * 1024 * 1024;
/** A read that is repeated every second or two replays at most about so much, and at least two seconds. */
const POLL_BYTES = 64 * 1024;

/** The widest overlap that the size of the output allows. */
export function widestOverlap(window: DeliveredWindow): number {
  return window.bytes < WHOLE_FILE_BYTES ? WHOLE_FILE : CAREFUL_OVERLAP_SECONDS;
}

export interface PollOverlap {
  /** Takes note of how much output there is by now. */
  sample(): void;
  seconds(): number;
}

/** As careful as its bytes allow: a quiet run is read as if it were followed. */
export function createPollOverlap(window: DeliveredWindow): PollOverlap {
  let samples: { readonly second: number; readonly bytes: number }[] = [];

  return {
    sample() {
      const second = window.last()?.seconds;
      if (second === undefined) return;
      const newest = samples.at(-1)?.second;
      if (newest === second) return;
      if (newest !== undefined && newest > second) samples = [];
      samples.push({ second, bytes: window.bytes });
      samples = samples.filter((sample) => sample.second >= second - 2 * CAREFUL_OVERLAP_SECONDS);
    },
    seconds() {
      if (window.bytes <= POLL_BYTES) return WHOLE_FILE;
      const newest = window.last()?.seconds ?? 0;
      let overlap = CLOSE_OVERLAP_SECONDS;
      for (const sample of samples.toReversed()) {
        if (window.bytes - sample.bytes > POLL_BYTES) return overlap;
        overlap = Math.min(CAREFUL_OVERLAP_SECONDS, Math.max(overlap, newest - sample.second));
      }
      return CAREFUL_OVERLAP_SECONDS;
    },
  };
}
