/** Resolves after the time or at the abort, whichever comes first. */
export function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Does the work after the time, unless the abort comes first; at once where there is no time, as a timer would come late. */
export function after(milliseconds: number, signal: AbortSignal, work: () => void): void {
  if (signal.aborted) return;
  if (milliseconds === 0) {
    work();
    return;
  }
  const onAbort = (): void => clearTimeout(timer);
  const timer = setTimeout(() => {
    signal.removeEventListener("abort", onAbort);
    work();
  }, milliseconds);
  signal.addEventListener("abort", onAbort, { once: true });
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
