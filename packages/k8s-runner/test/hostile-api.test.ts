/** An API server that means no good, or something else behind its address: no memory filled, no loop, no path out of a folder. */

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toApiError } from "../src/cluster/api-error.ts";
import { pathOf } from "../src/cluster/api-path.ts";
import { parseSupervision } from "../src/manifest/supervision.ts";
import { spoolPathOf } from "../src/follow/run-output.ts";
import { connect } from "../src/index.ts";
import type { Cluster } from "../src/index.ts";

const { signal } = new AbortController();

test.each([200, 500])("an answer without an end, status %s", async (status) => {
  const cluster = await connectTo((_asked, answered) => endless(answered, status));
  const before = process.memoryUsage().rss;
  const answer = await cluster.get("pods", "default", "p");
  const wanted =
    status === 200
      ? { httpStatus: null, kind: "rejected", reason: "ANSWER_TOO_LARGE" }
      : { httpStatus: status, kind: "unavailable" };
  expect(answer).toMatchObject({ kind: "error", error: wanted });
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
});

test("many questions at once, each answered without an end", async () => {
  let sent = 0;
  const cluster = await connectTo((_asked, answered) => endless(answered, 200, (bytes) => (sent += bytes)));
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
  const answers = await Promise.all(names.map((name) => cluster.get("pods", "default", name)));
  for (const answer of answers) expect(answer).toMatchObject({ error: { reason: "ANSWER_TOO_LARGE" } });
  // Each of them held what a list may have: more than a gigabyte.
  expect(sent).toBeLessThan(600 * 2 ** 20);
}, 60_000);

test("a watch's event without an end, and a refusal of a watch or a log without one", async () => {
  const cluster = await connectTo((asked, answered) => {
    endless(answered, asked.url?.includes("watch") === true && !asked.url.includes("refused") ? 200 : 500);
  });
  const selection = { resourceVersion: "1", timeoutSeconds: 60, silenceMilliseconds: 60_000 };
  const watch = await cluster.watch("pods", "default", selection, { signal });
  if (watch.kind === "error") throw new Error(watch.error.message);
  await expect(takeAll(watch.value)).rejects.toThrow("more than 16777216 bytes");
  const refused = { ...selection, labelSelector: "refused" };
  expect(await cluster.watch("pods", "default", refused, { signal })).toMatchObject({
    error: { httpStatus: 500 },
  });
  const log = { namespace: "default", podName: "p", container: "c", follow: false };
  expect(await cluster.logs.open(log, { signal })).toMatchObject({ kind: "unavailable" });
});

test.each(["always one more", "ever larger"])("a list without an end: %s", async (kind) => {
  let pages = 0;
  const items = Array.from({ length: kind === "ever larger" ? 5000 : 1 }, (_, index) => ({
    metadata: { name: `n${index}` },
  }));
  const cluster = await connectTo((_asked, answered) => {
    pages += 1;
    answered.end(JSON.stringify({ metadata: { continue: "x" }, items }));
  });
  expect(await cluster.list("pods", "default", {})).toMatchObject({
    kind: "error",
    error: { kind: "rejected", reason: "ListTooLong" },
  });
  expect(pages).toBe(kind === "ever larger" ? 21 : 1000);
});

test.each([
  ["null", "error"],
  ["[]", "error"],
  ['"text"', "error"],
  ["<html>", "error"],
  ['{"items":null}', "ok"],
  ['{"items":{"length":1e9}}', "ok"],
  ['{"items":[null,1,"x"],"metadata":null}', "ok"],
])("a list that is none: %s", async (body, kind) => {
  const cluster = await connectTo((_asked, answered) => void answered.end(body));
  const answer = await cluster.list("pods", "default", {});
  expect(answer).toMatchObject(kind === "ok" ? { kind, value: { items: [] } } : { kind });
});

