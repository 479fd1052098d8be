import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { parse } from "yaml";

/** Any JSON object of the API; the tests look at fields, and a wrong guess fails the test that makes it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** `{}` when the body is no JSON. */
  readonly json: Json;
}

export interface OpenAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Buffer>;
  close(): void;
}

/** Plain HTTP/1.1 with the credentials of a kubeconfig: no client library, so that the API itself is what is tested. */
export interface HttpClient {
  readonly server: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: Json): Promise<Answer>;
  put(path: string, body: Json): Promise<Answer>;
  patch(path: string, body: Json, type?: "json" | "merge" | "strategic-merge"): Promise<Answer>;
  delete(path: string, body?: Json): Promise<Answer>;
  /** Headers as soon as they are there, the body as it comes. */
  open(path: string, signal?: AbortSignal): Promise<OpenAnswer>;
  /** Anything else: raw bodies, other headers. */
  send(
    method: string,
    path: string,
    options?: { readonly body?: string; readonly headers?: Record<string, string> },
  ): Promise<Answer>;
  close(): void;
}

export function createHttpClient(kubeconfig: string): HttpClient {
  const config: Json = parse(kubeconfig);
  const context = config.contexts.find((entry: Json) => entry.name === config["current-context"]).context;
  const cluster = config.clusters.find((entry: Json) => entry.name === context.cluster).cluster;
  const user = config.users.find((entry: Json) => entry.name === context.user).user;
  const agent = new Agent({
    keepAlive: true,
    timeout: 20_000,
    ca: pem(cluster, "certificate-authority"),
    cert: pem(user, "client-certificate"),
    key: pem(user, "client-key"),
  });
  const token = (): string | undefined =>
    user.tokenFile === undefined ? user.token : readFileSync(user.tokenFile, "utf8").trim();

  function start(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const bearer = token();
      const outgoing = request(new URL(cluster.server.replace(/\/$/, "") + path), {
        agent,
        method,
        headers: {
          accept: "application/json",
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
          ...headers,
        },
        ...(signal === undefined ? {} : { signal }),
      });
      outgoing.on("response", resolve);
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  async function send(
    method: string,
    path: string,
    options: { readonly body?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const answer = await start(method, path, options.body, options.headers ?? {});
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    return { status: answer.statusCode ?? 0, headers: answer.headers, text, json: parseJson(text) };
  }

  const sendJson = (method: string, path: string, body: Json, type = "application/json"): Promise<Answer> =>
    send(
      method,
      path,
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": type } },
    );

  return {
    server: cluster.server,
    get: (path) => send("GET", path),
    post: (path, body) => sendJson("POST", path, body),
    put: (path, body) => sendJson("PUT", path, body),
    patch: (path, body, type = "merge") => sendJson("PATCH", path, body, `application/${type}-patch+json`),
    delete: (path, body) => sendJson("DELETE", path, body),
    async open(path, signal) {
      const answer = await start("GET", path, undefined, {}, signal);
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: everyChunk(answer),
        close: () => answer.destroy(),
      };
    },
    send,
    close: () => agent.destroy(),
  };
}

/** A stream's own iterator forgets what it has buffered when the connection breaks; a test must see every byte that came. */
function everyChunk(answer: IncomingMessage): AsyncIterable<Buffer> {
  const chunks: Buffer[] = [];
  let ended: { readonly error: Error | null } | null = null;
  let wake = (): void => {};
  answer.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  const end = (error: Error | null): void => {
    ended ??= { error };
    wake();
  };
  answer.on("end", () => end(null));
  answer.on("error", end);
  answer.on("close", () => end(null));
  async function* iterate(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = chunks.shift();
      if (chunk !== undefined) {
        yield chunk;
      } else if (ended === null) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (ended.error === null) {
        return;
      } else {
        throw ended.error;
      }
    }
  }
  return { [Symbol.asyncIterator]: iterate };
}

function pem(fields: Json, field: string): string | undefined {
  const data: string | undefined = fields[`${field}-data`];
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  return fields[field] === undefined ? undefined : readFileSync(fields[field], "utf8");
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
