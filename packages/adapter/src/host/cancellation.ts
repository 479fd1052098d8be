import type { ExecutionContext } from "./contract.ts";

/** The host's wish to end the run, and how it was meant. */
export interface Cancellation {
  readonly signal: AbortSignal;
  /** `null` while nobody has asked. */
  readonly request: () => CancellationRequest | null;
}

export interface CancellationRequest {
  readonly reason: string;
  /** False: the server lost its claim on the run and gave it up. Nobody asked for a stop, so none is acknowledged. */
  readonly byPerson: boolean;
}

const lostClaim = /lease lost/i;

/**
 * Opts in to cancellation. A server without the opt-in marks a stopped run cancelled at once and never tells the adapter:
 * the pod would go on. To be called before the first request to the cluster; the host may abort within the call.
 */
export async function optIntoCancellation(host: ExecutionContext): Promise<Cancellation> {
  // A server before 2026.916.1 has neither.
  const signal = host.signal ?? new AbortController().signal;
  // A host that cannot take the news may still abort: the signal is obeyed either way.
  await host.onCancellationReady?.().catch(() => undefined);
  return {
    signal,
    request() {
      if (!signal.aborted) return null;
      const reason = signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
      return { reason, byPerson: !lostClaim.test(reason) };
    },
  };
}
