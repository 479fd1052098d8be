/** What the command left and is still on its way when its ending is told: copied folders, a push. */

import type { RunExit } from "../types/exit.ts";

export interface LateWork {
  /** The exit is told without it; `whole` is the same exit with it. */
  follows(whole: Promise<RunExit>): void;
  isOnItsWay(): boolean;
  /** `null`: nothing was late. Rejects when nobody of this process waits for it any more. */
  whole(): Promise<RunExit | null>;
}

export function createLateWork(): LateWork {
  let whole: Promise<RunExit> | null = null;
  let onItsWay = false;
  return {
    follows(promise) {
      whole = promise;
      onItsWay = true;
      const arrived = (): void => {
        onItsWay = false;
      };
      promise.then(arrived, arrived);
    },
    isOnItsWay: () => onItsWay,
    whole: async () => whole,
  };
}
