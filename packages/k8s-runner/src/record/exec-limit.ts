/** How long a record that cannot be read is waited for when its command has ended. */

import type { Clock } from "../clock.ts";
import { mainContainer } from "../manifest/names.ts";
import { mainHasEnded } from "../observe/containers.ts";
import type { View } from "../observe/view.ts";

const mostSeconds = 120;

export interface ExecLimit {
  /** Reading it failed once more. True: it is waited for no longer. */
  failed(view: View): Promise<boolean>;
  /** It was read. */
  worked(): void;
  /** Where it is waited for no longer. */
  readonly words: string;
}

/**
 * A way that stays closed, as behind a proxy that carries no exec, would hold the ending back until the container that keeps the record
 * gives up. Time counts only while the API server answers: after an outage, which ends this as well as the log, the record is as
 * good as before.
 */
export function createExecLimit(clock: Pick<Clock, "now">, isReachable: () => Promise<boolean>): ExecLimit {
  let since: number | null = null;
  return {
    async failed({ pod }) {
      if (!mainHasEnded(pod, mainContainer) || !(await isReachable())) {
        since = null;
        return false;
      }
      since ??= clock.now();
      return clock.now() - since >= mostSeconds * 1000;
    },
    worked: () => void (since = null),
    words: `exec has failed for ${mostSeconds} s since the command's end`,
  };
}