test.each([
  ["a page of tags", "<".repeat(5_000_000)],
  ["a tag without an end", `<${"a".repeat(5_000_000)}`],
  ["open tags", "<a ".repeat(2_000_000)],
  ["white space", `${" ".repeat(3_000_000)}x`],
  ["causes that are none", '{"details":{"causes":[null,1,{"field":{}}]},"message":{},"reason":7}'],
  ["details that are none", '{"details":"x","reason":["a"]}'],
  // Work that is quadratic in one of these takes minutes, which the test's time limit tells.
])("an error's body: %s", (_name, body) => {
  const error = toApiError({ httpStatus: 500, body, retryAfter: null });
  expect(error.kind).toBe("unavailable");
  expect(typeof error.message).toBe("string");
  expect(error.message.length).toBeLessThan(600);
  expect(error.reason).toBeNull();
});

test.each([
  ["1e9", null, 600],
  ["-5", null, null],
  ["soon", null, null],
  [null, '{"details":{"retryAfterSeconds":1e300}}', 600],
  [null, '{"details":{"retryAfterSeconds":"7"}}', null],
  ["7", null, 7],
])("a server asks to be left alone: %s, %s", (retryAfter, body, wanted) => {
  expect(toApiError({ httpStatus: 429, body: body ?? "", retryAfter }).retryAfterSeconds).toBe(wanted);
});

test("a name of dots leads to no other resource", () => {
  expect(pathOf("pods", "..", ".")).toBe("/api/v1/namespaces/%2E%2E/pods/%2E");
  expect(pathOf("pods", "a/../b", "x?y#z")).toBe("/api/v1/namespaces/a%2F..%2Fb/pods/x%3Fy%23z");
});

test.each(["../../escaped/job", "..", "", "a/b", "a\0b", "x".repeat(65), "a.b"])(
  "the UID %j becomes no path",
  (uid) => {
    expect(spoolPathOf({ spoolFolder: "/spool" } as never, uid)).toBeNull();
  },
);

test("an ordinary UID does", () => {
  const uid = "5d8f4f0e-7c55-4a4b-9b1c-0d8f3f1f2a11";
  expect(spoolPathOf({ spoolFolder: "/spool" } as never, uid)).toBe(join("/spool", `${uid}.spool`));
});

test.each([
  "30000000",
  "null",
  "[]",
  "{",
  '{"graceSeconds":-1,"deadlineSeconds":1e300}',
  '{"graceSeconds":"30","deadlineSeconds":{},"budgets":[1]}',
  '{"budgets":{"podCreationSeconds":null,"imagePullSeconds":-5,"schedulingSeconds":"1"}}',
])("what stands on a Job is read with care: %s", (text) => {
  expect(parseSupervision(text)).toEqual(parseSupervision(undefined));
});

test("what the runner wrote there is read", () => {
  const written = { graceSeconds: 5, deadlineSeconds: 60, budgets: { queueSeconds: 9 }, queueName: "q" };
  expect(parseSupervision(JSON.stringify(written))).toMatchObject({
    ...written,
    budgets: { queueSeconds: 9, imagePullSeconds: 900 },
  });
});

async function connectTo(
  answer: (asked: IncomingMessage, answered: ServerResponse) => void,
): Promise<Cluster> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "k", cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [{ name: "c", context: { cluster: "k" } }],
    "current-context": "c",
  });
  const cluster = await connect({ kubeconfig });
  onTestFinished(async () => {
    await cluster.close();
    server.closeAllConnections();
    server.close();
  });
  return cluster;
}

async function takeAll(signals: AsyncIterable<unknown>): Promise<void> {
  for await (const _signal of signals);
}

function endless(answered: ServerResponse, status: number, sent?: (bytes: number) => void): void {
  answered.writeHead(status);
  answered.on("error", () => undefined);
  const piece = Buffer.alloc(2 ** 20, " ");
  const more = (): void => {
    for (let room = true; room && !answered.destroyed; sent?.(piece.length)) room = answered.write(piece);
    answered.once("drain", more);
  };
  more();
}
