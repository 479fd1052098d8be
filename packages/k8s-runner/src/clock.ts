/** Time, injected so that tests can hold it. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects with `signal.reason`. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ n < 1, for jitter. */
  random(): number;
}

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
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, milliseconds);
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
};

export function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

export interface Backoff {
  /** The next wait in milliseconds, with jitter. */
  next(): number;
  reset(): void;
}

export function createBackoff(
  clock: Clock,
  minimumMilliseconds: number,
  maximumMilliseconds: number,
): Backoff {
  let attempts = 0;
  return {
    next() {
      const full = Math.min(maximumMilliseconds, minimumMilliseconds * 2 ** attempts);
      attempts = Math.min(attempts + 1, 20);
      return full / 2 + (full / 2) * clock.random();
    },
    reset() {
      attempts = 0;
    },
  };
}
