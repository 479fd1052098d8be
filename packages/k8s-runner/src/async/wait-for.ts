/** Waits for a promise that cannot be called off. Rejects with `signal.reason`. */
export function waitFor(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    const finish = async (): Promise<void> => {
      await promise;
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    void finish();
  });
}
