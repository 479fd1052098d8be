/**
 * What the reads of an ended container's log add up to. Pure: what is remembered and one more read give what is remembered then, and
 * what to do next.
 */

import type { LogGap } from "../../types/evidence.ts";

/** Where a read has failed, one that seems whole may have been cut, too: both must agree once more, whatever fails in between. */
export const AGREEMENTS_IN_TROUBLE = 2;
/** A read that is cut at random does not end so often in a row inside what is known. */
export const CUTS_IN_A_ROW = 20;
/** Nothing shows a read that was cut before its first byte; so many of them, and none that shows anything, are a file that is empty. */
export const EMPTY_READS = 6;
export const FAILURES_IN_A_ROW = 8;
/** Reads that fail in ever other ways; some 15 minutes of them. */
export const ANSWERS_AT_MOST = 200;

export interface EndMemory {
  /** Where the read that came to its end last ended. */
  readonly place: string | null;
  /** So many reads, each confirmed by the last record, have ended there. */
  readonly agreements: number;
  /** Something has failed: one agreement proves nothing. */
  readonly troubled: boolean;
  /** Reads that did not reach the node, one after the other. */
  readonly failing: Failing | null;
  /** Reads that the node itself refused, whatever did not reach it in between. */
  readonly refused: Failing | null;
  /** So many reads in a row were cut in the same way. */
  readonly cuts: number;
  /** What the reads that were cut held of a file without a whole line; `null`: they had lines. */
  readonly empty: string | null;
  readonly answers: number;
  /** The last record was none that the read in front of it ended with: the next read is of the whole file. */
  readonly surprised: boolean;
}

export interface Failing {
  readonly since: number;
  readonly count: number;
}

export type NextStep =
  /** The whole log was read and verified. */
  | { readonly kind: "finished" }
  | { readonly kind: "again" }
  /** `short`: not longer than the last time, as a reader that never lives long would otherwise never come to its end. */
  | { readonly kind: "wait"; readonly short: boolean }
  | { readonly kind: "make-room" }
  /** The file is empty: what is known is in another one. */
  | { readonly kind: "begin-anew" }
  | { readonly kind: "give-up"; readonly reason: LogGap["reason"]; readonly message: string };

export interface EndStep {
  readonly memory: EndMemory;
  readonly next: NextStep;
}

/** `troubled`: the last record cannot be read by itself, so that two whole reads must agree. */
export function startOfEnd(troubled: boolean): EndMemory {
  return {
    place: null,
    agreements: 0,
    troubled,
    failing: null,
    refused: null,
    cuts: 0,
    empty: null,
    answers: 0,
    surprised: false,
  };
}

/** Something went wrong that is no read's fault. */
export function doubted(memory: EndMemory): EndMemory {
  return { ...memory, troubled: true };
}

/** A read came to its end at this place; what the last record says comes next. */
export function settledAt(memory: EndMemory, place: string): EndMemory {
  const moved = place !== memory.place;
  return {
    ...memory,
    place,
    failing: null,
    refused: null,
    cuts: 0,
    surprised: false,
    agreements: moved ? 0 : memory.agreements,
    troubled: memory.troubled || (moved && memory.place !== null),
  };
}

/** The file's last record is the one that the read ended with. */
export function confirmed(memory: EndMemory): EndStep {
  const agreements = memory.agreements + 1;
  const enough = !memory.troubled || agreements >= AGREEMENTS_IN_TROUBLE;
  return { memory: { ...memory, agreements }, next: { kind: enough ? "finished" : "again" } };
}

/** The last record is another one: one of the two reads was cut, or the log went on. */
export function surprisedBy(memory: EndMemory): EndStep {
  const answers = memory.answers + 1;
  const next: NextStep =
    answers >= ANSWERS_AT_MOST
      ? {
          kind: "give-up",
          reason: "log-unavailable",
          message: "no two reads of the log end at the same place",
        }
      : { kind: "wait", short: false };
  return { memory: { ...memory, troubled: true, surprised: true, answers }, next };
}

export function full(memory: EndMemory): EndStep {
  return {
    memory: { ...memory, troubled: true, failing: null, refused: null, answers: 0 },
    next: { kind: "make-room" },
  };
}

/** A read that ended inside what is known. */
export function cutShort(memory: EndMemory, empty: string | null): EndStep {
  const cuts = empty === memory.empty ? memory.cuts + 1 : 1;
  const now = { ...memory, troubled: true, cuts, empty };
  if (empty !== null && cuts >= EMPTY_READS)
    return { memory: { ...now, cuts: 0 }, next: { kind: "begin-anew" } };
  // What can be read in part is there.
  const failing = empty === null ? null : memory.failing;
  const refused = empty === null ? null : memory.refused;
  const answers = memory.answers + 1;
  const next: NextStep =
    cuts >= CUTS_IN_A_ROW || answers >= ANSWERS_AT_MOST
      ? { kind: "give-up", reason: "log-unavailable", message: "the log ends before its last known line" }
      : { kind: "wait", short: empty !== null };
  return { memory: { ...now, failing, refused, answers }, next };
}

export interface FailedRead {
  /** The node itself said that it cannot; else it was not reached. */
  readonly answered: boolean;
  readonly reason: string;
  /** What a fresh read of the pod says. */
  readonly state: "running" | "terminated" | "gone" | "unknown";
  /** Milliseconds. */
  readonly now: number;
  /** For how long reads may fail in this way. */
  readonly limitMilliseconds: number;
}

/**
 * While the API itself is unreachable nothing is given up. What the node has refused stays refused meanwhile: an evicted pod's log never
 * comes back, and an API server that is away every now and then must not keep its ending for a quarter of an hour.
 */
export function failed(memory: EndMemory, read: FailedRead): EndStep {
  const { answered, reason, state, now, limitMilliseconds } = read;
  // What is read so often, and nothing else, is all there is, whatever failed in between.
  const cuts = memory.empty === null ? 0 : memory.cuts;
  const troubled = { ...memory, troubled: true, cuts };
  if (state === "gone")
    return {
      memory: troubled,
      next: {
        kind: "give-up",
        reason: "pod-gone",
        message: "the pod was removed before its log was read to its end",
      },
    };
  if (state === "unknown")
    return { memory: { ...troubled, failing: null }, next: { kind: "wait", short: false } };
  const before = answered ? memory.refused : memory.failing;
  const failing = { since: before?.since ?? now, count: (before?.count ?? 0) + 1 };
  const kept = answered ? { failing: null, refused: failing } : { failing };
  const answers = memory.answers + 1;
  const tooLong = failing.count >= FAILURES_IN_A_ROW && now - failing.since >= limitMilliseconds;
  const next: NextStep =
    tooLong || answers >= ANSWERS_AT_MOST
      ? { kind: "give-up", reason: "log-unavailable", message: reason }
      : { kind: "wait", short: false };
  return { memory: { ...troubled, ...kept, answers }, next };
}
