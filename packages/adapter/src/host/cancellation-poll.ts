import { setTimeout as delay } from "node:timers/promises";

import { type HostRecord, statusInHost } from "./run-status.ts";

/** A server before 2026.916.1 marks a run cancelled and tells nobody. */
export interface CancellationPoll extends HostRecord {
  /** Ends the polling. */
  readonly signal: AbortSignal;
  /** Default: 10 seconds. */
  readonly everyMilliseconds?: number;
}

const cancelled: ReadonlySet<unknown> = new Set(["cancelled", "cancelling"]);

/** Resolves `true` when the host's record of the run says that it was cancelled, `false` when the polling was ended. */
export async function untilCancelled(poll: CancellationPoll): Promise<boolean> {
  const { signal, everyMilliseconds = 10_000 } = poll;
  while (!signal.aborted) {
    // What cannot be asked is no wish of anybody's: it is asked again.
    if (cancelled.has(await statusInHost(poll, signal))) return true;
    await delay(everyMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return false;
}
