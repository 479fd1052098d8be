/** Sleeps until something happens. A call while nobody waits is not lost. */

import type { Clock } from "../clock.ts";

export interface Wake {
  readonly ring: () => void;
  /** Until `ring`, or so many milliseconds. Rejects with `signal.reason`. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function createWake(clock: Clock): Wake {
  let rung = false;
  let waiter: AbortController | null = null;
  return {
    ring() {
      rung = true;
      waiter?.abort();
    },
    async wait(milliseconds, signal) {
      signal.throwIfAborted();
      if (!rung) {
        const controller = new AbortController();
        const stop = (): void => controller.abort();
        signal.addEventListener("abort", stop, { once: true });
        waiter = controller;
        await clock.sleep(milliseconds, controller.signal).catch(() => undefined);
        waiter = null;
        signal.removeEventListener("abort", stop);
        signal.throwIfAborted();
      }
      rung = false;
    },
  };
}
