/** One open WebSocket → a session. The first byte of each message says which stream it belongs to. */

import type WebSocketClass from "ws";
import type { ExecEnd, ExecSession } from "./exec-source.ts";

const channels = { input: 0, output: 1, errors: 2, status: 3 } as const;
/** Received and not read yet, or given and not sent yet: beyond it, the other side waits. */
const bufferedBytes = 4 * 1024 * 1024;
const mostErrorCharacters = 4096;
const pingMilliseconds = 15_000;

export function openSession(client: WebSocketClass, signal: AbortSignal): ExecSession {
  const output = createQueue((full) => (full ? client.pause() : client.resume()));
  const ended = Promise.withResolvers<ExecEnd>();
  let errors = "";
  let status: ExecEnd | null = null;
  let cause = "the connection was closed before the program had ended";
  // Load balancers end a connection on which nothing is said.
  const pinging = setInterval(() => client.ping(), pingMilliseconds);
  pinging.unref();
  const abort = (): void => cancel("it is not wanted any more");
  function cancel(reason: string): void {
    cause = reason;
    client.terminate();
  }
  client.on("message", (data: Buffer) => {
    const payload = data.subarray(1);
    switch (data[0]) {
      case channels.output:
        output.push(payload);
        return;
      case channels.errors:
        errors = `${errors}${payload.toString("utf8")}`.slice(-mostErrorCharacters);
        return;
      case channels.status:
        status = endOf(payload.toString("utf8"));
        return;
      case undefined:
      default:
    }
  });
  client.on("error", (error: Error) => void (cause = error.message));
  client.once("close", () => {
    clearInterval(pinging);
    signal.removeEventListener("abort", abort);
    output.end();
    ended.resolve(status ?? { kind: "cut", message: cause });
  });
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  return {
    output: output.values(),
    write: (chunk) =>
      new Promise((resolve, reject) => {
        const message = Buffer.allocUnsafe(chunk.length + 1);
        message[0] = channels.input;
        message.set(chunk, 1);
        const late = client.bufferedAmount > bufferedBytes;
        client.send(message, (error) => (error ? reject(error) : resolve()));
        if (!late) resolve();
      }),
    ended: ended.promise,
    errors: () => errors,
    cancel,
  };
}

interface StatusBody {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

function endOf(text: string): ExecEnd {
  try {
    const body = JSON.parse(text) as StatusBody;
    if (body.status === "Success") return { kind: "exited", exitCode: 0 };
    const code = body.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
    if (code !== undefined) return { kind: "exited", exitCode: Number(code) };
    return { kind: "failed", message: (body.message ?? body.reason ?? "no reason given").slice(0, 1000) };
  } catch {
    return { kind: "failed", message: text.slice(0, 1000) };
  }
}

interface Queue {
  push(chunk: Uint8Array): void;
  end(): void;
  values(): AsyncGenerator<Uint8Array>;
}

function createQueue(fill: (full: boolean) => void): Queue {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let full = false;
  let ended = false;
  let wake = (): void => undefined;
  return {
    push(chunk) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (!full && bytes > bufferedBytes) fill((full = true));
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *values() {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          bytes -= chunk.length;
          if (full && bytes < bufferedBytes / 2) fill((full = false));
          yield chunk;
        } else if (ended) return;
        else await new Promise<void>((resolve) => void (wake = resolve));
      }
    },
  };
}
