/** Time that moves only when everything that could happen now has happened: hours of faults in milliseconds. */

import type { LogClock } from "../../src/logs/follow/follow-context.ts";

export interface VirtualClock extends LogClock {
  /** Moves from timer to timer until the promise is settled. */
  run<T>(promise: Promise<T>): Promise<T>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

export function createVirtualClock(startMilliseconds: number): VirtualClock {
  let now = startMilliseconds;
  let order = 0;
  let timers: Timer[] = [];

  function takeNext(): Timer | null {
    let next: Timer | null = null;
    for (const timer of timers)
      if (next === null || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    if (next !== null) timers = timers.filter((timer) => timer !== next);
    return next;
  }

  return {
    now: () => now,
    sleep(milliseconds, signal) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const onAbort = (): void => {
          timers = timers.filter((timer) => timer !== entry);
          reject(signal.reason as Error);
        };
        const entry: Timer = {
          at: now + Math.max(0, milliseconds),
          order: order++,
          fire() {
            signal.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        timers.push(entry);
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },
    async run(promise) {
      let settled = false;
      const settle = (): void => void (settled = true);
      promise.then(settle, settle);
      let idle = 0;
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (settled) return promise;
        const timer = takeNext();
        if (timer === null) {
          // Files are read and written in real time.
          if (++idle > 5000) throw new Error("nothing can happen any more, and the run has not ended");
          if (idle > 100) await new Promise((resolve) => setTimeout(resolve, 1));
          continue;
        }
        idle = 0;
        now = Math.max(now, timer.at);
        timer.fire();
      }
    },
  };
}
