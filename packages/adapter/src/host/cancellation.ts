import { type CancellationPoll, untilCancelled } from "./cancellation-poll.ts";
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
 * Opts in to cancellation. A server without the opt-in marks a stopped run cancelled at once and never tells the adapter: the pod
 * would go on; a server that knows no opt-in is asked instead, from time to time. To be called before the first request to the
 * cluster; the host may abort within the call. `close` is to be called when the run is over.
 */
export async function optIntoCancellation(
  host: ExecutionContext,
  poll: Pick<CancellationPoll, "origin" | "everyMilliseconds"> | null = null,
): Promise<Cancellation & { readonly close: () => void }> {
  const ended = new AbortController();
  const signal = host.signal ?? polledSignal(host, poll, ended.signal);
  // A host that cannot take the news may still abort: the signal is obeyed either way.
  await host.onCancellationReady?.().catch(() => undefined);
  return {
    signal,
    request() {
      if (!signal.aborted) return null;
      const reason = signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
      return { reason, byPerson: !lostClaim.test(reason) };
    },
    close: () => ended.abort(),
  };
}

function polledSignal(
  { runId, authToken: token }: ExecutionContext,
  poll: Pick<CancellationPoll, "origin" | "everyMilliseconds"> | null,
  ended: AbortSignal,
): AbortSignal {
  const stop = new AbortController();
  if (poll !== null && token !== undefined)
    void untilCancelled({ ...poll, runId, token, signal: ended }).then((isCancelled) => {
      if (isCancelled) stop.abort(new Error("Cancelled, as Paperclip's record of the run says"));
      return isCancelled;
    });
  return stop.signal;
}
