import { afterEach, describe, expect, test } from "vitest";

import {
  KubeconfigError,
  startFaultProxy,
  type FaultProxy,
  type FaultProxyOptions,
} from "../../src/index.ts";
import { createHttpClient, type HttpClient, type OpenAnswer } from "../contract/http-client.ts";
import { startStubServer, type Handler, type StubServer } from "./stub-server.ts";

const FOLLOW = "/api/v1/namespaces/lab/pods/p1/log?follow=true";
const LOG = "/api/v1/namespaces/lab/pods/p1/log";

interface Stage {
  readonly server: StubServer;
  readonly proxy: FaultProxy;
  readonly client: HttpClient;
}

const stages: Stage[] = [];

async function stage(handler: Handler, options: Partial<FaultProxyOptions> = {}): Promise<Stage> {
  const server = await startStubServer(handler);
  const proxy = await startFaultProxy({ target: server.kubeconfig, ...options });
  const made = { server, proxy, client: createHttpClient(proxy.kubeconfig) };
  stages.push(made);
  return made;
}

afterEach(async () => {
  for (const { server, proxy, client } of stages.splice(0)) {
    client.close();
    await proxy.close();
    server.close();
  }
});

const answerWith =
  (text: string): Handler =>
  (_request, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": String(text.length) });
    response.end(text);
  };

const TEN_LINES = Array.from({ length: 10 }, (_, index) => `line ${index}\n`).join("");

type ReadEnd = "clean" | "broken";

async function readAll(answer: OpenAnswer): Promise<{ text: string; end: ReadEnd }> {
  let text = "";
  try {
    for await (const chunk of answer.body) text += chunk.toString("utf8");
    return { text, end: "clean" };
  } catch {
    return { text, end: "broken" };
  }
}

/** Reads until so much is there, and leaves the answer open. */
async function readUntil(answer: OpenAnswer, length: number): Promise<string> {
  let text = "";
  for await (const chunk of answer.body) {
    text += chunk.toString("utf8");
    if (text.length >= length) break;
  }
  return text;
}

describe("what is not to be broken", () => {
  test("passes unchanged, with the proxy's token outside and the target's inside", async () => {
    const { client, server, proxy } = await stage((request, response) => {
      response.writeHead(201, { "content-type": "application/json", "x-kubernetes-pf-flowschema-uid": "u" });
      request.pipe(response);
    });
    const created = await client.post("/apis/batch/v1/namespaces/lab/jobs?dryRun=All", {
      metadata: { name: "j" },
    });
    expect(created.status).toBe(201);
    expect(created.json).toEqual({ metadata: { name: "j" } });
    expect(created.headers["x-kubernetes-pf-flowschema-uid"]).toBe("u");
    expect(server.requests).toEqual(["POST /apis/batch/v1/namespaces/lab/jobs?dryRun=All"]);
    expect(proxy.incidents).toEqual([]);
  });

  test("needs the proxy's own token", async () => {
    const { client, server } = await stage(answerWith("secret"));
    const refused = await client.send("GET", "/version", { headers: { authorization: "Bearer other" } });
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({ kind: "Status", reason: "Unauthorized", code: 401 });
    expect(server.requests).toEqual([]);
  });

  test("is asked for without compression and without protobuf", async () => {
    let headers: Record<string, unknown> = {};
    const { client } = await stage((request, response) => {
      headers = request.headers;
      response.end("{}");
    });
    await client.send("GET", "/api/v1/pods", {
      headers: { accept: "application/vnd.kubernetes.protobuf,application/json", "accept-encoding": "gzip" },
    });
    expect(headers).toMatchObject({ accept: "application/json", "accept-encoding": "identity" });
  });

  test("breaks at the client when the server breaks", async () => {
    const { client } = await stage((_request, response) => {
      response.write("half", () => response.destroy());
    });
    const answer = await client.open(LOG);
    await expect(readAll(answer)).resolves.toEqual({ text: "half", end: "broken" });
  });

  test("a client that goes away ends the request at the server", async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const { client } = await stage((_request, response) => {
      response.once("close", resolve);
      response.write("x");
    });
    const answer = await client.open(FOLLOW);
    answer.close();
    await expect(gone).resolves.toBeUndefined();
  });
});

