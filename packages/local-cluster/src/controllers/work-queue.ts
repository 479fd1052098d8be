import type { ClusterClock } from "../clock.ts";

/** Runs work by key: never twice at a time for one key, once more when asked meanwhile, later when told. */
export interface WorkQueue {
  add(key: string): void;
  addAfter(key: string, milliseconds: number): void;
  close(): void;
}

export function createWorkQueue(clock: ClusterClock, work: (key: string) => void): WorkQueue {
  const waiting = new Set<string>();
  const timers = new Map<string, () => void>();
  let scheduled = false;
  let closed = false;

  function drain(): void {
    scheduled = false;
    const keys = [...waiting];
    waiting.clear();
    for (const key of keys) if (!closed) work(key);
  }

  function add(key: string): void {
    if (closed) return;
    waiting.add(key);
    if (scheduled) return;
    scheduled = true;
    // Off the caller's stack: a write that notifies its own writer must not run the controller inside of itself.
    setImmediate(drain);
  }

  return {
    add,
    addAfter(key, milliseconds) {
      if (closed) return;
      timers.get(key)?.();
      timers.set(
        key,
        clock.after(milliseconds, () => {
          timers.delete(key);
          add(key);
        }),
      );
    },
    close() {
      closed = true;
      waiting.clear();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
