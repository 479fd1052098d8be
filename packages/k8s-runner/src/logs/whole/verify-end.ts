/**
 * The end of a log. The container is terminated, and yet a follow may have left out its last lines (rotation at the exit), and
 * a plain read may be cut short without a sign: the log is complete when a read of the last record ends where a read of all did.
 */

import { createBackoff } from "../../async/backoff.ts";
import type { FollowContext } from "../follow/follow-context.ts";
import {
  confirmed,
  cutShort,
  doubted,
  failed,
  full,
  settledAt,
  startOfEnd,
  surprisedBy,
} from "./end-steps.ts";
import type { EndMemory, EndStep } from "./end-steps.ts";
import { readLastRecord } from "./last-record.ts";
import { WHOLE_FILE, widestOverlap } from "../follow/reach.ts";
import { describeMark } from "./other-file.ts";
import { takeSnapshot } from "./read-whole.ts";
import type { SnapshotEnd } from "./read-ended.ts";
import { formatTimestamp } from "../lines/line-mark.ts";
import type { LogGap } from "../../types/evidence.ts";

const SHORT_WAIT_MILLISECONDS = 300;

/** True: the whole log was read and verified. Rejects only with `signal.reason`. */
export async function sweep(context: FollowContext): Promise<boolean> {
  const { sink, clock, signal, random, spool, foreign } = context;
  const backoff = createBackoff({ first: 50, last: 5000, random });
  let memory = startOfEnd(context.stamps.counted);
  for (;;) {
    const { agreeing } = foreign;
    const gaps = sink.gaps.length;
    const end = await readOnce(context, memory);
    if (foreign.agreeing > agreeing) backoff.reset();
    // Until the file was known for another one it could not be placed.
    if (sink.gaps.length > gaps) memory = doubted(memory);
    const step = await judge(context, memory, end);
    memory = step.memory;
    const { next } = step;
    switch (next.kind) {
      case "finished":
        if (end.kind === "settled" && end.tail !== null) sink.deliver([end.tail], { newline: false });
        sink.finish();
        return true;
      case "give-up":
        return giveUp(context, next.reason, next.message);
      case "begin-anew":
        announce(
          context,
          "rotated",
          "the log was rotated before it was read to its end; lines may be missing",
        );
        break;
      case "make-room":
        await spool.room(signal);
        break;
      case "wait": {
        if (next.short) backoff.reset();
        const retryAfterSeconds = end.kind === "failed" ? end.retryAfterSeconds : null;
        await clock.sleep(next.short ? SHORT_WAIT_MILLISECONDS : backoff.next({ retryAfterSeconds }), signal);
        break;
      }
      case "again":
        break;
    }
  }
}

function readOnce(context: FollowContext, { surprised }: EndMemory): Promise<SnapshotEnd> {
  // What a read from some second on does not end with may have been written by a clock that was set back.
  const seconds = surprised ? WHOLE_FILE : widestOverlap(context.sink.window);
  return takeSnapshot(context, { seconds }, context.signal);
}

async function judge(context: FollowContext, memory: EndMemory, end: SnapshotEnd): Promise<EndStep> {
  switch (end.kind) {
    case "settled":
      return judgeSettled(context, memory, end);
    case "full":
      return full(memory);
    case "cut":
      return cutShort(memory, end.empty);
    case "failed":
    case "not-found":
      return judgeFailed(context, memory, end);
  }
}

async function judgeSettled(
  context: FollowContext,
  before: EndMemory,
  { tail, last }: Extract<SnapshotEnd, { kind: "settled" }>,
): Promise<EndStep> {
  const { sink, signal } = context;
  const rest = tail === null ? "" : describeMark(tail);
  const memory = settledAt(before, `${sink.gaps.length}/${sink.window.bytes}/${rest}`);
  const seen = await readLastRecord(context, last, signal);
  if (seen.kind === "as-expected") return confirmed(memory);
  return seen.kind === "other" ? surprisedBy(memory) : judgeFailed(context, memory, seen);
}

async function judgeFailed(
  { verify, clock, timings }: FollowContext,
  memory: EndMemory,
  end: Extract<SnapshotEnd, { kind: "failed" | "not-found" }>,
): Promise<EndStep> {
  const answered = end.kind === "not-found" || end.answered;
  return failed(memory, {
    answered,
    reason: end.reason,
    state: await verify(),
    now: clock.now(),
    limitMilliseconds: answered ? timings.unreadableMilliseconds : timings.unreachableMilliseconds,
  });
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
