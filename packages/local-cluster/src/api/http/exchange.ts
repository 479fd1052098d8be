import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { ApiError, badRequest } from "../status.ts";

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** One request and its reply, the same over HTTP/1.1 and HTTP/2. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: Incoming;
  readonly response: Outgoing;
  /** Aborts when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}

// The real server's limit for a request body.
const bodyLimitBytes = 3 * 1024 * 1024;

export async function readBody(exchange: Exchange): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of exchange.request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyLimitBytes) {
      throw new ApiError(
        413,
        "RequestEntityTooLarge",
        `Request entity too large: limit is ${bodyLimitBytes}`,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** `parse error` in Go's words where they are simple. */
export function parseJson(bytes: Buffer, wrap: (why: string) => string): unknown {
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    const key = /^\s*\{\s*([^"\s}])/u.exec(text)?.[1];
    const why =
      text.trim() === ""
        ? "unexpected end of JSON input"
        : key === undefined
          ? `invalid character '${text.trim()[0]}' looking for beginning of value`
          : `invalid character '${key}' looking for beginning of object key string`;
    throw badRequest(wrap(why));
  }
}

export function sendJson(exchange: Exchange, code: number, body: unknown): void {
  send(exchange, code, "application/json", Buffer.from(`${JSON.stringify(body)}\n`));
}

export function send(exchange: Exchange, code: number, type: string, body: Buffer): void {
  const response = exchange.response as ServerResponse;
  if (response.headersSent || response.destroyed) return;
  response.writeHead(code, {
    "content-type": type,
    "content-length": body.length,
    "cache-control": "no-cache, private",
    "audit-id": auditId(exchange),
  });
  response.end(body);
}

export function sendNothing(exchange: Exchange): void {
  const response = exchange.response as ServerResponse;
  response.writeHead(204, { "cache-control": "no-cache, private" });
  response.end();
}

function auditId(exchange: Exchange): string {
  const given = exchange.request.headers["audit-id"];
  return typeof given === "string" ? given : crypto.randomUUID();
}

/** Starts a streamed reply. `write` resolves when the socket has taken the bytes. */
export function startStream(
  exchange: Exchange,
  type: string,
): { write(bytes: Buffer): Promise<void>; end(): void } {
  const response = exchange.response as ServerResponse;
  response.writeHead(200, { "content-type": type, "cache-control": "no-cache, private" });
  response.flushHeaders?.();
  return {
    write(bytes) {
      if (exchange.signal.aborted || response.destroyed) return Promise.resolve();
      if (response.write(bytes)) return Promise.resolve();
      return new Promise((resolve) => {
        const finish = () => {
          response.off("drain", finish);
          response.off("close", finish);
          exchange.signal.removeEventListener("abort", finish);
          resolve();
        };
        response.on("drain", finish);
        response.on("close", finish);
        exchange.signal.addEventListener("abort", finish, { once: true });
      });
    },
    end: () => void response.end(),
  };
}
