/**
 * The end of a log. The container is terminated, and yet a follow may have left out its last lines (rotation at the exit), and
 * a plain read may be cut short without a sign: the log is complete when two plain reads end at the same place, one after the other.
 */

import { createBackoff } from "./backoff.ts";
import type { FollowContext } from "./context.ts";
import { widestOverlap } from "./overlap.ts";
import { describeMark } from "./foreign-file.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { SnapshotEnd } from "./snapshot-end.ts";
import { formatTimestamp } from "./window.ts";
import type { LogGap } from "../types/evidence.ts";

const AGREEING_READS = 2;
/** Where a read has failed, one that seems whole may have been cut, too: more of them must agree, whatever fails in between. */
const AGREEING_READS_IN_TROUBLE = 3;
/** A read that is cut at random does not end so often in a row inside what is known. */
const CUTS_IN_A_ROW = 20;
/** Nothing shows a read that was cut before its first byte; so many of them, and none that shows anything, are a file that is empty. */
const EMPTY_READS = 6;
const EMPTY_AGAIN_MILLISECONDS = 300;
const FAILURES_IN_A_ROW = 8;
/** Reads that fail in ever other ways; some 15 minutes of them. */
const ANSWERS_AT_MOST = 200;

/** True: the whole log was read and verified. Rejects only with `signal.reason`. */
export async function sweep(context: FollowContext): Promise<boolean> {
  const { sink, clock, timings, signal, random, spool, foreign } = context;
  const backoff = createBackoff({ first: 50, last: 5000, factor: 2, random });
  let previous: string | null = null;
  let agreeing = 0;
  let troubled = false;
  let failing: Failing | null = null;
  let cuts = 0;
  let empty: string | null = null;
  let answers = 0;
  // Both reads are as wide: lines of a clock that was set back hide from a later start, in the one that was cut and in the other.
  for (;;) {
    const { agreeing: before } = foreign;
    const gaps = sink.gaps.length;
    const end = await takeSnapshot(context, { seconds: widestOverlap(sink.window) }, signal);
    if (foreign.agreeing > before) backoff.reset();
    // Until it was known for another file it could not be placed.
    if (sink.gaps.length > gaps) troubled = true;
    if (end.kind === "settled") {
      failing = null;
      cuts = 0;
      const tail = end.tail === null ? "" : describeMark(end.tail);
      const place = `${sink.gaps.length}/${sink.window.bytes}/${tail}`;
      agreeing = place === previous ? agreeing + 1 : 1;
      if (previous !== null && place !== previous) troubled = true;
      previous = place;
      if (agreeing < (troubled ? AGREEING_READS_IN_TROUBLE : AGREEING_READS)) continue;
      if (end.tail !== null) sink.deliver([end.tail], { newline: false });
      return true;
    }
    troubled = true;
    if (end.kind === "full") {
      failing = null;
      answers = 0;
      await spool.room(signal);
      continue;
    }
    if (end.kind === "cut") {
      cuts = end.empty === empty ? cuts + 1 : 1;
      empty = end.empty;
      if (empty !== null && cuts >= EMPTY_READS) {
        announce(
          context,
          "rotated",
          "the log was rotated before it was read to its end; lines may be missing",
        );
        cuts = 0;
        continue;
      }
      // What can be read in part is there.
      if (empty === null) failing = null;
      if (cuts >= CUTS_IN_A_ROW || ++answers >= ANSWERS_AT_MOST)
        return giveUp(context, "log-unavailable", "the log ends before its last known line");
    } else {
      // What is read so often, and nothing else, is all there is, whatever failed in between.
      if (empty === null) cuts = 0;
      const verdict = await judgeFailure(end, failing);
      if (verdict === "given-up") return false;
      failing = verdict;
      if (verdict !== null && ++answers >= ANSWERS_AT_MOST)
        return giveUp(context, "log-unavailable", end.reason);
    }
    // Waits that grow would have a reader that never lives long never come to its end.
    const isEmpty = end.kind === "cut" && end.empty !== null;
    const wait = isEmpty ? EMPTY_AGAIN_MILLISECONDS : backoff.next({ retryAfterSeconds: retryAfter(end) });
    await clock.sleep(wait, signal);
  }

  /** While the API itself is unreachable nothing is given up. */
  async function judgeFailure(
    end: Extract<SnapshotEnd, { kind: "failed" | "not-found" }>,
    before: Failing | null,
  ): Promise<Failing | null | "given-up"> {
    const state = await context.verify();
    if (state === "gone") {
      giveUp(context, "pod-gone", "the pod was removed before its log was read to its end");
      return "given-up";
    }
    if (state === "unknown") return null;
    const answered = end.kind === "not-found" || end.answered;
    const same = before !== null && before.answered === answered;
    const now: Failing = same
      ? { ...before, count: before.count + 1 }
      : { answered, since: clock.now(), count: 1 };
    const limit = answered ? timings.unreadableMilliseconds : timings.unreachableMilliseconds;
    if (now.count < FAILURES_IN_A_ROW || clock.now() - now.since < limit) return now;
    giveUp(context, "log-unavailable", end.reason);
    return "given-up";
  }
}

/** Reads that failed in the same way, one after the other. */
interface Failing {
  readonly answered: boolean;
  readonly since: number;
  readonly count: number;
}

/** For a log whose rest cannot be had. */
export function giveUp(context: FollowContext, reason: LogGap["reason"], message: string): false {
  announce(context, reason, message);
  return false;
}

function announce({ sink }: FollowContext, reason: LogGap["reason"], message: string): void {
  const last = sink.window.last();
  sink.gap({ after: last === null ? null : formatTimestamp(last), before: null, reason, message });
}

function retryAfter(end: SnapshotEnd): number | null {
  return end.kind === "failed" ? end.retryAfterSeconds : null;
}
