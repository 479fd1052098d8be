/** Asking again while the API server cannot answer. */

import type { ApiAnswer, ApiError } from "../cluster/cluster.ts";
import { createBackoff } from "./backoff.ts";
import type { Clock } from "../clock.ts";

/** A token that has just expired is renewed within seconds, and an API server that has just started may not know any yet. */
const newTokenMilliseconds = 10_000;

/** The longest wait between two questions. */
const mostMilliseconds = 10_000;

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** `null`: for ever. */
  readonly seconds: number | null;
  /**
   * The request has no precondition that an earlier state could break: a conflict says only that others have written the object
   * meanwhile, more often than the API server tries by itself.
   */
  readonly unconditional?: boolean;
}

/** Repeats while the answer is `unavailable`, and for a few seconds while no token is accepted. The request must be safe to repeat: its first try may have been carried out. */
export async function patiently<T>(
  { clock, signal, seconds, unconditional = false }: Patience,
  ask: () => Promise<ApiAnswer<T>>,
): Promise<ApiAnswer<T>> {
  // With waits as long as a third of all its patience, somebody who waits half a minute would ask six times.
  const last = seconds === null ? mostMilliseconds : Math.min(mostMilliseconds, seconds * 100);
  const backoff = createBackoff({ first: 300, last, random: () => clock.random() });
  const startedAt = clock.now();
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer.kind === "ok") return answer;
    const { error } = answer;
    if (!(unconditional && error.kind === "conflict") && !mayPass(error, clock.now() - startedAt))
      return answer;
    const left = seconds === null ? Infinity : startedAt + seconds * 1000 - clock.now();
    if (left <= 0) return answer;
    const waitMilliseconds = backoff.next({ retryAfterSeconds: error.retryAfterSeconds });
    // It is asked once more when the time is over, which is also when it is said to be.
    await clock.sleep(Math.min(waitMilliseconds, left), signal);
  }
}

function mayPass({ kind, httpStatus }: ApiError, waitedMilliseconds: number): boolean {
  // Without a status nobody was asked: the credentials themselves cannot be had.
  const refused = kind === "unauthorized" && httpStatus !== null;
  return kind === "unavailable" || (refused && waitedMilliseconds < newTokenMilliseconds);
}
