import type { EventEmitter } from "node:events";

/** Whether this process has been asked to end. */
export interface StopNotice {
  /** To be called when a run begins: a server listens for signals only once it has loaded its adapters. */
  listen(): void;
  isGiven(): boolean;
  close(): void;
}

const signals = ["SIGTERM", "SIGINT"] as const;

/**
 * Notes the signal and does nothing else about it. A signal that nobody listens to ends a process at once, and a listener would keep
 * it alive: so it listens only where the server does.
 */
export function createStopNotice(
  emitter: Pick<EventEmitter, "on" | "off" | "listenerCount"> = process,
): StopNotice {
  const heard = new Set<string>();
  let given = false;
  const note = (): void => {
    given = true;
  };
  return {
    listen() {
      for (const signal of signals) {
        if (heard.has(signal) || emitter.listenerCount(signal) === 0) continue;
        heard.add(signal);
        emitter.on(signal, note);
      }
    },
    isGiven: () => given,
    close() {
      for (const signal of heard) emitter.off(signal, note);
      heard.clear();
    },
  };
}
