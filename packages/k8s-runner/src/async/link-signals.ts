/** One signal that fires with any of several. Made by hand: `AbortSignal.any` keeps every signal alive that it ever saw. */

export interface LinkedSignals {
  readonly signal: AbortSignal;
  link(source: AbortSignal): void;
  unlink(source: AbortSignal): void;
  /** Does not listen to any of them any more. */
  release(): void;
}

export function linkSignals(sources: readonly AbortSignal[]): LinkedSignals {
  const controller = new AbortController();
  const listeners = new Map<AbortSignal, () => void>();
  function link(source: AbortSignal): void {
    const listener = (): void => controller.abort(source.reason);
    if (source.aborted) return listener();
    source.addEventListener("abort", listener, { once: true });
    listeners.set(source, listener);
  }
  function unlink(source: AbortSignal): void {
    const listener = listeners.get(source);
    if (listener !== undefined) source.removeEventListener("abort", listener);
    listeners.delete(source);
  }
  for (const source of sources) link(source);
  return {
    signal: controller.signal,
    link,
    unlink,
    release() {
      for (const source of listeners.keys()) unlink(source);
    },
  };
}

/** Fires so long after another one. */
export function abortLater(
  source: AbortSignal,
  milliseconds: number,
): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => controller.abort(source.reason), milliseconds);
  };
  if (source.aborted) start();
  else source.addEventListener("abort", start, { once: true });
  return {
    signal: controller.signal,
    cancel() {
      source.removeEventListener("abort", start);
      clearTimeout(timer);
    },
  };
}
