/** The way of a request through any transport: its place among the short ones, and credentials, which are renewed once where they are refused. */

import { linkSignals } from "../async/link-signals.ts";
import { told } from "./asking.ts";
import type { CredentialSource, Credentials } from "./credentials.ts";
import { untilAborted } from "./deadline.ts";
import type { Places } from "./places.ts";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.ts";

export interface SendingOptions {
  readonly credentials: CredentialSource;
  readonly places: Places;
  /** Ends what is under way. */
  readonly closing: AbortSignal;
  /** It waits for a place. What goes on for long would keep the others out. */
  readonly isShort: (request: TransportRequest) => boolean;
  readonly attempt: (
    request: TransportRequest,
    current: Credentials,
    signal: AbortSignal,
  ) => Promise<TransportAnswer>;
}

export function createSend(options: SendingOptions): Transport["send"] {
  const { places, closing } = options;
  return async (request) => {
    const link = linkSignals([request.signal, closing]);
    let leave = (): void => undefined;
    try {
      link.signal.throwIfAborted();
      if (options.isShort(request)) leave = await places.take(link.signal);
      const answer = await untilAborted(authenticated(options, request, link.signal), link.signal);
      answer.body.once("close", () => {
        link.release();
        leave();
      });
      return answer;
    } catch (error) {
      link.release();
      leave();
      throw error;
    }
  };
}

async function authenticated(
  { credentials, attempt }: SendingOptions,
  request: TransportRequest,
  signal: AbortSignal,
): Promise<TransportAnswer> {
  const current = await told(credentials.current());
  const answer = await attempt(request, current, signal);
  if (answer.httpStatus !== 401) return answer;
  answer.body.destroy();
  return attempt(request, await told(credentials.renew(current)), signal);
}
