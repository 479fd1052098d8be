/**
 * A connection through a SOCKS5 proxy (RFC 1928, and RFC 1929 for its user and password). The proxy looks the server's name up: often
 * only it can, as at the other end of an SSH tunnel.
 */

import { once } from "node:events";
import { connect, isIPv4, isIPv6 } from "node:net";
import type { Socket } from "node:net";
import { connectTimeoutMilliseconds } from "../timings.ts";
import { createDeadline } from "./deadline.ts";

const version = 5;
const withoutLogin = 0;
const withPassword = 2;
const connectCommand = 1;
const address = { ipv4: 1, name: 3, ipv6: 4 } as const;
/** Octets of a name, a user and a password are counted in one octet. */
const longest = 255;

const refusals: Readonly<Record<number, string>> = {
  1: "it failed",
  2: "its rules do not allow the connection",
  3: "it has no way to the server's network",
  4: "it has no way to the server",
  5: "the server refused the connection",
  6: "the connection took too many hops",
  7: "it makes no connections",
  8: "it does not know the kind of the server's address",
};

export function isSocks({ protocol }: URL): boolean {
  return protocol === "socks5:" || protocol === "socks5h:";
}

/** Rejects with a reason that names neither user nor password. `hostname`: without the brackets of an address of IPv6. */
export async function openThroughSocks(
  proxy: URL,
  target: { readonly hostname: string; readonly port: number },
  signal?: AbortSignal,
): Promise<Socket> {
  const message = `no connection through the SOCKS proxy within ${connectTimeoutMilliseconds / 1000} s`;
  const deadline = createDeadline(connectTimeoutMilliseconds, signal, message);
  const socket = connect({
    host: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: Number(proxy.port || 1080),
    keepAlive: true,
  });
  // A later one is heard by whoever takes the socket; until then it must not end the process.
  socket.on("error", () => undefined);
  try {
    await once(socket, "connect", { signal: deadline.signal });
    const answers = answersOf(socket, deadline.signal);
    await greet(socket, answers, proxy);
    await ask(socket, answers, target);
    answers.giveBack();
    return socket;
  } catch (error) {
    socket.destroy();
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    deadline.clear();
  }
}

async function greet(socket: Socket, answers: Answers, proxy: URL): Promise<void> {
  const hasLogin = proxy.username !== "" || proxy.password !== "";
  socket.write(Buffer.from(hasLogin ? [version, 2, withoutLogin, withPassword] : [version, 1, withoutLogin]));
  const [answered, method] = await answers.take(2);
  if (answered !== version) throw new Error("the SOCKS proxy does not speak SOCKS5");
  if (method === withoutLogin) return;
  if (method !== withPassword || !hasLogin)
    throw new Error(
      hasLogin
        ? "the SOCKS proxy takes no user with a password"
        : "the SOCKS proxy asks for a user and a password, and its address has none",
    );
  const login = [proxy.username, proxy.password].map((word) => counted(decodeURIComponent(word)));
  socket.write(Buffer.concat([Buffer.from([1]), ...login]));
  const [, status] = await answers.take(2);
  if (status !== 0) throw new Error("the SOCKS proxy refused the user and the password of its address");
}

async function ask(
  socket: Socket,
  answers: Answers,
  { hostname, port }: { readonly hostname: string; readonly port: number },
): Promise<void> {
  socket.write(
    Buffer.concat([
      Buffer.from([version, connectCommand, 0]),
      addressOf(hostname),
      Buffer.from([port >> 8, port & 255]),
    ]),
  );
  const [, status = 1, , kind] = await answers.take(4);
  if (status !== 0)
    throw new Error(`the SOCKS proxy made no connection: ${refusals[status] ?? `it answered ${status}`}`);
  // The address that the proxy itself has there, which nobody needs, and its port.
  const [length = 0] = kind === address.name ? await answers.take(1) : [];
  await answers.take((kind === address.ipv4 ? 4 : kind === address.ipv6 ? 16 : length) + 2);
}

function addressOf(hostname: string): Buffer {
  if (isIPv4(hostname)) return Buffer.from([address.ipv4, ...hostname.split(".").map(Number)]);
  if (!isIPv6(hostname)) return Buffer.concat([Buffer.from([address.name]), counted(hostname)]);
  // An address of IPv4 may stand at the end of one of IPv6; a URL has written it in groups already.
  const [left = "", right] = hostname.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(left), groups(right ?? "")];
  const none = Array.from({ length: 8 - before.length - after.length }, () => "0");
  const all = right === undefined ? before : [...before, ...none, ...after];
  const octets = all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return Buffer.from([address.ipv6, ...octets]);
}

function counted(text: string): Buffer {
  const octets = Buffer.from(text);
  if (octets.length > longest) throw new Error(`a SOCKS proxy takes no word of ${octets.length} octets`);
  return Buffer.concat([Buffer.from([octets.length]), octets]);
}

interface Answers {
  /** Exactly so many octets. */
  take(count: number): Promise<Buffer>;
  /** What came beyond them is the server's. */
  giveBack(): void;
}

/**
 * Whatever has come is taken off the socket: to wait for more while something is left there would be to be woken for it again and
 * again.
 */
function answersOf(socket: Socket, signal: AbortSignal): Answers {
  let held: Buffer = Buffer.alloc(0);
  return {
    async take(count) {
      while (held.length < count) {
        const octets = socket.read() as Buffer | null;
        if (octets !== null) held = Buffer.concat([held, octets]);
        else if (socket.readableEnded || socket.destroyed)
          throw new Error("the SOCKS proxy closed the connection");
        else await untilReadable(socket, signal);
      }
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    giveBack() {
      if (held.length > 0) socket.unshift(held);
    },
  };
}

function untilReadable(socket: Socket, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = (): void => resolve();
  const stop = (): void => reject(signal.reason as Error);
  if (signal.aborted) stop();
  socket.once("readable", done).once("close", done);
  signal.addEventListener("abort", stop, { once: true });
  return promise.finally(() => {
    socket.off("readable", done).off("close", done);
    signal.removeEventListener("abort", stop);
  });
}
