/** Asking again while the API server cannot answer. */

import type { ApiAnswer, ApiError } from "../cluster/cluster.ts";
import { createBackoff } from "./backoff.ts";
import type { Clock } from "../clock.ts";

/** A token that has just expired is renewed within seconds, and an API server that has just started may not know any yet. */
const newTokenMilliseconds = 10_000;

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** `null`: for ever. */
  readonly seconds: number | null;
}

/** Repeats while the answer is `unavailable`, and for a few seconds while no token is accepted. The request must be safe to repeat: its first try may have been carried out. */
export async function patiently<T>(
  { clock, signal, seconds }: Patience,
  ask: () => Promise<ApiAnswer<T>>,
): Promise<ApiAnswer<T>> {
  const backoff = createBackoff({ first: 300, last: 10_000, random: () => clock.random() });
  const startedAt = clock.now();
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer.kind === "ok" || !mayPass(answer.error, clock.now() - startedAt)) return answer;
    const waitMilliseconds = backoff.next({ retryAfterSeconds: answer.error.retryAfterSeconds });
    if (seconds !== null && clock.now() - startedAt + waitMilliseconds > seconds * 1000) return answer;
    await clock.sleep(waitMilliseconds, signal);
  }
}

function mayPass({ kind, httpStatus }: ApiError, waitedMilliseconds: number): boolean {
  // Without a status nobody was asked: the credentials themselves cannot be had.
  const refused = kind === "unauthorized" && httpStatus !== null;
  return kind === "unavailable" || (refused && waitedMilliseconds < newTokenMilliseconds);
}
