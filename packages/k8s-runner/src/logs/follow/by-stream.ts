/** One turn of following: a follow request from its opening to its end, and what has to be done after an end of its kind. */

import { isAdrift } from "../record/recorded.ts";
import { takeSnapshot } from "../whole/read-whole.ts";
import type { ConnectionEnd } from "./connection-end.ts";
import { pause } from "./follow-context.ts";
import { noteLook, overlapOf, progressOf, readEnding, reconnect, startPolling } from "./follow-state.ts";
import type { Ending, FollowState } from "./follow-state.ts";
import { followOnce } from "./one-connection.ts";
import { widestOverlap } from "./reach.ts";

/** A node that does not follow answers what it has and ends; one whose streams are cut at random does not do so in a row. */
const AT_ONCE_MILLISECONDS = 1000;
const MOST_ENDED_AT_ONCE = 5;

/** `null`: the container may still be running. Rejects only with `signal.reason`. */
export async function followByStream(state: FollowState): Promise<Ending | null> {
  const { context, retry } = state;
  const { clock, emit, signal, spool } = context;
  const before = progressOf(context);
  const asked = overlapOf(state);
  const openedAt = clock.now();
  const end = await followOnce(context, asked, () => {
    if (state.polling) emit({ type: "log-following" });
    state.polling = false;
  });
  if (progressOf(context) !== before) retry.reset();
  if (end.kind !== "ended") noteLook(state, asked);
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
      pollForAWhile(state, end.message);
      return null;
    case "realign":
      return realign(state, before, "the log was rotated");
    case "half-open":
      return realign(state, before, "the stream was half-open");
    case "ended":
      return followAgain(state, end, clock.now() - openedAt);
  }
}

async function followAgain(
  state: FollowState,
  end: Extract<ConnectionEnd, { kind: "ended" }>,
  lastedMilliseconds: number,
): Promise<Ending | null> {
  const atOnce = end.clean && lastedMilliseconds < AT_ONCE_MILLISECONDS;
  state.endedAtOnce = atOnce ? state.endedAtOnce + 1 : 0;
  if (state.endedAtOnce >= MOST_ENDED_AT_ONCE) return doNotFollow(state);
  const { timings } = state.context;
  return reconnect(
    state,
    end.reason,
    end.answered
      ? { limit: timings.lastStreamRetryMilliseconds }
      : { retryAfterSeconds: end.retryAfterSeconds },
  );
}

async function doNotFollow(state: FollowState): Promise<Ending | null> {
  const ending = await readEnding(state.context);
  if (ending !== null) return ending;
  // The next follow that ends at once is enough.
  state.endedAtOnce = MOST_ENDED_AT_ONCE - 1;
  pollForAWhile(state, "the node ends every follow of the log at once");
  return null;
}

function pollForAWhile(state: FollowState, reason: string): void {
  const { clock, timings, random } = state.context;
  state.followAgainAt = clock.now() + timings.followAgainMilliseconds * (0.75 + random() / 2);
  startPolling(state, reason);
}

/** A plain read shows what the stream has left out. `reason`: why it was needed, where it has shown nothing. */
async function realign(state: FollowState, before: number, reason: string): Promise<Ending | null> {
  const { context } = state;
  const { sink, signal, spool, timings } = context;
  const read = await takeSnapshot(context, { seconds: widestOverlap(sink.window) }, signal);
  if (read.kind === "full") {
    await spool.room(signal);
    return null;
  }
  if (sink.window.steppedBack()) startPolling(state, "the node's clock was set back");
  if (isAdrift(context) && read.kind === "cut") return drift(state, before);
  if (progressOf(context) !== before) return null;
  return reconnect(state, reason, { limit: timings.lastStreamRetryMilliseconds });
}

/** Output comes out of the record until it is known where the log stands. Each look reads the whole file. */
async function drift({ context, poll }: FollowState, before: number): Promise<Ending | null> {
  const ending = await readEnding(context);
  if (ending !== null) return ending;
  if (progressOf(context) !== before) poll.reset();
  return pause(context, poll.next());
}
