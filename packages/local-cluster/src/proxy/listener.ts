import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
} from "node:http2";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import type { ServingCertificate } from "../tls/certificate.ts";
import type { Ending } from "./faults.ts";
import type { OwnAnswer } from "./status.ts";

export type ClientRequest = IncomingMessage | Http2ServerRequest;
export type ClientResponse = ServerResponse | Http2ServerResponse;

/** The side of the proxy that clients see: TLS, HTTP/1.1 and HTTP/2, on loopback. */
export interface Listener {
  readonly port: number;
  /** Ends an answer; `clean` needs its headers sent. */
  finish(response: ClientResponse, ending: Ending): void;
  /** Asks the client to leave this connection once its requests are answered. */
  goAway(response: ClientResponse): void;
  /** Resets every connection. */
  disconnectAll(): void;
  /** No connection is accepted, all are reset; `listenAgain` opens the same port. */
  stopListening(): Promise<void>;
  listenAgain(): Promise<void>;
}

export interface ListenerOptions {
  readonly certificate: ServingCertificate;
  readonly http2: boolean;
  readonly onRequest: (request: ClientRequest, response: ClientResponse) => void;
}

/** What kube-apiserver allows (`--http2-max-streams-per-connection`, effectively 100). */
const MAX_CONCURRENT_STREAMS = 100;

export async function listen(options: ListenerOptions): Promise<Listener> {
  // A TLS socket cannot send a TCP reset, only the socket below it can; the two meet by the client's port.
  const sockets = new Map<number, Socket>();
  // Kept from the request's arrival: an HTTP/2 stream that is over no longer knows its socket and its session.
  const ports = new WeakMap<ClientResponse, number>();
  const sessions = new WeakMap<ClientResponse, Http2Session>();
  const server = createSecureServer({
    cert: options.certificate.certificate,
    key: options.certificate.key,
    allowHTTP1: true,
    ALPNProtocols: options.http2 ? ["h2", "http/1.1"] : ["http/1.1"],
    settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS },
  });
  server.on("connection", (socket: Socket) => {
    const port = socket.remotePort;
    if (port === undefined) return;
    sockets.set(port, socket);
    // With Nagle's algorithm the last bytes before a reset wait for an acknowledgement, and the reset throws them away.
    socket.setNoDelay(true);
    socket.once("close", () => sockets.delete(port));
    // A client that goes away in the middle of an answer is no error of the proxy.
    socket.on("error", () => {});
  });
  server.on("request", (request: ClientRequest, response: ClientResponse) => {
    ports.set(response, request.socket.remotePort ?? 0);
    if ("stream" in response && response.stream.session !== undefined)
      sessions.set(response, response.stream.session);
    options.onRequest(request, response);
  });
  server.on("sessionError", () => {});
  server.on("tlsClientError", () => {});

  function open(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
  }

  function disconnectAll(): void {
    for (const socket of sockets.values()) resetSocket(socket);
  }

  function finish(response: ClientResponse, ending: Ending): void {
    if (ending === "clean") {
      response.end();
      return;
    }
    if (ending === "reset" && "stream" in response) {
      response.stream.close(HTTP2_INTERNAL_ERROR);
      return;
    }
    const socket = sockets.get(ports.get(response) ?? 0);
    if (socket !== undefined) resetSocket(socket);
  }

  function goAway(response: ClientResponse): void {
    if ("stream" in response) sessions.get(response)?.close();
    else if (!response.headersSent) response.setHeader("connection", "close");
  }

  await open(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    finish,
    goAway,
    disconnectAll,
    stopListening: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        disconnectAll();
      }),
    listenAgain: () => open(port),
  };
}

const HTTP2_INTERNAL_ERROR = 2;

function resetSocket(socket: Socket): void {
  try {
    socket.resetAndDestroy();
  } catch {
    // Already closed by the other side.
    socket.destroy();
  }
}

/** At once: a watch without events and a log without lines have headers long before their first byte. */
export function sendHeaders(response: ClientResponse, status: number, headers: OutgoingHttpHeaders): void {
  // Both kinds have the method, but TypeScript cannot call a union of overloads.
  if ("stream" in response) response.writeHead(status, headers);
  else response.writeHead(status, headers).flushHeaders();
}

export function sendAnswer(response: ClientResponse, answer: OwnAnswer): void {
  const headers = { ...answer.headers, "content-length": String(Buffer.byteLength(answer.body)) };
  sendHeaders(response, answer.code, headers);
  response.end(answer.body);
}
