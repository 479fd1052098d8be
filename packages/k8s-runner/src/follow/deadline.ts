/** How much of its time a run has left, by our own clock from when its command was first seen to run. */

import type { RunnerContext } from "../runner-context.ts";
import { mainContainer } from "../manifest/names.ts";
import { ranForMilliseconds } from "../observe/age.ts";
import { startedAt } from "../observe/view.ts";
import type { View } from "../observe/view.ts";

export interface Deadline {
  /** `current`: the view is as new as the cluster can make it. */
  see(view: View, current: boolean): void;
  /** `null`: it has no deadline, or has not begun. */
  leftMilliseconds(): number | null;
}

/** `fresh`: it is known that it has not begun yet. */
export function createDeadline(
  { clock, serverTime }: Pick<RunnerContext, "clock" | "serverTime">,
  deadlineSeconds: number | null,
  fresh: boolean,
): Deadline {
  let notYetAt = fresh ? clock.now() : null;
  let begunAt: number | null = null;
  return {
    see(view, current) {
      if (begunAt !== null) return;
      if (startedAt(view.pod, mainContainer) === null) {
        if (current) notYetAt = clock.now();
        return;
      }
      const age = ranForMilliseconds(view, mainContainer, serverTime.now()) ?? 0;
      // Whoever has just seen that it does not run yet knows better than two subtractions.
      const unseen = notYetAt === null ? age : clock.now() - notYetAt;
      begunAt = clock.now() - Math.min(age, unseen);
    },
    leftMilliseconds() {
      if (deadlineSeconds === null || begunAt === null) return null;
      return begunAt + deadlineSeconds * 1000 - clock.now();
    },
  };
}
