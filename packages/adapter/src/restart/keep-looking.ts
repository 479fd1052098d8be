import { setTimeout as delay } from "node:timers/promises";

import type { Successors } from "./successors.ts";

/** A server that was killed leaves a Lease that is good for 20 seconds more; a person waits for the picture to move. */
const soonSeconds = 3;
const soonForSeconds = 180;
/** Later only another replica can die. */
const laterSeconds = 30;

/** Looks for runs that outlived their server from now on, until `close`; never keeps a process alive. */
export function keepLooking(
  successors: Successors,
  log: (message: string) => void,
): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const beganAt = performance.now();
  async function loop(): Promise<void> {
    while (!signal.aborted) {
      const soon = performance.now() - beganAt < soonForSeconds * 1000;
      await delay((soon ? soonSeconds : laterSeconds) * 1000, undefined, { ref: false, signal });
      try {
        await successors.look(signal);
      } catch (error) {
        if (!signal.aborted)
          log(
            `the search for runs that outlived their server failed: ${error instanceof Error ? error.message : String(error)}`,
          );
      }
    }
  }
  const looking = loop().catch(() => undefined);
  return {
    async close() {
      closing.abort(new Error("closed"));
      await looking;
    },
  };
}
