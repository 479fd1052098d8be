/** A clock that goes faster when told, so that what waits for minutes is over in a moment. */

import { systemClock } from "../src/clock.ts";
import type { Clock } from "../src/index.ts";

export interface HurriedClock extends Clock {
  /** From now on so many milliseconds pass in one. */
  hurry(rate: number): void;
}

export function createHurriedClock(): HurriedClock {
  let rate = 1;
  let from = Date.now();
  let shown = from;
  const now = (): number => shown + (Date.now() - from) * rate;
  return {
    now,
    random: () => systemClock.random(),
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / rate, signal),
    hurry(next) {
      shown = now();
      from = Date.now();
      rate = next;
    },
  };
}

/** The clock of a machine that is so many milliseconds ahead of all others. */
export function createSkewedClock(milliseconds: number): Clock {
  return {
    ...systemClock,
    now: () => systemClock.now() + milliseconds,
    wall: () => Date.now() + milliseconds,
  };
}
