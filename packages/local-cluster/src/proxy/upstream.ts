import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";

import type { Target } from "./target.ts";

/** The connection to the API server behind the proxy. */
export interface Upstream {
  /** Rejects when the server cannot be reached, breaks before its headers, or `signal` aborts. */
  send(request: UpstreamRequest, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

export interface UpstreamRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Shorter than the API server's idle timeout (90 s): a request must never meet a connection that is just being closed. */
const IDLE_CONNECTION_MILLISECONDS = 20_000;

export function createUpstream(target: Target): Upstream {
  const agent = new Agent({
    keepAlive: true,
    timeout: IDLE_CONNECTION_MILLISECONDS,
    rejectUnauthorized: target.verifyServer,
    ...(target.certificateAuthority === null ? {} : { ca: target.certificateAuthority }),
    ...(target.clientCertificate === null ? {} : { cert: target.clientCertificate }),
    ...(target.clientKey === null ? {} : { key: target.clientKey }),
    ...(target.serverName === null ? {} : { servername: target.serverName }),
  });

  function send(asked: UpstreamRequest, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = new URL(target.server.href.replace(/\/$/, "") + asked.url);
      const outgoing = request(url, {
        agent,
        method: asked.method,
        headers: upstreamHeaders(asked, target.token()),
      });
      // Without an error, which is what the request's own `signal` gives: it would reach a connection that the request has
      // just let go of, where nobody listens, and end the process.
      const abort = (): void => void outgoing.destroy();
      signal.addEventListener("abort", abort, { once: true });
      outgoing.once("close", () => signal.removeEventListener("abort", abort));
      outgoing.on("response", resolve);
      outgoing.on("error", reject);
      outgoing.end(asked.body);
    });
  }

  return { send, close: () => agent.destroy() };
}

function upstreamHeaders(asked: UpstreamRequest, token: string | null): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(asked.headers)) {
    if (!name.startsWith(":") && !NOT_FORWARDED.has(name)) headers[name] = value;
  }
  // Plain bytes: faults count and cut what the client reads, not a compressed form of it.
  headers["accept-encoding"] = "identity";
  // Watch events are edited as lines of JSON; Go clients prefer protobuf where they may.
  if (asked.headers.accept?.includes("protobuf") === true) headers["accept"] = "application/json";
  if (asked.body.length > 0) headers["content-length"] = asked.body.length;
  if (token !== null) headers["authorization"] = `Bearer ${token}`;
  return headers;
}

const NOT_FORWARDED: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
