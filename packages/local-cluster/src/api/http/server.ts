import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { ServingCertificate } from "../../tls/certificate.ts";
import type { Incoming, Outgoing } from "./exchange.ts";

/** A TLS listener on loopback that speaks HTTP/1.1 and HTTP/2 on one port. */
export interface Listener {
  readonly port: number;
  connections(): number;
  /** Drops every connection and stops listening. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function createListener(
  certificate: ServingCertificate,
  port: number,
  handle: (request: Incoming, response: Outgoing) => void,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let server = make();
  let boundPort = port;

  function make(): Http2SecureServer {
    const made = createSecureServer(
      {
        allowHTTP1: true,
        key: certificate.key,
        cert: certificate.certificate,
        // As the real server: the 101st stream of a connection waits in the client.
        settings: { maxConcurrentStreams: 100 },
      },
      handle,
    );
    made.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    made.on("session", (session) => {
      sessions.add(session);
      session.once("close", () => sessions.delete(session));
      session.on("error", () => undefined);
    });
    // A client that hangs up in the handshake is no news.
    made.on("tlsClientError", () => undefined);
    made.on("sessionError", () => undefined);
    return made;
  }

  async function start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(boundPort, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
    boundPort = (server.address() as AddressInfo).port;
  }

  await start();
  return {
    get port() {
      return boundPort;
    },
    connections: () => sockets.size,
    async stop() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
      server = make();
    },
    start,
  };
}
