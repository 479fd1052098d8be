/** A socket to the API server for what is no request and answer, such as the WebSocket of `exec`: same TLS, same proxy. */

import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import type { Credentials } from "./credentials.ts";
import { untilAborted } from "./deadline.ts";
import { connectOptionsOf } from "./dispatcher.ts";

/** Connected, with TLS where the server has it, and for HTTP/1.1, as an upgrade of HTTP/2 is not offered by API servers. */
export async function openRawSocket(
  server: URL,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Duplex> {
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
  const { Client, buildConnector } = await import("undici");
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  const hostname = server.hostname.replace(/^\[|\]$/g, "");
  let tunnel: Duplex | undefined;
  if (proxyUrl !== null) {
    const proxy = new URL(proxyUrl);
    const client = new Client(proxy.origin);
    const target = `${server.hostname}:${port}`;
    const { socket, statusCode } = await client.connect({
      path: target,
      headers: { host: target, ...proxyHeaders(proxy) },
      signal,
    });
    if (statusCode !== 200) {
      socket.on("error", () => undefined).destroy();
      throw new Error(`the proxy answered ${statusCode} in place of a tunnel`);
    }
    if (server.protocol !== "https:") return socket;
    tunnel = socket;
  }
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

function proxyHeaders({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "") return {};
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(words).toString("base64")}` };
}
