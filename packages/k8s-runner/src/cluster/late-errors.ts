/**
 * A late frame of a stream that was cancelled makes Node build a new stream object for it, which nobody knows. When its session is
 * ended, that stream emits `error`, and an `error` event without a listener ends the process. It was seen on a busy machine only.
 */

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";

/** Of Node 24; where it is missing nothing is heard. */
const channel = "http2.client.stream.created";

interface Created {
  readonly stream: ClientHttp2Stream;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Gives streams of this host (`example.com:6443`) that nobody asked for a listener. Returns how to stop. */
export function hearLateErrors(host: string): () => void {
  const ours = new WeakSet<ClientHttp2Session>();
  const listen = (message: unknown): void => {
    const { stream, headers } = message as Created;
    const session = stream.session as ClientHttp2Session | undefined;
    if (session === undefined) return;
    const authority = headers?.[":authority"];
    if (authority === host) ours.add(session);
    // One that we asked for has listeners of its client; another's streams are not ours to silence.
    else if (authority === undefined && ours.has(session)) stream.on("error", () => undefined);
  };
  subscribe(channel, listen);
  return () => unsubscribe(channel, listen);
}
