/** Time, injected so that tests can hold it. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects with `signal.reason`. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ n < 1, for jitter. */
  random(): number;
}

/** Node's timers end at once when they are asked for more; whoever waits for longer looks at the clock again. */
const longestTimeoutMilliseconds = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
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

export function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
