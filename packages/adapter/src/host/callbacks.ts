import { setTimeout as delay } from "node:timers/promises";

import type { ExecutionContext } from "./contract.ts";

/** How long a callback of the host is waited for. A database that is restarted answers within that time. */
const patienceMilliseconds = 30_000;

/** A callback did not answer in time, or an earlier call of it still has not. */
class SilentHostError extends Error {
  override readonly name = "SilentHostError";
}

/**
 * The host's callbacks, made safe: each returns a promise that settles, whatever the host's own does. One that returns nothing
 * has answered; one that throws rejects; one that never resolves rejects after 30 seconds, and later calls of it reject at once
 * until it has resolved, so that a run is slowed down once and not for each of its lines.
 */
export function safeCallbacks(
  host: ExecutionContext,
  milliseconds: number = patienceMilliseconds,
): ExecutionContext {
  const { onLog, onMeta, onEvent, onRuntimeProgress, onDispatch, onCancellationReady } = host;
  return {
    ...host,
    onLog: settling(onLog.bind(host), milliseconds),
    ...(onMeta !== undefined && { onMeta: settling(onMeta.bind(host), milliseconds) }),
    ...(onEvent !== undefined && { onEvent: settling(onEvent.bind(host), milliseconds) }),
    ...(onRuntimeProgress !== undefined && {
      onRuntimeProgress: settling(onRuntimeProgress.bind(host), milliseconds),
    }),
    ...(onCancellationReady !== undefined && {
      onCancellationReady: settling(onCancellationReady.bind(host), milliseconds),
    }),
    ...(onDispatch !== undefined && {
      // It reports something and decides nothing; a rejection that nobody takes would end the host's process.
      onDispatch: () => void new Promise((resolve) => resolve(onDispatch.call(host))).catch(() => undefined),
    }),
  };
}

function settling<Arguments extends readonly unknown[]>(
  call: (...given: Arguments) => unknown,
  milliseconds: number,
): (...given: Arguments) => Promise<void> {
  let stuck: Promise<unknown> | null = null;
  return async (...given) => {
    if (stuck !== null) throw new SilentHostError("an earlier call has not been answered yet");
    const answer = Promise.resolve(call(...given));
    const timeUp = new AbortController();
    const late = delay(milliseconds, "late", { ref: false, signal: timeUp.signal }).catch(() => "answered");
    try {
      if ((await Promise.race([answer, late])) !== "late") return;
    } finally {
      timeUp.abort();
    }
    stuck = answer;
    const free = (): void => void (stuck = null);
    answer.then(free, free);
    throw new SilentHostError(`no answer within ${milliseconds / 1000} s`);
  };
}
