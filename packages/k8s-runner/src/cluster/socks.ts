/**
 * A connection through a SOCKS5 proxy. The proxy looks the server's name up: often only it can, as at the other end of an SSH
 * tunnel.
 */

import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { connectTimeoutMilliseconds } from "../timings.ts";
import { createDeadline } from "./deadline.ts";

/** The protocol counts the octets of a name, a user and a password in one octet. */
const longest = 255;

export interface SocksTarget {
  /** Without the brackets of an address of IPv6. */
  readonly hostname: string;
  readonly port: number;
}

export function isSocks({ protocol }: URL): boolean {
  return protocol === "socks5:" || protocol === "socks5h:";
}

/** Rejects with a reason that names neither user nor password. */
export async function openThroughSocks(
  proxy: URL,
  target: SocksTarget,
  signal?: AbortSignal,
): Promise<Socket> {
  const message = `no connection through the SOCKS proxy within ${connectTimeoutMilliseconds / 1000} s`;
  const deadline = createDeadline(connectTimeoutMilliseconds, signal, message);
  const socket = connect({ host: bare(proxy.hostname), port: portOf(proxy), keepAlive: true });
  // A later one is heard by whoever takes the socket; until then it must not end the process.
  socket.on("error", () => undefined);
  const close = (): void => void socket.destroy();
  try {
    await once(socket, "connect", { signal: deadline.signal });
    deadline.signal.addEventListener("abort", close, { once: true });
    await shakeHands(socket, proxy, target);
    return socket;
  } catch (error) {
    socket.destroy();
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    deadline.signal.removeEventListener("abort", close);
    deadline.clear();
  }
}

async function shakeHands(socket: Socket, proxy: URL, { hostname, port }: SocksTarget): Promise<void> {
  const { SocksClient } = await import("socks");
  const [userId, password] = [proxy.username, proxy.password].map(decodeURIComponent);
  for (const word of [userId, password, hostname])
    if (Buffer.byteLength(word ?? "") > longest)
      throw new Error(`a SOCKS proxy takes no user, password or name of more than ${longest} bytes`);
  try {
    await SocksClient.createConnection({
      command: "connect",
      proxy: {
        host: bare(proxy.hostname),
        port: portOf(proxy),
        type: 5,
        ...(userId === "" && password === "" ? {} : { userId: userId ?? "", password: password ?? "" }),
      },
      destination: { host: hostname, port },
      existing_socket: socket,
      timeout: connectTimeoutMilliseconds,
    });
  } catch (error) {
    // oxlint-disable-next-line eslint/preserve-caught-error -- the library's error carries the proxy's password along
    throw new Error(`the SOCKS proxy made no connection: ${(error as Error).message}`);
  }
}

function portOf(proxy: URL): number {
  return Number(proxy.port || 1080);
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
