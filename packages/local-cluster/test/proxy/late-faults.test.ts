import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { startFaultProxy, type FaultProxy, type FaultProxyOptions, type PlanEntry } from "../../src/index.ts";
import { createHttpClient, type HttpClient, type Json } from "../contract/http-client.ts";
import { startStubServer, type Handler, type StubServer } from "./stub-server.ts";

const PODS = "/api/v1/namespaces/lab/pods";
const JOBS = "/apis/batch/v1/namespaces/lab/jobs";
const WATCH = `${PODS}?watch=true`;
const LOG = `${PODS}/p1/log`;

interface Stage {
  readonly server: StubServer;
  readonly proxy: FaultProxy;
  readonly client: HttpClient;
}

const closers: (() => Promise<void> | void)[] = [];

async function stage(handler: Handler, options: Partial<FaultProxyOptions> = {}): Promise<Stage> {
  const server = await startStubServer(handler);
  const proxy = await startFaultProxy({ target: server.kubeconfig, ...options });
  const client = createHttpClient(proxy.kubeconfig);
  closers.push(
    () => client.close(),
    () => proxy.close(),
    () => server.close(),
  );
  return { server, proxy, client };
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const json =
  (body: Json, status = 200): Handler =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };

const watchOf =
  (...events: Json[]): Handler =>
  (_request, response) =>
    void response.end(events.map((event) => `${JSON.stringify(event)}\n`).join(""));

const podEvent = (name: string, version: number, type = "MODIFIED"): Json => ({
  type,
  object: { kind: "Pod", metadata: { name, resourceVersion: String(version) } },
});

async function readEvents(client: HttpClient): Promise<string[]> {
  const answer = await client.get(WATCH);
  return answer.text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .map(({ type, object }) =>
      type === "ERROR" ? `ERROR ${object.code}` : `${type} ${object.metadata.resourceVersion}`,
    );
}

describe("a lost reply", () => {
  test.each(["reset", "disconnect"] as const)("the write happened, the client sees a %s", async (instead) => {
    const { client, proxy, server } = await stage(json({ metadata: { name: "j" } }, 201));
    const lost = proxy.inject({
      when: { kind: "create jobs", name: "j" },
      fault: { kind: "lost-reply", instead },
    });
    await expect(client.post(JOBS, { metadata: { name: "j" } })).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    expect(server.requests).toEqual([`POST ${JOBS}`]);
    await expect(lost.happened).resolves.toMatchObject({ status: 201, request: { name: "j" } });
  });

  test("the write happened, a gateway says 504", async () => {
    const { client, proxy, server } = await stage(json({}, 201));
    proxy.inject({ fault: { kind: "lost-reply", instead: "gateway-timeout" } });
    expect((await client.post(JOBS, { metadata: { name: "j" } })).status).toBe(504);
    expect(server.requests).toHaveLength(1);
  });

  test("a refused request never reaches the server", async () => {
    const { client, proxy, server } = await stage(json({}, 201));
    proxy.inject({ fault: { kind: "refuse", ending: "reset" } });
    await expect(client.post(JOBS, {})).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(server.requests).toEqual([]);
  });
});

describe("stale reads", () => {
  test("serve what was answered before", async () => {
    const { client, proxy, server } = await stage(json({ kind: "PodList", items: [] }));
    await client.get(PODS);
    server.handle(json({ kind: "PodList", items: [{ metadata: { name: "p1" } }] }));
    const stale = proxy.inject({ when: { kind: "list pods" }, fault: { kind: "stale" } });
    expect((await client.get(PODS)).json.items).toEqual([]);
    expect((await client.get(PODS)).json.items).toHaveLength(1);
    expect(stale.remaining).toBe(0);
  });

  test("a 404 from before the object was there", async () => {
    const { client, proxy, server } = await stage(json({ kind: "Status", code: 404 }, 404));
    await client.get(`${PODS}/p1`);
    server.handle(json({ metadata: { name: "p1" } }));
    proxy.inject({ fault: { kind: "stale" } });
    expect((await client.get(`${PODS}/p1`)).status).toBe(404);
    expect((await client.get(`${PODS}/p1`)).status).toBe(200);
  });

  test("without an earlier answer the rule waits", async () => {
    const { client, proxy } = await stage(json({ items: [] }));
    const stale = proxy.inject({ fault: { kind: "stale" } });
    expect((await client.get(PODS)).status).toBe(200);
    expect(stale.remaining).toBe(1);
  });

  test("a list that only differs in its own resourceVersion is the same answer", async () => {
    let version = 0;
    const { client, proxy } = await stage((_request, response) => {
      version += 1;
      response.end(`{"kind":"PodList","metadata":{"resourceVersion":"${version}"},"items":[]}`);
    });
    await client.get(PODS);
    const stale = proxy.inject({ fault: { kind: "stale" } });
    await client.get(PODS);
    expect(stale.remaining).toBe(1);
  });
});

