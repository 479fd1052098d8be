/** What the parts of the follower share, and the waiting they do. */

import type { RunEvent } from "../../types/events.ts";
import type { LogSource, LogTarget } from "../../cluster/log-source.ts";
import type { LogSink } from "../spool/sink.ts";
import type { StampWatch } from "../lines/stamp-watch.ts";
import type { ForeignFile } from "../whole/other-file.ts";
import type { Spool } from "../spool/spool.ts";
import type { RecordedLog } from "../record/recorded.ts";

export interface LogClock {
  /** Milliseconds since the epoch, and steady. */
  now(): number;
  /** What a clock on the wall shows. Default: `now()`. */
  wall?(): number;
  /** Rejects with `signal.reason`. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * What a fresh read of the pod says of the container. `gone`: no pod of this UID. `unknown`: the API cannot be asked now;
 * then nothing is concluded.
 */
export type ContainerVerification = "running" | "terminated" | "gone" | "unknown";

export type LogEvent = Extract<
  RunEvent,
  {
    readonly type:
      | "log-fetched"
      | "log-connected"
      | "log-disconnected"
      | "log-polling"
      | "log-following"
      | "gap"
      | "warning";
  }
>;
export type LogEventDetail = LogEvent extends infer Event
  ? Event extends LogEvent
    ? Omit<Event, "at">
    : never
  : never;

/** Every wait of the follower, in milliseconds. */
export interface LogTimings {
  /** Without a byte for so long, a plain read checks whether the stream is half-open. */
  readonly quietMilliseconds: number;
  /** A follow is ended on purpose after so long, less up to a tenth: the kubelet cuts it at 4 hours, in the middle of a line. */
  readonly maximumAgeMilliseconds: number;
  readonly firstRetryMilliseconds: number;
  readonly lastRetryMilliseconds: number;
  /** The longest wait where the log API answers and only its streams break. */
  readonly lastStreamRetryMilliseconds: number;
  readonly firstPollMilliseconds: number;
  readonly lastPollMilliseconds: number;
  /** So long after a node had no inotify instance left, following is tried again. */
  readonly followAgainMilliseconds: number;
  /** How often the pod is read while polling. */
  readonly verifyMilliseconds: number;
  /** A terminated container's log that the kubelet says it does not have is given up after so long. */
  readonly unreadableMilliseconds: number;
  /** A terminated container's log on a node that does not answer is given up after so long. */
  readonly unreachableMilliseconds: number;
}

export const DEFAULT_TIMINGS: LogTimings = {
  quietMilliseconds: 40_000,
  maximumAgeMilliseconds: 3 * 3600_000,
  firstRetryMilliseconds: 1000,
  lastRetryMilliseconds: 30_000,
  lastStreamRetryMilliseconds: 4000,
  firstPollMilliseconds: 2000,
  lastPollMilliseconds: 5000,
  followAgainMilliseconds: 30_000,
  verifyMilliseconds: 10_000,
  unreadableMilliseconds: 10_000,
  unreachableMilliseconds: 120_000,
};

export interface FollowContext {
  readonly source: LogSource;
  readonly target: LogTarget;
  readonly sink: LogSink;
  readonly foreign: ForeignFile;
  readonly stamps: StampWatch;
  readonly spool: Spool;
  /** All output, beside the log; `null`: there is none. */
  readonly recorded: RecordedLog | null;
  readonly verify: () => Promise<ContainerVerification>;
  readonly emit: (event: LogEventDetail) => void;
  readonly clock: LogClock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly nudge: Nudge;
  readonly timings: LogTimings;
  readonly signal: AbortSignal;
  /** Deliberate defects, with which the tests show that they would be found. */
  readonly defects: LogDefects;
}

export interface LogDefects {
  readonly withoutAlignment?: boolean;
  readonly withoutFinalSweep?: boolean;
}

/** Ends a wait early: something about the pod has changed. */
export interface Nudge {
  notify(): void;
  /** Resolves at the next `notify`. Rejects with `signal.reason`. */
  wait(signal: AbortSignal): Promise<void>;
}

export function createNudge(): Nudge {
  let pending = false;
  const waiting = new Set<() => void>();
  return {
    notify() {
      pending = waiting.size === 0;
      for (const wake of waiting) wake();
      waiting.clear();
    },
    wait(signal) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (pending) {
          pending = false;
          resolve();
          return;
        }
        const onAbort = (): void => {
          waiting.delete(wake);
          reject(signal.reason as Error);
        };
        const wake = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}

/** Waits for one of the two; the other is called off. Rejects with `signal.reason`. */
export async function sleepOrNudge(
  { clock, nudge }: Pick<FollowContext, "clock" | "nudge">,
  milliseconds: number,
  signal: AbortSignal,
): Promise<"slept" | "nudged"> {
  signal.throwIfAborted();
  const inner = new AbortController();
  // By hand: `AbortSignal.any` leaves something of each of these waits at a signal that lives as long as the run.
  const stop = (): void => inner.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const slept = clock.sleep(milliseconds, inner.signal).then(() => "slept" as const);
    const nudged = nudge.wait(inner.signal).then(() => "nudged" as const);
    // The one called off rejects after the race is over.
    slept.catch(() => undefined);
    nudged.catch(() => undefined);
    return await Promise.race([slept, nudged]);
  } finally {
    signal.removeEventListener("abort", stop);
    inner.abort();
  }
}

/** Waits; a nudge has the pod read at once. Returns early only when the container is not running any more. */
export async function pause(
  context: FollowContext,
  milliseconds: number,
): Promise<"terminated" | "gone" | null> {
  const until = context.clock.now() + milliseconds;
  for (;;) {
    const remaining = until - context.clock.now();
    if (remaining <= 0) return null;
    if ((await sleepOrNudge(context, remaining, context.signal)) === "slept") return null;
    const state = await context.verify();
    if (state === "terminated" || state === "gone") return state;
  }
}
