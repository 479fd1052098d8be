/** What is remembered from one request for a log to the next, and what following and polling do alike. */

import { createBackoff } from "../../async/backoff.ts";
import type { Backoff } from "../../async/backoff.ts";
import { pause } from "./follow-context.ts";
import type { FollowContext } from "./follow-context.ts";
import { CAREFUL_OVERLAP_SECONDS, createPollReach, widestOverlap } from "./reach.ts";
import type { PollReach } from "./reach.ts";

/** The container is not running any more. */
export type Ending = "terminated" | "gone";

export interface FollowState {
  readonly context: FollowContext;
  /** Between requests that fail. */
  readonly retry: Backoff;
  /** Between polls that succeed. */
  readonly poll: Backoff;
  readonly pollReach: PollReach;
  polling: boolean;
  /** Until then the node is not asked to follow. */
  followAgainAt: number;
  /** When the pod was read last while polling. */
  verifiedAt: number;
  /** So many follows in a row had nothing but an end. */
  endedAtOnce: number;
  /** When something new came, or lines that a clock set back may hide were looked for. */
  newsAt: number;
}

export function createFollowState(context: FollowContext): FollowState {
  const { timings, random, sink } = context;
  const { firstRetryMilliseconds, lastRetryMilliseconds, firstPollMilliseconds, lastPollMilliseconds } =
    timings;
  return {
    context,
    retry: createBackoff({ first: firstRetryMilliseconds, last: lastRetryMilliseconds, factor: 2, random }),
    poll: createBackoff({ first: firstPollMilliseconds, last: lastPollMilliseconds, factor: 1.5, random }),
    pollReach: createPollReach(sink.window),
    polling: false,
    followAgainAt: 0,
    verifiedAt: 0,
    endedAtOnce: 0,
    // At first nobody knows for how long nothing was read.
    newsAt: -Infinity,
  };
}

/** Grows with whatever is delivered or given up. */
export function progressOf({ sink }: FollowContext): number {
  return sink.window.bytes + sink.gaps.length;
}

/** After a long silence a clock set back may have hidden lines; this request and then every so often looks for them. */
export function overlapOf({ context, newsAt }: FollowState): number {
  const isQuiet = context.clock.now() - newsAt >= context.timings.quietMilliseconds;
  return isQuiet ? widestOverlap(context.sink.window) : CAREFUL_OVERLAP_SECONDS;
}

/** A request with this overlap has shown what a clock set back could have hidden. */
export function noteLook(state: FollowState, overlapSeconds: number): void {
  if (overlapSeconds >= CAREFUL_OVERLAP_SECONDS) state.newsAt = state.context.clock.now();
}

export function startPolling(state: FollowState, reason: string): void {
  if (state.polling) return;
  const { clock, emit, timings } = state.context;
  state.polling = true;
  state.verifiedAt = clock.now();
  emit({ type: "log-polling", reason, intervalMilliseconds: timings.firstPollMilliseconds });
}

/** A fresh read of the pod; `null`: it does not say that the container has ended. */
export async function readEnding({ verify }: FollowContext): Promise<Ending | null> {
  const state = await verify();
  return state === "terminated" || state === "gone" ? state : null;
}

/** Waits, unless the container has ended. */
export async function reconnect(
  { context, retry }: FollowState,
  reason: string,
  wait: { readonly retryAfterSeconds?: number | null; readonly limit?: number },
): Promise<Ending | null> {
  const ending = await readEnding(context);
  if (ending !== null) return ending;
  const retryInMilliseconds = retry.next(wait);
  context.emit({ type: "log-disconnected", reason, retryInMilliseconds });
  return pause(context, retryInMilliseconds);
}
