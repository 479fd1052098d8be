/**
 * The transport of a program that asks a few things and ends: HTTP/1.1, as Node has it. To load the client that follows logs for hours
 * takes longer than all that such a program asks.
 */

import type { Agent as HttpAgent, IncomingMessage } from "node:http";
import { connect as connectPlainly, isIP } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectSecurely } from "node:tls";
import type { ConnectionOptions } from "node:tls";
import { headerOf, pathOf } from "./asking.ts";
import type { CredentialSource, Credentials } from "./credentials.ts";
import { createDeadline } from "./deadline.ts";
import { connectTimeoutMilliseconds } from "../timings.ts";
import { connectOptionsOf, headersTimeoutMilliseconds } from "./dispatcher.ts";
import { createPlaces } from "./places.ts";
import { proxyHeaders, socketOpener } from "./raw-socket.ts";
import { createSend } from "./sending.ts";
import { isSocks, openThroughSocks } from "./socks.ts";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.ts";

/** An `import` of it has Node load all that `fetch` is made of, for the names that it shows as well. */
const { Agent, request: httpRequest } = process.getBuiltinModule("node:http");

/** Each has a connection of its own, and a TLS handshake. */
const requestsAtOnce = 16;

export function createBriefTransport(
  server: string,
  credentials: CredentialSource,
  closing = new AbortController(),
): Transport {
  const base = new URL(server);
  const places = createPlaces(requestsAtOnce);
  const agents = new Map<string, ServerAgent>();
  const agentFor = (current: Credentials): ServerAgent => {
    const known = agents.get(current.fingerprint);
    if (known !== undefined) return known;
    const agent = new ServerAgent(base, current, closing.signal);
    agents.set(current.fingerprint, agent);
    return agent;
  };

  async function attempt(
    request: TransportRequest,
    current: Credentials,
    signal: AbortSignal,
  ): Promise<TransportAnswer> {
    const agent = agentFor(current);
    try {
      return await ask(base, agent, request, current, signal);
    } catch (error) {
      // A server may close a connection that is kept just when it is used again. To ask again for a reading harms nothing.
      if (!(error instanceof ReusedSocketError) || request.method !== "GET") throw error;
      return ask(base, agent, request, current, signal);
    }
  }
  return {
    send: createSend({
      credentials,
      places,
      closing: closing.signal,
      isShort: ({ stream }) => stream === undefined || stream === "log-read",
      attempt,
    }),
    openSocket: socketOpener(base, credentials, closing.signal),
    async close() {
      closing.abort(new Error("the connection to the cluster is closed"));
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

class ReusedSocketError extends Error {}

function ask(
  base: URL,
  agent: HttpAgent,
  request: TransportRequest,
  { headers }: Credentials,
  signal: AbortSignal,
): Promise<TransportAnswer> {
  const message = `no answer within ${headersTimeoutMilliseconds / 1000} s`;
  const deadline = createDeadline(headersTimeoutMilliseconds, signal, message);
  const { body } = request;
  return new Promise<TransportAnswer>((resolve, reject) => {
    const asked = httpRequest({
      agent,
      method: request.method,
      path: pathOf(base, request),
      headers: {
        host: base.host,
        accept: "application/json",
        ...headers,
        ...(body !== undefined && {
          "content-type": request.contentType ?? "application/json",
          "content-length": Buffer.byteLength(body),
        }),
      },
    });
    const giveUp = (): void => void asked.destroy(deadline.signal.reason as Error);
    deadline.signal.addEventListener("abort", giveUp, { once: true });
    asked.once("error", (error: NodeJS.ErrnoException) => {
      deadline.clear();
      const isStale = asked.reusedSocket && error.code === "ECONNRESET";
      reject(isStale ? new ReusedSocketError(error.message, { cause: error }) : error);
    });
    // A later one is the answer's own.
    asked.on("error", () => undefined);
    asked.once("response", (answer) => {
      deadline.clear();
      endWith(answer, signal);
      const { statusCode = 0, headers: answered } = answer;
      resolve({ httpStatus: statusCode, header: (name) => headerOf(answered[name]), body: answer });
    });
    if (deadline.signal.aborted) giveUp();
    asked.end(body);
  });
}

/** What is being read ends with the signal's reason. A body that is dropped unread emits an error, which ends no process. */
function endWith(answer: IncomingMessage, signal: AbortSignal): void {
  const stop = (): void => void answer.destroy(signal.reason as Error);
  answer.on("error", () => undefined);
  answer.once("close", () => signal.removeEventListener("abort", stop));
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
}

/** Keeps its connections for the next request; each is made as the kubeconfig says. */
class ServerAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(base: URL, credentials: Credentials, signal: AbortSignal) {
    super({ keepAlive: true, maxFreeSockets: requestsAtOnce });
    this.#open = () => openConnection(base, credentials, signal);
  }

  override createConnection(
    _options: unknown,
    made: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    this.#open().then(
      (socket) => made(null, socket),
      (error: Error) => made(error, undefined as never),
    );
  }
}

async function openConnection(
  base: URL,
  { tls, proxyUrl }: Credentials,
  closing: AbortSignal,
): Promise<Duplex> {
  const isSecure = base.protocol === "https:";
  const port = Number(base.port || (isSecure ? "443" : "80"));
  const host = base.hostname.replace(/^\[|\]$/g, "");
  const message = `no connection within ${connectTimeoutMilliseconds / 1000} s`;
  const deadline = createDeadline(connectTimeoutMilliseconds, closing, message);
  try {
    const proxy = proxyUrl === null ? null : new URL(proxyUrl);
    const tunnel =
      proxy === null
        ? null
        : isSocks(proxy)
          ? await openThroughSocks(proxy, { hostname: host, port }, deadline.signal)
          : await openTunnel(proxy, `${base.hostname}:${port}`, deadline.signal);
    if (!isSecure)
      return (
        tunnel ?? (await opened(connectPlainly({ host, port, keepAlive: true }), "connect", deadline.signal))
      );
    const { timeout: _timeout, ...options } = connectOptionsOf(tls) as ConnectionOptions;
    const servername = options.servername ?? (isIP(host) === 0 ? host : undefined);
    const where = tunnel === null ? { host, port } : { host, socket: tunnel as Socket };
    const socket = connectSecurely({ ...options, ...where, ...(servername !== undefined && { servername }) });
    return await opened(socket, "secureConnect", deadline.signal);
  } finally {
    deadline.clear();
  }
}

function openTunnel(proxy: URL, target: string, signal: AbortSignal): Promise<Duplex> {
  const isSecure = proxy.protocol === "https:";
  const request = isSecure ? process.getBuiltinModule("node:https").request : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = request({
      method: "CONNECT",
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || (isSecure ? 443 : 80),
      path: target,
      headers: { host: target, ...proxyHeaders(proxy) },
      agent: false,
      signal,
    });
    asked.on("error", reject);
    asked.once("response", ({ statusCode }) => {
      asked.destroy();
      reject(new Error(`the proxy answered ${statusCode} in place of a tunnel`));
    });
    asked.once("connect", ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.on("error", () => undefined).destroy();
      reject(new Error(`the proxy answered ${statusCode} in place of a tunnel`));
    });
    asked.end();
  });
}

function opened<Made extends Socket>(socket: Made, event: string, signal: AbortSignal): Promise<Made> {
  return new Promise((resolve, reject) => {
    const stop = (): void => void socket.destroy(signal.reason as Error);
    const done = (): void => {
      signal.removeEventListener("abort", stop);
      socket.removeListener("error", fail);
    };
    const fail = (error: Error): void => {
      done();
      reject(error);
    };
    socket.once("error", fail);
    socket.once(event, () => {
      done();
      resolve(socket);
    });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
