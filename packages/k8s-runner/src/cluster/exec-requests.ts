/** Programs in containers, over a WebSocket of their own: HTTP/2 connections cannot be upgraded. */

import type { IncomingMessage } from "node:http";
import type WebSocketClass from "ws";
import { networkError, toApiError } from "./api-error.ts";
import { pathOf } from "./api-path.ts";
import { readErrorBody } from "./body.ts";
import { openSession } from "./exec-session.ts";
import type { ExecAnswer, ExecRequest, ExecSource } from "./exec-source.ts";
import type { RawSocket } from "./cluster.ts";
import type { Transport } from "./transport.ts";

/** The newest first. Version 4 lacks only a word for the end of the input. */
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const handshakeMilliseconds = 20_000;

export function createExecSource(server: string, transport: Pick<Transport, "openSocket">): ExecSource {
  const base = new URL(server);
  async function attempt(request: ExecRequest, raw: RawSocket, signal: AbortSignal): Promise<ExecAnswer> {
    const { WebSocket } = await import("ws");
    const client = new WebSocket(addressOf(base, request), protocols, {
      headers: raw.headers,
      perMessageDeflate: false,
      handshakeTimeout: handshakeMilliseconds,
      createConnection: () => raw.socket as never,
    });
    return answerOf(client, signal);
  }
  return {
    async open(request, { signal }) {
      try {
        const first = await transport.openSocket({ signal });
        const answer = await attempt(request, first, signal);
        if (answer.kind !== "error" || answer.error.kind !== "unauthorized") return answer;
        return await attempt(request, await transport.openSocket({ signal, refused: first }), signal);
      } catch (error) {
        signal.throwIfAborted();
        return { kind: "error", error: networkError(error) };
      }
    },
  };
}

/** The socket below has its TLS already. */
function addressOf(base: URL, { namespace, podName, container, command }: ExecRequest): URL {
  const path = `${base.pathname.replace(/\/$/, "")}${pathOf("pods", namespace, podName)}/exec`;
  const query = new URLSearchParams({
    container,
    stdin: "true",
    stdout: "true",
    stderr: "true",
    tty: "false",
  });
  for (const argument of command) query.append("command", argument);
  return new URL(`ws://${base.host}${path}?${query.toString()}`);
}

function answerOf(client: WebSocketClass, signal: AbortSignal): Promise<ExecAnswer> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      client.terminate();
      reject(signal.reason as Error);
    };
    const settle = (answer: ExecAnswer): void => {
      signal.removeEventListener("abort", abort);
      resolve(answer);
    };
    // Also after the answer: without a listener, an error would end the process.
    client.on("error", (error) => settle({ kind: "error", error: networkError(error) }));
    client.once("unexpected-response", (_request, response) => {
      const settled = refusalOf(response).then(settle);
      void settled.finally(() => client.terminate());
    });
    client.once("open", () => settle({ kind: "session", session: openSession(client, signal) }));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

async function refusalOf(response: IncomingMessage): Promise<ExecAnswer> {
  const retryAfter = response.headers["retry-after"] ?? null;
  // Its status says enough where the rest cannot be read.
  const body = await readErrorBody(response as AsyncIterable<Uint8Array>).catch(() => "");
  return { kind: "error", error: toApiError({ httpStatus: response.statusCode ?? 0, body, retryAfter }) };
}