describe("watches", () => {
  const events = [
    podEvent("p1", 1, "ADDED"),
    podEvent("p2", 2),
    podEvent("p1", 3),
    podEvent("p1", 4, "DELETED"),
  ];

  test("an event that never arrives", async () => {
    const { client, proxy } = await stage(watchOf(...events));
    proxy.inject({ when: { kind: "watch pods" }, fault: { kind: "watch-drop", afterEvents: 1, events: 2 } });
    expect(await readEvents(client)).toEqual(["ADDED 1", "DELETED 4"]);
    // Each missing event is told.
    expect(proxy.incidents).toHaveLength(2);
  });

  test("an event of one object that never arrives", async () => {
    const { client, proxy } = await stage(watchOf(...events));
    proxy.inject({ fault: { kind: "watch-drop", name: "p2" } });
    expect(await readEvents(client)).toEqual(["ADDED 1", "MODIFIED 3", "DELETED 4"]);
  });

  test("an event that arrives three times, bookmarks not counted", async () => {
    const bookmark = podEvent("", 2, "BOOKMARK");
    const { client, proxy } = await stage(watchOf(bookmark, ...events));
    proxy.inject({ fault: { kind: "watch-repeat", afterEvents: 1, times: 2 } });
    expect(await readEvents(client)).toEqual([
      "BOOKMARK 2",
      "ADDED 1",
      "MODIFIED 2",
      "MODIFIED 2",
      "MODIFIED 2",
      "MODIFIED 3",
      "DELETED 4",
    ]);
  });

  test("410 as an ERROR event after some events, and as an answer", async () => {
    const { client, proxy } = await stage(watchOf(...events));
    proxy.inject({ fault: { kind: "gone", as: "event", afterEvents: 2 } });
    expect(await readEvents(client)).toEqual(["ADDED 1", "MODIFIED 2", "ERROR 410"]);
    proxy.inject({ fault: { kind: "gone", as: "event" } });
    expect(await readEvents(client)).toEqual(["ERROR 410"]);
    proxy.inject({ fault: { kind: "gone", as: "http" } });
    const answer = await client.get(WATCH);
    expect(answer.status).toBe(410);
    expect(answer.json).toMatchObject({ kind: "Status", reason: "Expired", code: 410 });
  });

  test("events that come in pieces are whole to the faults", async () => {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    const { client, proxy } = await stage((_request, response) => {
      response.write(text.slice(0, 30), () => setImmediate(() => response.end(text.slice(30))));
    });
    proxy.inject({ fault: { kind: "watch-drop" } });
    expect(await readEvents(client)).toEqual(["MODIFIED 2", "MODIFIED 3", "DELETED 4"]);
  });
});

describe("logs", () => {
  const handler: Handler = (_request, response) => void response.end("2026-01-01T00:00:00.000000000Z one\n");

  test("the kubelet's words at the end of a 200", async () => {
    const { client, proxy } = await stage(handler);
    const text = "failed to create fsnotify watcher: too many open files";
    proxy.inject({ when: { kind: "log-follow" }, fault: { kind: "error-text", text } });
    const answer = await client.get(`${LOG}?follow=true`);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(`2026-01-01T00:00:00.000000000Z one\n${text}`);
  });

  test("the kubelet's words instead of the log", async () => {
    const { client, proxy } = await stage(handler);
    const text = "unable to retrieve container logs for containerd://0123";
    proxy.inject({ when: { kind: "log-read" }, fault: { kind: "error-text", text, afterBytes: 0 } });
    expect(await client.get(LOG)).toMatchObject({ status: 200, text });
  });
});

