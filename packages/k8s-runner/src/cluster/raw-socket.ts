/** A socket to the API server for what is no request and answer, such as the WebSocket of `exec`: same TLS, same proxy. */

import { isIPv6 } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { linkSignals } from "../async/link-signals.ts";
import { told } from "./asking.ts";
import type { Credentials, CredentialSource } from "./credentials.ts";
import { untilAborted } from "./deadline.ts";
import { connectOptionsOf } from "./dispatcher.ts";
import { isSocks, openThroughSocks } from "./socks.ts";
import type { Transport } from "./transport.ts";

/** Sockets of one server, with the credentials of the moment; they end when it is closed. */
export function socketOpener(
  server: URL,
  credentials: CredentialSource,
  closing: AbortSignal,
): Transport["openSocket"] {
  return async ({ signal, refused }) => {
    const link = linkSignals([signal, closing]);
    try {
      const asked = refused === undefined ? credentials.current() : credentials.renew(refused.credentials);
      const current = await untilAborted(told(asked), link.signal);
      const socket = await openRawSocket(server, current, link.signal);
      const end = (): void => void socket.destroy();
      closing.addEventListener("abort", end, { once: true });
      socket.once("close", () => closing.removeEventListener("abort", end));
      return { socket, headers: current.headers, credentials: current };
    } finally {
      link.release();
    }
  };
}

/** Connected, with TLS where the server has it, and for HTTP/1.1, as an upgrade of HTTP/2 is not offered by API servers. */
async function openRawSocket(server: URL, credentials: Credentials, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  const opening = open(server, credentials, signal);
  // One that comes too late is let go of.
  opening.then(
    (socket) => void (signal.aborted && socket.destroy()),
    () => undefined,
  );
  return untilAborted(opening, signal);
}

async function open(server: URL, { tls, proxyUrl }: Credentials, signal: AbortSignal): Promise<Duplex> {
  const { buildConnector } = await import("undici");
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  const hostname = server.hostname.replace(/^\[|\]$/g, "");
  const tunnel =
    proxyUrl === null ? undefined : await openTunnel(new URL(proxyUrl), { hostname, port, signal });
  if (tunnel !== undefined && server.protocol !== "https:") return tunnel;
  const connect = buildConnector({ ...connectOptionsOf(tls), allowH2: false });
  return new Promise((resolve, reject) => {
    connect(
      {
        hostname,
        host: server.host,
        protocol: server.protocol,
        port,
        ...(tunnel === undefined ? {} : { httpSocket: tunnel as Socket }),
      },
      (error, socket) => (error === null ? resolve(socket) : reject(error)),
    );
  });
}

interface TunnelTarget {
  readonly hostname: string;
  readonly port: string;
  readonly signal: AbortSignal;
}

async function openTunnel(proxy: URL, { hostname, port, signal }: TunnelTarget): Promise<Duplex> {
  if (isSocks(proxy)) return openThroughSocks(proxy, { hostname, port: Number(port) }, signal);
  const { Client } = await import("undici");
  const client = new Client(proxy.origin);
  const target = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
  const { socket, statusCode } = await client.connect({
    path: target,
    headers: { host: target, ...proxyHeaders(proxy) },
    signal,
  });
  if (statusCode === 200) return socket;
  socket.on("error", () => undefined).destroy();
  throw new Error(`the proxy answered ${statusCode} in place of a tunnel`);
}

export function proxyHeaders({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "") return {};
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(words).toString("base64")}` };
}
