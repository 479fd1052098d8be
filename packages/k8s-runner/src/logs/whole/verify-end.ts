/**
 * The end of a log. The container is terminated, and yet a follow may have left out its last lines (rotation at the exit), and
 * a plain read may be cut short without a sign: the log is complete when a read of the last record ends where a read of all did.
 */

import { createBackoff } from "../../async/backoff.ts";
import type { FollowContext } from "../follow/follow-context.ts";
import { readLastRecord } from "./last-record.ts";
import { WHOLE_FILE, widestOverlap } from "../follow/reach.ts";
import { describeMark } from "./other-file.ts";
import { takeSnapshot } from "./read-whole.ts";
import type { SnapshotEnd } from "./read-ended.ts";
import { formatTimestamp } from "../lines/window.ts";
import type { LogGap } from "../../types/evidence.ts";

/** Where a read has failed, one that seems whole may have been cut, too: both must agree once more, whatever fails in between. */
const AGREEMENTS_IN_TROUBLE = 2;
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
  let agreements = 0;
  // The last record cannot be read by itself then: two whole reads must agree.
  let troubled = context.stamps.counted;
  let failing: Failing | null = null;
  let cuts = 0;
  let empty: string | null = null;
  let answers = 0;
  let surprised = false;
  for (;;) {
    const { agreeing: before } = foreign;
    const gaps = sink.gaps.length;
    // What a read from some second on does not end with may have been written by a clock that was set back.
    const seconds = surprised ? WHOLE_FILE : widestOverlap(sink.window);
    let end: SnapshotEnd | Surprise = await takeSnapshot(context, { seconds }, signal);
    if (foreign.agreeing > before) backoff.reset();
    // Until it was known for another file it could not be placed.
    if (sink.gaps.length > gaps) troubled = true;
    if (end.kind === "settled") {
      const { tail } = end;
      failing = null;
      cuts = 0;
      const place = `${sink.gaps.length}/${sink.window.bytes}/${tail === null ? "" : describeMark(tail)}`;
      if (previous !== null && place !== previous) troubled = true;
      if (place !== previous) agreements = 0;
      previous = place;
      const seen = await readLastRecord(context, end.last, signal);
      if (seen.kind === "as-expected") {
        agreements += 1;
        if (troubled && agreements < AGREEMENTS_IN_TROUBLE) continue;
        if (tail !== null) sink.deliver([tail], { newline: false });
        sink.finish();
        return true;
      }
      surprised = seen.kind === "other";
      end = seen.kind === "other" ? surprise : seen;
    }
    troubled = true;
    if (end.kind === "full") {
      failing = null;
      answers = 0;
      await spool.room(signal);
      continue;
    }
    if (end.kind === "surprise") {
      if (++answers >= ANSWERS_AT_MOST)
        return giveUp(context, "log-unavailable", "no two reads of the log end at the same place");
    } else if (end.kind === "cut") {
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
    if (isEmpty) backoff.reset();
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

/** The last record is none that the read in front of it has ended with: one of the two was cut, or the log went on. */
const surprise = { kind: "surprise" } as const;
type Surprise = typeof surprise;

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

function retryAfter(end: SnapshotEnd | Surprise): number | null {
  return end.kind === "failed" ? end.retryAfterSeconds : null;
}
