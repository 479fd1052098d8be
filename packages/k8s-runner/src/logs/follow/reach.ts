/**
 * How much of what is known a request asks for again. Only the last two seconds are needed to go on; but lines that a node writes
 * after its clock was set back are hidden from a request with a later `sinceTime`, without a sign.
 */

import { PART_BYTES } from "../lines/long-line.ts";
import type { DeliveredWindow } from "../lines/window.ts";

/** Where an answer starts. */
export type Reach =
  /** So many seconds before the newest line. */
  | { readonly seconds: number }
  /** So many records before the end of the file, whatever their timestamps say. */
  | { readonly records: number };

/** Of a follow: it is asked for once and then lasts. */
export const CAREFUL_OVERLAP_SECONDS = 45;
/** An overlap that leaves `sinceTime` away. */
export const WHOLE_FILE = Infinity;
/** Output up to this size is read from its first byte where a clock set back by more than the overlap may have hidden lines. */
const WHOLE_FILE_BYTES = 2 * 1024 * 1024;
/** A read that is repeated every second or two takes the whole file up to this size, and beyond it a file's end. */
const POLL_BYTES = 64 * 1024;
/** The window holds two seconds of lines, and a poll comes at the latest after five. */
const WINDOWS_BETWEEN_POLLS = 3;
const LEAST_RECORDS = 200;

/** The widest overlap that the size of the output allows. */
export function widestOverlap(window: DeliveredWindow): number {
  return window.bytes < WHOLE_FILE_BYTES ? WHOLE_FILE : CAREFUL_OVERLAP_SECONDS;
}

export interface PollReach {
  /** Of the next read. */
  next(): Reach;
}

/**
 * By records, never by time: lines that were written while a clock was set back for a moment only would be hidden from a read with
 * a `sinceTime`, and what was written after that moment would pass for what comes next. An answer too short to have a known
 * line in it is no harm: the whole file is read then.
 */
export function createPollReach(window: DeliveredWindow): PollReach {
  let bytes = window.bytes;

  return {
    next() {
      const parts = Math.ceil((window.bytes - bytes) / PART_BYTES);
      bytes = window.bytes;
      if (bytes <= POLL_BYTES) return { seconds: WHOLE_FILE };
      return { records: LEAST_RECORDS + WINDOWS_BETWEEN_POLLS * (window.length + parts) };
    },
  };
}
