import { expect, test } from "vitest";
import { costOf, StreamParserError } from "../src/index.ts";
import { usageOfSessions } from "../src/sessions/index.ts";
import { bytesOf, eventsOf, foldOf } from "./streams.ts";

interface Line {
  readonly id?: string | null;
  readonly request?: string | null;
  readonly output?: number;
  readonly time?: string | null;
  readonly session?: string;
  readonly model?: string;
  readonly more?: object;
}

let count = 0;

/** A line as a session file holds it. */
function line({
  id = "msg_1",
  request = "req_1",
  output = 10,
  time = "2026-11-28T10:00:00.000Z",
  ...rest
}: Line) {
  const { session = "s1", model = "claude-opus-5-5", more = {} } = rest;
  return `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    type: "assistant",
    uuid: `00000000-0000-4000-8000-${String(count++).padStart(12, "0")}`,
    sessionId: session,
    version: "2.1.330",
    cwd: "/workspace/demo",
    ...(request !== null && { requestId: request }),
    ...(time !== null && { timestamp: time }),
    message: {
      ...(id !== null && { id }),
      model,
      role: "assistant",
      content: [{ type: "text", text: "Done." }],
      usage: { input_tokens: 100, output_tokens: output, cache_read_input_tokens: 7 },
    },
    ...more,
  })}\n`;
}

const utc = { timeZone: "UTC" };

test("a session file is read with its session's id", () => {
  const file = line({ session: "7f0c2a54" });
  expect(eventsOf([file])[0]).toMatchObject({ type: "assistant", sessionId: "7f0c2a54", requestId: "req_1" });
  expect(foldOf([file])).toMatchObject({
    sessionId: "7f0c2a54",
    cliVersion: "2.1.330",
    workingDirectory: "/workspace/demo",
    contradictions: [],
  });
});

test("messages add up by day, model and session", async () => {
  const first = [
    '{"type":"summary","summary":"Prices","leafUuid":"x"}\n',
    line({ id: "a" }),
    line({ id: "b", time: "2026-11-29T01:00:00Z", model: "claude-haiku-4-5", output: 20 }),
  ];
  const second = line({ id: "c", session: "s2", time: "2026-11-29T02:00:00Z", output: 30 });
  const usage = await usageOfSessions([first.join(""), bytesOf(second)], utc);
  expect(usage.total).toMatchObject({
    messages: 3,
    usage: { inputTokens: 300, outputTokens: 60, cacheReadInputTokens: 21 },
  });
  expect(usage.rows.map((row) => [row.day, row.model, row.sessionId, row.usage.outputTokens])).toEqual([
    ["2026-11-28", "claude-opus-5-5", "s1", 10],
    ["2026-11-29", "claude-haiku-4-5", "s1", 20],
    ["2026-11-29", "claude-opus-5-5", "s2", 30],
  ]);
  expect(Object.entries(usage.byDay).map(([day, sum]) => [day, sum.messages])).toEqual([
    ["2026-11-28", 1],
    ["2026-11-29", 2],
  ]);
  expect(Object.keys(usage.byModel)).toEqual(["claude-opus-5-5", "claude-haiku-4-5"]);
  expect(usage.bySession["s1"]?.usage.outputTokens).toBe(30);
  const cost = costOf({ inputTokens: 100, outputTokens: 30, cacheReadInputTokens: 7 }, "claude-opus-5-5");
  expect(usage.bySession["s2"]?.costUsd).toBe(cost);
});

test.each([
  ["the lines of its content blocks", [line({}), line({}), line({})]],
  ["a count that grows from line to line", [line({ output: 1 }), line({ output: 10 }), line({ output: 1 })]],
  ["a copy in the file of a resumed session", [line({}), line({ session: "s2" })]],
  ["lines without a request id", [line({ request: null }), line({ request: null })]],
  ["a request id in some lines only", [line({}), line({ request: null }), line({})]],
  ["a request id in the last line only", [line({ request: null }), line({})]],
])("a message counts once: %s", async (_what, lines) => {
  const { total, bySession } = await usageOfSessions(lines, utc);
  expect(total).toMatchObject({ messages: 1, usage: { inputTokens: 100, outputTokens: 10 } });
  expect(Object.keys(bySession)).toEqual(["s1"]);
});

test("equal message ids of different requests are different messages", async () => {
  const lines = [line({ request: "req_1" }), line({ request: "req_2" }), line({ request: "req_2" })];
  expect((await usageOfSessions(lines, utc)).total.messages).toBe(2);
});

test("lines without a message id are messages of their own", async () => {
  expect((await usageOfSessions([line({ id: null }), line({ id: null })], utc)).total.messages).toBe(2);
});

test("what the CLI made up itself does not count", async () => {
  const lines = [
    line({ model: "<synthetic>" }),
    '{"type":"user","message":{"role":"user","content":"hi"}}\n',
    "oh\n",
  ];
  expect(await usageOfSessions(lines, utc)).toMatchObject({ total: { messages: 0, costUsd: 0 }, rows: [] });
});

test("the cost that an old release wrote down stands; without a price it is unknown", async () => {
  expect((await usageOfSessions([line({ more: { costUSD: 0.25 } })], utc)).total.costUsd).toBe(0.25);
  expect((await usageOfSessions([line({ model: "somebody-elses" })], utc)).total.costUsd).toBeNull();
});

test("the day is the time zone's", async () => {
  const late = [line({ time: "2026-11-28T23:30:00Z" })];
  expect(Object.keys((await usageOfSessions(late, utc)).byDay)).toEqual(["2026-11-28"]);
  expect(Object.keys((await usageOfSessions(late, { timeZone: "Asia/Tokyo" })).byDay)).toEqual([
    "2026-11-29",
  ]);
  expect(Object.keys((await usageOfSessions([line({ time: null })], utc)).byDay)).toEqual(["unknown"]);
  await expect(usageOfSessions([], { timeZone: "Mars/Olympus" })).rejects.toThrow(StreamParserError);
});

test("files may come as chunks, and one after another", async () => {
  async function* chunks() {
    const bytes = bytesOf(line({}));
    yield bytes.subarray(0, 50);
    yield bytes.subarray(50);
  }
  async function* files() {
    yield chunks();
    yield line({ id: "b" });
  }
  expect((await usageOfSessions(files(), utc)).total.messages).toBe(2);
});
