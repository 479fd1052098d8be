/** One turn of polling, where following does not work: a plain read of what is new, and the wait for the next one. */

import { takeSnapshot } from "../whole/read-whole.ts";
import { pause } from "./follow-context.ts";
import { noteLook, progressOf, readEnding, reconnect } from "./follow-state.ts";
import type { Ending, FollowState } from "./follow-state.ts";
import { CAREFUL_OVERLAP_SECONDS } from "./reach.ts";

/** `null`: the container may still be running. Rejects only with `signal.reason`. */
export async function pollOnce(state: FollowState): Promise<Ending | null> {
  const { context, retry, poll } = state;
  const { clock, foreign, signal, spool, timings } = context;
  const before = progressOf(context);
  const { agreeing } = foreign;
  const end = await takeSnapshot(context, state.pollReach.next(), signal);
  if (foreign.agreeing > agreeing) retry.reset();
  if (end.kind === "full") {
    await spool.room(signal);
    return null;
  }
  if (progressOf(context) !== before) poll.reset();
  if (end.kind === "failed" || end.kind === "not-found") {
    const retryAfterSeconds = end.kind === "failed" ? end.retryAfterSeconds : null;
    return reconnect(state, end.reason, { retryAfterSeconds });
  }
  retry.reset();
  // Nothing hides from a read of whole files or by records.
  if (end.kind === "settled") noteLook(state, CAREFUL_OVERLAP_SECONDS);
  if (clock.now() - state.verifiedAt >= timings.verifyMilliseconds) {
    state.verifiedAt = clock.now();
    const ending = await readEnding(context);
    if (ending !== null) return ending;
  }
  return pause(context, poll.next());
}
