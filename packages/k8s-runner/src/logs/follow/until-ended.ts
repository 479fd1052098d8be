/** From the first request to the last: follow, or poll where following does not work, until the container is terminated. */

import { createBackoff } from "../../async/backoff.ts";
import { followOnce } from "./one-connection.ts";
import type { ConnectionEnd } from "./connection-end.ts";
import type { FollowContext } from "./follow-context.ts";
import { pause } from "./follow-context.ts";
import { CAREFUL_OVERLAP_SECONDS, createPollReach, widestOverlap } from "./reach.ts";
import { takeSnapshot } from "../whole/read-whole.ts";
import { finishByRecord } from "../record/bridge.ts";
import { isAdrift } from "../record/recorded.ts";
import { giveUp, sweep } from "../whole/verify-end.ts";

type Ending = "terminated" | "gone";

/** A node that does not follow answers what it has and ends; one whose streams are cut at random does not do so in a row. */
const AT_ONCE_MILLISECONDS = 1000;
const MOST_ENDED_AT_ONCE = 5;

/** True: the whole log was read and verified. Rejects only with `signal.reason`. */
export async function followToEnd(context: FollowContext): Promise<boolean> {
  const ending = await followUntilEnded(context);
  if (ending === "terminated" && (await finishByRecord(context, context.signal))) {
    context.sink.finish();
    return true;
  }
  if (ending === "gone")
    return giveUp(context, "pod-gone", "the pod was removed before its log was read to its end");
  const isWhole = context.defects.withoutFinalSweep === true || (await sweep(context));
  const why = context.recorded?.brokenOff() ?? null;
  return isWhole && why !== null ? giveUp(context, "log-unavailable", why) : isWhole;
}

async function followUntilEnded(context: FollowContext): Promise<Ending> {
  const { sink, clock, timings, emit, random, signal, spool, foreign } = context;
  const retry = createBackoff({
    first: timings.firstRetryMilliseconds,
    last: timings.lastRetryMilliseconds,
    factor: 2,
    random,
  });
  const poll = createBackoff({
    first: timings.firstPollMilliseconds,
    last: timings.lastPollMilliseconds,
    factor: 1.5,
    random,
  });
  const pollReach = createPollReach(sink.window);
  let polling = false;
  let followAgainAt = 0;
  let verifiedAt = 0;
  let endedAtOnce = 0;

  // At first nobody knows for how long nothing was read.
  let newsAt = -Infinity;
  let seen = progress();

  for (;;) {
    const before = progress();
    if (before !== seen) newsAt = clock.now();
    seen = before;
    // A stream cannot tell whether it is of another file.
    const canFollow = !sink.window.steppedBack() && foreign.agreeing === 0 && clock.now() >= followAgainAt;
    const ending = canFollow ? await follow(before) : await pollOnce(before);
    if (ending !== null) return ending;
  }

  function progress(): number {
    return sink.window.bytes + sink.gaps.length;
  }

  /** After a long silence a clock set back may have hidden lines; this request and then every so often looks for them. */
  function overlap(): number {
    const isQuiet = clock.now() - newsAt >= timings.quietMilliseconds;
    return isQuiet ? widestOverlap(sink.window) : CAREFUL_OVERLAP_SECONDS;
  }

  function looked(overlapSeconds: number): void {
    if (overlapSeconds >= CAREFUL_OVERLAP_SECONDS) newsAt = clock.now();
  }

  async function follow(before: number): Promise<Ending | null> {
    const asked = overlap();
    const openedAt = clock.now();
    const end = await followOnce(context, asked, () => {
      if (polling) emit({ type: "log-following" });
      polling = false;
    });
    if (progress() !== before) retry.reset();
    if (end.kind !== "ended") looked(asked);
    switch (end.kind) {
      case "terminated":
      case "gone":
        return end.kind;
      case "full":
        await spool.room(signal);
        return null;
      case "aged":
        return null;
      case "cannot-follow":
        pollForAWhile(end.message);
        return null;
      case "realign":
      case "half-open":
        return realign(end, before);
      case "ended": {
        const atOnce = end.clean && clock.now() - openedAt < AT_ONCE_MILLISECONDS;
        endedAtOnce = atOnce ? endedAtOnce + 1 : 0;
        if (endedAtOnce >= MOST_ENDED_AT_ONCE) return doNotFollow();
        return reconnect(
          end.reason,
          end.answered
            ? { limit: timings.lastStreamRetryMilliseconds }
            : { retryAfterSeconds: end.retryAfterSeconds },
        );
      }
    }
  }

  async function doNotFollow(): Promise<Ending | null> {
    const state = await context.verify();
    if (state === "terminated" || state === "gone") return state;
    // The next follow that ends at once is enough.
    endedAtOnce = MOST_ENDED_AT_ONCE - 1;
    pollForAWhile("the node ends every follow of the log at once");
    return null;
  }

  function pollForAWhile(reason: string): void {
    followAgainAt = clock.now() + timings.followAgainMilliseconds * (0.75 + random() / 2);
    startPolling(reason);
  }

  async function realign(end: ConnectionEnd, before: number): Promise<Ending | null> {
    const read = await takeSnapshot(context, { seconds: widestOverlap(sink.window) }, signal);
    if (read.kind === "full") {
      await spool.room(signal);
      return null;
    }
    if (sink.window.steppedBack()) startPolling("the node's clock was set back");
    if (isAdrift(context) && read.kind === "cut") return drift(before);
    if (progress() !== before) return null;
    return reconnect(end.kind === "half-open" ? "the stream was half-open" : "the log was rotated", {
      limit: timings.lastStreamRetryMilliseconds,
    });
  }

  /** Output comes out of the record until it is known where the log stands. Each look reads the whole file. */
  async function drift(before: number): Promise<Ending | null> {
    const state = await context.verify();
    if (state === "terminated" || state === "gone") return state;
    if (progress() !== before) poll.reset();
    return pause(context, poll.next());
  }

  async function reconnect(
    reason: string,
    wait: { readonly retryAfterSeconds?: number | null; readonly limit?: number },
  ): Promise<Ending | null> {
    const state = await context.verify();
    if (state === "terminated" || state === "gone") return state;
    const retryInMilliseconds = retry.next(wait);
    emit({ type: "log-disconnected", reason, retryInMilliseconds });
    return pause(context, retryInMilliseconds);
  }

  function startPolling(reason: string): void {
    if (polling) return;
    polling = true;
    verifiedAt = clock.now();
    emit({ type: "log-polling", reason, intervalMilliseconds: timings.firstPollMilliseconds });
  }

  async function pollOnce(before: number): Promise<Ending | null> {
    const { agreeing } = foreign;
    const end = await takeSnapshot(context, pollReach.next(), signal);
    if (foreign.agreeing > agreeing) retry.reset();
    if (end.kind === "full") {
      await spool.room(signal);
      return null;
    }
    if (progress() !== before) poll.reset();
    if (end.kind === "failed" || end.kind === "not-found") {
      const retryAfterSeconds = end.kind === "failed" ? end.retryAfterSeconds : null;
      return reconnect(end.reason, { retryAfterSeconds });
    }
    retry.reset();
    // Nothing hides from a read of whole files or by records.
    if (end.kind === "settled") looked(CAREFUL_OVERLAP_SECONDS);
    if (clock.now() - verifiedAt >= timings.verifyMilliseconds) {
      verifiedAt = clock.now();
      const state = await context.verify();
      if (state === "terminated" || state === "gone") return state;
    }
    return pause(context, poll.next());
  }
}
