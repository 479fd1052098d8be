/** What runs left and is still being brought when they have answered, by their slots: whoever runs there next waits for it. */
export interface LateWork {
  /**
   * Never rejects itself: what becomes of the work is the work's own to tell. `hurry` aborts when somebody waits for it.
   */
  add(slot: string, work: (hurry: AbortSignal) => Promise<void>): Promise<void>;
  isDue(slot: string): boolean;
  /** Resolves when nothing is on its way any more, or `signal` aborts. */
  settled(slot: string, signal: AbortSignal): Promise<void>;
}

export function createLateWork(): LateWork {
  const works = new Map<string, Map<Promise<void>, AbortController>>();
  return {
    async add(slot, work) {
      const due = works.get(slot) ?? new Map<Promise<void>, AbortController>();
      works.set(slot, due);
      const hurry = new AbortController();
      const done = work(hurry.signal).catch(() => undefined);
      due.set(done, hurry);
      await done;
      due.delete(done);
      if (due.size === 0) works.delete(slot);
    },
    isDue: (slot) => works.has(slot),
    async settled(slot, signal) {
      if (signal.aborted) return;
      const calledOff = Promise.withResolvers<void>();
      const stop = (): void => calledOff.resolve();
      signal.addEventListener("abort", stop, { once: true });
      const due = [...(works.get(slot) ?? [])];
      for (const [, hurry] of due) hurry.abort();
      await Promise.race([Promise.all(due.map(([done]) => done)), calledOff.promise]);
      signal.removeEventListener("abort", stop);
    },
  };
}
