/** Every request, log and watch, over HTTP/2 connections that all of them share. */

import type { Readable } from "node:stream";
import { SilentStreamError } from "./log-source.ts";
import type { CredentialSource, Credentials } from "./credentials.ts";
import { untilAborted } from "./deadline.ts";
import { dispatcherMaker } from "./dispatcher.ts";
import { createLane } from "./lane.ts";
import { hearLateErrors } from "./late-errors.ts";
import type { Connections } from "./lane.ts";
import { abortLater, linkSignals } from "../async/link-signals.ts";
import type { LinkedSignals } from "../async/link-signals.ts";
import { createPlaces } from "./places.ts";
import { headerOf, pathOf } from "./asking.ts";
import { socketOpener } from "./raw-socket.ts";
import { createSend } from "./sending.ts";
import type { RawSocket } from "./cluster.ts";

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly contentType?: string;
  /** What its answer is like. Default: short. */
  readonly stream?: "watch" | "log-read" | "log-follow";
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
  /** After a 401 to what was said there, with the `RawSocket` whose headers were refused. */
  openSocket(options: { readonly signal: AbortSignal; readonly refused?: RawSocket }): Promise<RawSocket>;
  /** Ends everything, answers that are being read included. */
  close(): Promise<void>;
}

/** What the API server has accepted it answers although it goes; what it has not waits behind the streams that go on there. */
const moveMilliseconds = 1000;
/**
 * An API server takes 100 requests at once on each connection: with the plain reads of logs and the watches these fit on one.
 * Not bounded by the number of connections, as over HTTP/1.1 a watch would keep the only one.
 */
const shortRequestsAtOnce = 50;
/** A server that asks to leave every connection at once gets no hot loop. */
const mostRefusals = 3;

export async function createTransport(
  server: string,
  credentials: CredentialSource,
  closing = new AbortController(),
): Promise<Transport> {
  const make = dispatcherMaker(await import("undici"));
  const base = new URL(server);
  const stopHearing = hearLateErrors(base.host);
  // A log is followed for hours. Beside it, what comes after a GOAWAY would wait for that long.
  const follows = createLane(make);
  const others = createLane(make);
  const places = createPlaces(shortRequestsAtOnce);

  async function attempt(
    request: TransportRequest,
    current: Credentials,
    signal: AbortSignal,
  ): Promise<TransportAnswer> {
    if (request.stream === "watch") prepareFollows(current);
    for (let refusals = 0; ;) {
      const connections = (request.stream === "log-follow" ? follows : others).connections(current);
      const link = linkSignals([signal]);
      // To ask again for a reading harms nothing; a writing may have been carried out, which only its answer tells.
      const moved = request.method === "GET" ? abortLater(connections.leaving, moveMilliseconds) : null;
      if (moved !== null) link.link(moved.signal);
      try {
        return await ask(base, request, current, connections, link);
      } catch (error) {
        link.release();
        signal.throwIfAborted();
        if (moved?.signal.aborted === true || wasPutBack(error, connections)) continue;
        refusals += 1;
        if (!wasRefused(error) || refusals > mostRefusals) throw error;
      } finally {
        if (moved !== null) link.unlink(moved.signal);
        moved?.cancel();
      }
    }
  }
  /** A container may be there for a moment only: its log must not wait until a connection is made. */
  function prepareFollows(current: Credentials): void {
    if (follows.used()) return;
    const { dispatcher } = follows.connections(current);
    const path = pathOf(base, { path: "/version" });
    const { headers } = current;
    void dispatcher
      .request({ origin: base.origin, path, method: "GET", headers, signal: closing.signal })
      .then(({ body }) => body.dump())
      .catch(() => undefined);
  }
  return {
    send: createSend({
      credentials,
      places,
      closing: closing.signal,
      isShort: ({ stream }) => stream === undefined,
      attempt,
    }),
    openSocket: socketOpener(base, credentials, closing.signal),
    async close() {
      // Also what is left on connections that the client has let go of after a GOAWAY.
      closing.abort(new Error("the connection to the cluster is closed"));
      await Promise.all([follows.destroy(), others.destroy()]);
      stopHearing();
    },
  };
}

async function ask(
  base: URL,
  request: TransportRequest,
  current: Credentials,
  connections: Connections,
  link: LinkedSignals,
): Promise<TransportAnswer> {
  const distrust = (): void => {
    const { reason } = link.signal;
    if (reason instanceof SilentStreamError) connections.leaveIfSilent(reason.since);
  };
  link.signal.addEventListener("abort", distrust, { once: true });
  const headers: Record<string, string | string[]> = { accept: "application/json", ...current.headers };
  if (request.body !== undefined) headers["content-type"] = request.contentType ?? "application/json";
  const asked = connections.dispatcher.request({
    origin: base.origin,
    path: pathOf(base, request),
    method: request.method,
    headers,
    signal: link.signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  // A body that is dropped unread emits an error; without a listener that would end the process.
  const guarded = asked.then((answer) => answer.body.on("error", () => undefined) && answer);
  // The client looks at a signal only when the request is on a connection.
  const { statusCode, headers: answered, body } = await untilAborted(guarded, link.signal);
  connections.heard();
  // A watch that is opened anew misses nothing, and a writing that the client has put back waits for its end.
  if (request.stream === "watch" || request.stream === "log-read") link.link(connections.leaving);
  body.once("close", () => link.release());
  return { httpStatus: statusCode, header: (name) => headerOf(answered[name]), body };
}

/**
 * It had been refused, or had never been sent, and waited for a new connection beside a reading that was moved: the client fails
 * all that wait there with the reason of that one.
 */
function wasPutBack(error: unknown, { leaving }: Connections): boolean {
  return leaving.aborted && error === leaving.reason;
}

/** The server said that it has not looked at it (its stream is beyond the last one of the GOAWAY): any request may be asked again. */
function wasRefused(error: unknown): boolean {
  return error instanceof Error && /\bGOAWAY\b/.test(error.message);
}
