/** Time, injected so that tests can hold it. */

export interface Clock {
  /**
   * Milliseconds since the epoch, and steady: waits and deadlines are differences of two of its readings, so it must not jump when
   * the machine's clock is set.
   */
  now(): number;
  /** What a clock on the wall shows, for times that people or files are told. Default: `now()`. */
  wall?(): number;
  /** Rejects with `signal.reason`. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ n < 1, for jitter. */
  random(): number;
}

/** Node's timers end at once when they are asked for more; whoever waits for longer looks at the clock again. */
const longestTimeoutMilliseconds = 2 ** 31 - 1;

export const systemClock: Clock = {
  // `Date.now()` jumps when the machine's clock is set: every run would be over its deadline at once.
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  wall: () => Date.now(),
  random: () => Math.random(),
  sleep(milliseconds, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
        Math.min(milliseconds, longestTimeoutMilliseconds),
      );
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
};

export function wallTime(clock: Pick<Clock, "now" | "wall">): number {
  return clock.wall?.() ?? clock.now();
}

export function isoTime(clock: Pick<Clock, "now" | "wall">): string {
  return new Date(wallTime(clock)).toISOString();
}
