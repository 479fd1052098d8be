/** Asking again while the API server cannot answer. */

import type { ApiAnswer } from "../cluster/cluster.ts";
import { createBackoff } from "../clock.ts";
import type { Clock } from "../clock.ts";

/** How long an API server that cannot be reached is waited for, while nothing of a run exists yet. */
export const reachSeconds = 30;

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** `null`: for ever. */
  readonly seconds: number | null;
}

/** Repeats while the answer is `unavailable`. The request must be safe to repeat: its first try may have been carried out. */
export async function patiently<T>(
  { clock, signal, seconds }: Patience,
  ask: () => Promise<ApiAnswer<T>>,
): Promise<ApiAnswer<T>> {
  const backoff = createBackoff(clock, 300, 10_000);
  const startedAt = clock.now();
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer.kind === "ok" || answer.error.kind !== "unavailable") return answer;
    const waitMilliseconds = Math.max(backoff.next(), (answer.error.retryAfterSeconds ?? 0) * 1000);
    if (seconds !== null && clock.now() - startedAt + waitMilliseconds > seconds * 1000) return answer;
    await clock.sleep(waitMilliseconds, signal);
  }
}
