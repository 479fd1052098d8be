/** One shared HTTP/2 dispatcher for every request, log and watch. */

import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { credentialsFailed } from "./api-error.ts";
import type { CredentialSource, Credentials } from "./credentials.ts";
import { untilAborted } from "./deadline.ts";

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

export interface TransportAnswer {
  readonly httpStatus: number;
  readonly header: (name: string) => string | null;
  readonly body: Readable;
}

export interface Transport {
  /** Rejects when there was no answer, and at once when the signal fires. Statuses of any kind are answers. */
  send(request: TransportRequest): Promise<TransportAnswer>;
  close(): Promise<void>;
}

const connectTimeoutMilliseconds = 10_000;
const headersTimeoutMilliseconds = 20_000;

export async function createTransport(server: string, credentials: CredentialSource): Promise<Transport> {
  const { Agent, ProxyAgent } = await import("undici");
  const base = new URL(server);
  let live: { readonly dispatcher: Dispatcher; readonly fingerprint: string } | null = null;
  const retired = new Set<Dispatcher>();

  /** A new dispatcher when certificates change; streams on the old one run to their end, as they are authenticated already. */
  function dispatcherFor({ tls, proxyUrl, fingerprint }: Credentials): Dispatcher {
    if (live?.fingerprint === fingerprint) return live.dispatcher;
    if (live !== null) retire(live.dispatcher);
    const connect = {
      ...tls,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
      timeout: connectTimeoutMilliseconds,
    };
    // `bodyTimeout` would end every quiet log and watch after five minutes; silence has watchdogs of its own.
    const timeouts = { allowH2: true, headersTimeout: headersTimeoutMilliseconds, bodyTimeout: 0 };
    const dispatcher =
      proxyUrl === null
        ? new Agent({ ...timeouts, connect })
        : new ProxyAgent({ ...timeouts, uri: proxyUrl, requestTls: connect });
    live = { dispatcher, fingerprint };
    return dispatcher;
  }
  function retire(dispatcher: Dispatcher): void {
    retired.add(dispatcher);
    void dispatcher
      .close()
      .catch(() => undefined)
      .finally(() => retired.delete(dispatcher));
  }
  async function attempt(request: TransportRequest, current: Credentials): Promise<TransportAnswer> {
    request.signal.throwIfAborted();
    const headers: Record<string, string> = { accept: "application/json", ...current.headers };
    if (request.body !== undefined) headers["content-type"] = request.contentType ?? "application/json";
    const answer = await dispatcherFor(current).request({
      origin: base.origin,
      path: pathOf(base, request),
      method: request.method,
      headers,
      signal: request.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    // A body that is dropped unread emits an error; without a listener that would end the process.
    answer.body.on("error", () => undefined);
    return {
      httpStatus: answer.statusCode,
      header: (name) => headerOf(answer.headers[name]),
      body: answer.body,
    };
  }
  async function authenticated(request: TransportRequest): Promise<TransportAnswer> {
    const answer = await attempt(request, await told(credentials.current()));
    if (answer.httpStatus !== 401) return answer;
    answer.body.destroy();
    return attempt(request, await told(credentials.renew()));
  }
  return {
    async send(request) {
      request.signal.throwIfAborted();
      // The client looks at a signal only when the request is on a connection. After a GOAWAY a request may be put back
      // behind a watch that goes on for minutes, and then neither the signal nor the headers' timeout would end it.
      return untilAborted(authenticated(request), request.signal);
    },
    async close() {
      const all = [...retired, ...(live === null ? [] : [live.dispatcher])];
      live = null;
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** Told apart from a network's failure: waiting does not mend a credential plugin that is not installed. */
async function told(credentials: Promise<Credentials>): Promise<Credentials> {
  try {
    return await credentials;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(`no credentials: ${reason.slice(0, 500)}`), { code: credentialsFailed });
  }
}

function pathOf(base: URL, { path, query }: TransportRequest): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, value);
  const prefix = base.pathname.replace(/\/$/, "");
  return `${prefix}${path}${search.size === 0 ? "" : `?${search.toString()}`}`;
}

function headerOf(value: string | string[] | undefined): string | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? (value[0] ?? null) : value;
}
