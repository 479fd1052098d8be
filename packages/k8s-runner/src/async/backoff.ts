/** Growing waits with jitter: a thousand followers that lost one API server must not come back in one second. */

export interface Backoff {
  /** The next wait in milliseconds; at most `limit`, but at least what the server asked for. */
  next(options?: { readonly retryAfterSeconds?: number | null; readonly limit?: number }): number;
  reset(): void;
}

export function createBackoff(options: {
  /** The first wait and the longest one, in milliseconds. */
  readonly first: number;
  readonly last: number;
  /** How much longer each is than the one before. Default: 2. */
  readonly factor?: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}): Backoff {
  const { factor = 2 } = options;
  let wait = options.first;
  return {
    next({ retryAfterSeconds = null, limit = options.last } = {}) {
      const jittered = Math.min(wait, limit) * (0.75 + options.random() / 2);
      wait = Math.min(options.last, wait * factor);
      return Math.round(Math.max(jittered, (retryAfterSeconds ?? 0) * 1000));
    },
    reset() {
      wait = options.first;
    },
  };
}
