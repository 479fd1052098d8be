/** A bound on how many of a kind go on at once; the others wait in their order. */

export interface Places {
  /** Rejects with `signal.reason`. Call what it resolves to once, when the place is free again. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createPlaces(count: number): Places {
  let free = count;
  const waiting = new Set<() => void>();

  function release(): void {
    const [next] = waiting;
    if (next === undefined) {
      free++;
      return;
    }
    waiting.delete(next);
    next();
  }

  function once(): () => void {
    let released = false;
    return () => {
      if (!released) release();
      released = true;
    };
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free--;
        return once();
      }
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          waiting.delete(go);
          reject(signal.reason as Error);
        };
        const go = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener("abort", onAbort, { once: true });
      });
      return once();
    },
  };
}
