/** A signal that also fires after some time. Made by hand: `AbortSignal.any` keeps every signal alive that it ever saw. */

import { SilentStreamError } from "./log-source.ts";

export interface Deadline {
  /** Its reason is a `SilentStreamError` when the time is over. */
  readonly signal: AbortSignal;
  /** It fired because of the time, not because of the caller. */
  expired(): boolean;
  /** Starts the time anew, from now on with so many milliseconds; `null`: without an end. */
  restart(milliseconds?: number | null): void;
  clear(): void;
}

export function createDeadline(
  milliseconds: number,
  outer: AbortSignal | undefined,
  message: string,
): Deadline {
  const controller = new AbortController();
  let expired = false;
  let since = performance.now();
  let limit: number | null = milliseconds;
  const expire = (): void => {
    expired = true;
    controller.abort(new SilentStreamError(message, since));
  };
  const follow = (): void => controller.abort(outer?.reason);
  let timer: NodeJS.Timeout | undefined = setTimeout(expire, milliseconds);
  if (outer?.aborted) follow();
  else outer?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    expired: () => expired,
    restart(next = limit) {
      limit = next;
      since = performance.now();
      clearTimeout(timer);
      timer = next === null ? undefined : setTimeout(expire, next);
    },
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", follow);
    },
  };
}

/** Rejects with `signal.reason` as soon as it is aborted, whether or not the task listens to it. */
export function untilAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    void task.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
