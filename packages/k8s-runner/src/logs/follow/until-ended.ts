/** From the first request to the last: follow, or poll where following does not work, until the container is terminated. */

import { finishByRecord } from "../record/bridge.ts";
import { giveUp, sweep } from "../whole/verify-end.ts";
import { pollOnce } from "./by-polls.ts";
import { followByStream } from "./by-stream.ts";
import type { FollowContext } from "./follow-context.ts";
import { createFollowState, progressOf } from "./follow-state.ts";
import type { Ending, FollowState } from "./follow-state.ts";

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
  const state = createFollowState(context);
  let seen = progressOf(context);
  for (;;) {
    const before = progressOf(context);
    if (before !== seen) state.newsAt = context.clock.now();
    seen = before;
    const ending = canFollow(state) ? await followByStream(state) : await pollOnce(state);
    if (ending !== null) return ending;
  }
}

/** A stream cannot tell whether it is of another file. */
function canFollow({ context, followAgainAt }: FollowState): boolean {
  const { sink, foreign, clock } = context;
  return !sink.window.steppedBack() && foreign.agreeing === 0 && clock.now() >= followAgainAt;
}
