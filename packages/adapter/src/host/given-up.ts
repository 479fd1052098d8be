import { setTimeout as delay } from "node:timers/promises";

import { type HostRecord, statusInHost } from "./run-status.ts";

/** The server's own loopback: whoever does not answer by then is not asked any more. */
const answerMilliseconds = 3000;
const pauseMilliseconds = 250;
/** A server that still calls the run its own after that is not about to end. */
const longestMilliseconds = 60_000;

/**
 * Whether the host has called a run that has just ended interrupted, and takes no result of it any more. A server that stops does so
 * with one run after the other, which takes seconds: until it has come to this one, a result would be taken and then be lost with it.
 */
export async function isGivenUp(record: HostRecord, isStopping: () => boolean): Promise<boolean> {
  const status = () => statusInHost(record, AbortSignal.timeout(answerMilliseconds));
  let last = await status();
  if (!isStopping()) return last === "interrupted";
  for (const until = performance.now() + longestMilliseconds; performance.now() < until;) {
    // One that does not answer any more while it stops takes no result either.
    if (last !== "running") return last === "interrupted" || last === null;
    await delay(pauseMilliseconds);
    last = await status();
  }
  return false;
}
