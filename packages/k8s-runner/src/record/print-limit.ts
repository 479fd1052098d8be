/** How long the rest of a record may take to be printed when its command has ended. */

import type { Clock } from "../clock.ts";
import { mainContainer } from "../manifest/names.ts";
import { mainHasEnded } from "../observe/containers.ts";
import type { View } from "../observe/view.ts";

const mostSeconds = 300;

export interface PrintLimit {
  mayGoOn(view: View): boolean;
  /** Where it may not. */
  readonly words: string;
}

/**
 * That it is printed, files say which the command could write to, and programs that it could stop: a run does not wait for them for
 * ever.
 */
export function createPrintLimit(clock: Pick<Clock, "now">): PrintLimit {
  let endedAt: number | null = null;
  return {
    mayGoOn({ pod }) {
      if (!mainHasEnded(pod, mainContainer)) return true;
      endedAt ??= clock.now();
      return clock.now() - endedAt < mostSeconds * 1000;
    },
    words: `the record of the output was not printed within ${mostSeconds} s of the command's end; what the log has is read`,
  };
}