describe("tokens", () => {
  test("401 until a new token", async () => {
    const { client, proxy } = await stage(json({}));
    proxy.inject({ when: { kind: "list pods" }, fault: { kind: "unauthorized" } });
    expect((await client.get(PODS)).status).toBe(401);
    expect((await client.get(JOBS)).status).toBe(401);
    const authorization = `Bearer ${proxy.issueToken()}`;
    expect((await client.send("GET", PODS, { headers: { authorization } })).status).toBe(200);
    expect(proxy.kubeconfig).toContain(authorization.slice("Bearer ".length));
  });

  test("a token file is rewritten, and its reader goes on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fault-proxy-"));
    closers.push(() => rmSync(folder, { recursive: true }));
    const { client, proxy } = await stage(json({}), { tokenFile: join(folder, "token") });
    proxy.inject({ fault: { kind: "unauthorized", renewAfterMilliseconds: 0 } });
    expect((await client.get(PODS)).status).toBe(401);
    await expect.poll(async () => (await client.get(PODS)).status, { timeout: 10_000 }).toBe(200);
  });
});

describe("connections", () => {
  test("GOAWAY: requests under way are answered, the connection ends", async () => {
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<() => void>();
    const { proxy } = await stage((_request, response) => onAsked(() => response.end("late")));
    const { certificate, token } = credentials(proxy);
    const session = connect(proxy.url, { ca: certificate });
    const goneAway = new Promise<number>((resolve) => session.once("goaway", resolve));
    const closed = new Promise<void>((resolve) => session.once("close", () => resolve()));
    proxy.inject({ when: { kind: "get pods" }, fault: { kind: "goaway" } });
    const stream = session.request({ ":path": `${PODS}/p1`, authorization: `Bearer ${token}` });
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const ended = new Promise<void>((resolve) => stream.once("end", () => resolve()));
    (await asked)();
    await Promise.all([goneAway, ended, closed]);
    expect(text).toBe("late");
    expect(proxy.incidents).toMatchObject([{ protocol: "HTTP/2", fault: { kind: "goaway" } }]);
  });

  test("a reset on HTTP/2 breaks one answer and leaves the others", async () => {
    const { proxy } = await stage((request, response) => {
      if (request.url?.includes("follow") === true) response.write("line\n");
      else response.end("{}");
    });
    const { certificate, token } = credentials(proxy);
    const session = connect(proxy.url, { ca: certificate });
    closers.unshift(() => session.close());
    proxy.inject({ when: { kind: "log-follow" }, fault: { kind: "cut", afterBytes: 5, ending: "reset" } });
    const ask = (path: string): Promise<string> =>
      new Promise((resolve) => {
        const stream = session.request({ ":path": path, authorization: `Bearer ${token}` });
        let text = "";
        stream.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        stream.once("end", () => resolve(text));
        stream.once("error", (error: NodeJS.ErrnoException) => resolve(`${text}${error.code ?? ""}`));
      });
    expect(await ask(`${LOG}?follow=true`)).toBe("line\nERR_HTTP2_STREAM_ERROR");
    expect(await ask(PODS)).toBe("{}");
  });

  test("an outage refuses connections, and ends on the same port", async () => {
    const { client, proxy } = await stage(json({}));
    await client.get(PODS);
    const outage = await proxy.outage();
    await expect(client.get(PODS)).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNREFUSED|ECONNRESET/),
    });
    await outage.end();
    expect((await client.get(PODS)).status).toBe(200);
  });

  test("close leaves no connection, with answers still open", async () => {
    const { proxy, client } = await stage((_request, response) => void response.write("line\n"));
    const answer = await client.open(`${LOG}?follow=true`);
    await proxy.close();
    const read = async (): Promise<void> => {
      for await (const chunk of answer.body) expect(chunk.toString()).toBe("line\n");
    };
    await expect(read()).rejects.toMatchObject({ code: "ECONNRESET" });
    await expect(client.get(PODS)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("rules and plans", () => {
  test("a rule skips, happens so many times, and ends", async () => {
    const { client, proxy } = await stage(json({}));
    proxy.inject({ when: { kind: "list *" }, skip: 1, times: 2, fault: { kind: "status", code: 500 } });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await client.get(PODS)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  test("a removed rule and a healed proxy break nothing", async () => {
    const always: PlanEntry = { probability: 1, fault: { kind: "status", code: 503 } };
    const { client, proxy } = await stage(json({}), { plan: [always] });
    expect((await client.get(PODS)).status).toBe(503);
    proxy.heal();
    const rule = proxy.inject({ fault: { kind: "status", code: 500 }, times: Infinity });
    expect((await client.get(PODS)).status).toBe(500);
    rule.remove();
    expect((await client.get(PODS)).status).toBe(200);
  });

  test.each([
    { kind: "get pods" },
    { name: "other" },
    { name: /^other/ },
    { namespace: "other" },
    { kind: ["watch pods", "create *"] },
  ])("%o is not this request", async (when) => {
    const { client, proxy } = await stage(json({}));
    proxy.inject({ when, fault: { kind: "status", code: 500 } });
    expect((await client.get(`${PODS}?fieldSelector=metadata.name%3Dp1`)).status).toBe(200);
  });

  describe("a plan", () => {
    const plan: PlanEntry[] = [
      {
        when: { kind: "get pods" },
        probability: 0.5,
        fault: (random) => ({ kind: "status", code: random() < 0.5 ? 500 : 503 }),
      },
    ];
    const TIMES = 16;

    /** Asks for two pods in the given order, and returns the first one's answers and then the second one's. */
    async function ask(names: readonly [string, string], order: string, seed: number): Promise<number[]> {
      const { client } = await stage(json({}), { plan, seed });
      const answers: [number[], number[]] = [[], []];
      for (const letter of order) {
        const index = letter === "b" ? 1 : 0;
        answers[index].push((await client.get(`${PODS}/${names[index]}`)).status);
      }
      return answers.flat();
    }

    test("breaks the same requests of the same objects whatever their order", async () => {
      const statuses = await ask(["first", "second"], "ab".repeat(TIMES), 7);
      expect(new Set(statuses)).toEqual(new Set([200, 500, 503]));
      const second = "b".repeat(TIMES) + "a".repeat(TIMES);
      expect(await ask(["first", "second"], second, 7)).toEqual(statuses);
      expect(await ask(["first", "second"], "ba".repeat(TIMES), 7)).toEqual(statuses);
      expect(await ask(["first", "second"], "ab".repeat(TIMES), 8)).not.toEqual(statuses);
      expect(await ask(["first", "third"], "ab".repeat(TIMES), 7)).not.toEqual(statuses);
    });

    test("takes a pod of a Job for the same one in every run, though its name ends differently", async () => {
      const statuses = await ask(["first-b5x2z", "second-4dghj"], "ab".repeat(TIMES), 7);
      expect(await ask(["first-hjk22", "second-wxz99"], "ba".repeat(TIMES), 7)).toEqual(statuses);
    });

    test("lets the test say what the same object is, and tells which draw made a fault", async () => {
      const { client, proxy } = await stage(json({}), {
        plan: [{ probability: 1, fault: { kind: "status", code: 503 } }],
        objectOf: ({ name }) => (name ?? "").toUpperCase(),
      });
      await client.get(`${PODS}/p1`);
      await client.get(`${PODS}/p1`);
      expect(proxy.incidents.map((incident) => incident.draw)).toEqual([
        { kind: "get pods", object: "P1", attempt: 1, entry: 0 },
        { kind: "get pods", object: "P1", attempt: 2, entry: 0 },
      ]);
    });

    test("an incident of a rule has no draw", async () => {
      const { client, proxy } = await stage(json({}));
      proxy.inject({ fault: { kind: "status", code: 503 } });
      await client.get(`${PODS}/p1`);
      expect(proxy.incidents).toMatchObject([{ source: "rule", draw: null }]);
    });
  });
});

function credentials(proxy: FaultProxy): { readonly certificate: string; readonly token: string } {
  const config: Json = parse(proxy.kubeconfig);
  const data: string = config.clusters[0].cluster["certificate-authority-data"];
  return { certificate: Buffer.from(data, "base64").toString("utf8"), token: config.users[0].user.token };
}