describe("cut", () => {
  test.each(["clean", "reset", "disconnect"] as const)("after so many bytes, ending %s", async (ending) => {
    const { client, proxy } = await stage(answerWith(TEN_LINES));
    const cut = proxy.inject({
      when: { kind: "log-follow" },
      fault: { kind: "cut", afterBytes: 17, ending },
    });
    const first = await readAll(await client.open(FOLLOW));
    expect(first).toEqual({ text: TEN_LINES.slice(0, 17), end: ending === "clean" ? "clean" : "broken" });
    await expect(cut.happened).resolves.toMatchObject({
      fault: { kind: "cut", ending },
      source: "rule",
      request: { kind: "log-follow", namespace: "lab", name: "p1" },
      protocol: "HTTP/1.1",
      status: 200,
      bytesPassed: 17,
    });
    expect(await readAll(await client.open(FOLLOW))).toEqual({ text: TEN_LINES, end: "clean" });
  });

  test("at the end of a line, where nothing gives a truncated log away", async () => {
    const { client, proxy } = await stage(answerWith(TEN_LINES));
    proxy.inject({ fault: { kind: "cut", afterBytes: 17, boundary: "line", ending: "clean" } });
    const read = await client.get(LOG);
    expect(read.status).toBe(200);
    expect(read.text).toBe("line 0\nline 1\n");
  });

  test("an answer that is shorter does not use the rule up", async () => {
    const { client, proxy, server } = await stage(answerWith("short"));
    const cut = proxy.inject({ fault: { kind: "cut", afterBytes: 17, ending: "clean" } });
    expect((await client.get(LOG)).text).toBe("short");
    expect(cut.remaining).toBe(1);
    expect(proxy.incidents).toEqual([]);
    server.handle(answerWith(TEN_LINES));
    expect((await client.get(LOG)).text).toBe(TEN_LINES.slice(0, 17));
    expect(cut.remaining).toBe(0);
  });

  test("after a time, whatever the bytes", async () => {
    const { client, proxy } = await stage((_request, response) => void response.write("still here\n"));
    proxy.inject({ fault: { kind: "cut", afterMilliseconds: 1000, ending: "clean" } });
    expect(await readAll(await client.open(FOLLOW))).toEqual({ text: "still here\n", end: "clean" });
    expect(proxy.incidents).toHaveLength(1);
  });
});

describe("silence", () => {
  test("keeps the connection open and says nothing more", async () => {
    const { client, proxy } = await stage(answerWith(TEN_LINES));
    const silence = proxy.inject({ when: { kind: "log-follow" }, fault: { kind: "silence", afterBytes: 7 } });
    const answer = await client.open(FOLLOW);
    expect(await readUntil(answer, 7)).toBe("line 0\n");
    await expect(silence.happened).resolves.toMatchObject({ bytesPassed: 7 });
    answer.close();
  });

  test("for a time, and then the rest comes whole", async () => {
    const { client, proxy } = await stage(answerWith(TEN_LINES));
    proxy.inject({ fault: { kind: "silence", afterBytes: 7, forMilliseconds: 20 } });
    expect(await readAll(await client.open(FOLLOW))).toEqual({ text: TEN_LINES, end: "clean" });
    expect(proxy.incidents).toHaveLength(1);
  });

  test("before the headers: accepted and never answered", async () => {
    const { client, proxy } = await stage(answerWith("late"));
    const silence = proxy.inject({ fault: { kind: "silence", beforeHeaders: true } });
    const controller = new AbortController();
    const answer = client.open(LOG, controller.signal);
    await silence.happened;
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("answers of the proxy's own", () => {
  test.each([500, 502, 503, 504] as const)("%i, and the server is not asked", async (code) => {
    const { client, proxy, server } = await stage(answerWith("{}"));
    proxy.inject({ when: { kind: "list pods" }, fault: { kind: "status", code } });
    const broken = await client.get("/api/v1/namespaces/lab/pods");
    expect(broken.status).toBe(code);
    expect(broken.json).toMatchObject({ kind: "Status", status: "Failure", code });
    expect(server.requests).toEqual([]);
    expect((await client.get("/api/v1/namespaces/lab/pods")).status).toBe(200);
  });

  test("429 with Retry-After, in the header and in the Status", async () => {
    const { client, proxy } = await stage(answerWith("{}"));
    proxy.inject({ fault: { kind: "status", code: 429, retryAfterSeconds: 3 } });
    const busy = await client.get("/api/v1/pods");
    expect(busy.headers["retry-after"]).toBe("3");
    expect(busy.json).toMatchObject({ reason: "TooManyRequests", details: { retryAfterSeconds: 3 } });
  });

  test("the page of a load balancer", async () => {
    const { client, proxy } = await stage(answerWith("{}"));
    proxy.inject({ fault: { kind: "status", code: 502, body: "html", message: "Bad Gateway" } });
    const page = await client.get("/api/v1/pods");
    expect(page.headers["content-type"]).toBe("text/html");
    expect(page.text).toContain("<h1>502 Bad Gateway</h1>");
  });

  test("latency delays the request and adds up with other faults", async () => {
    const { client, proxy } = await stage(answerWith("{}"));
    proxy.inject({ fault: { kind: "latency", milliseconds: 5 } });
    proxy.inject({ fault: { kind: "status", code: 500 } });
    expect((await client.get("/api/v1/pods")).status).toBe(500);
    expect(proxy.incidents.map((incident) => incident.fault.kind)).toEqual(["latency", "status"]);
  });
});

describe("kubeconfigs that cannot be used", () => {
  const kubeconfig = (user: string, server = "https://127.0.0.1:1"): string =>
    `{current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}], clusters: [{name: k, cluster: {server: "${server}"}}], users: [{name: u, user: ${user}}]}`;

  test.each([
    ["no YAML", "{ token: [", "not valid YAML"],
    ["no context", "{}", "no current-context"],
    ["a missing entry", "{current-context: c, contexts: []}", 'no entry "c" in its contexts'],
    ["a credential plugin", kubeconfig("{exec: {command: aws}}"), "credential plugin (exec)"],
    ["plain HTTP", kubeconfig("{}", "http://127.0.0.1:1"), "must be https"],
    ["a missing file", kubeconfig("{client-key: /nowhere/key}"), "cannot read client-key from /nowhere/key"],
  ])("%s", async (_name, target, message) => {
    const error: unknown = await startFaultProxy({ target }).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(KubeconfigError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain(message);
  });
});
