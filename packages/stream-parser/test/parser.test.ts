import { describe, expect, test } from "vitest";
import {
  claudeEventStream,
  createStreamParser,
  parseLine,
  parseStream,
  StreamParserError,
} from "../src/index.ts";
import type { ClaudeEvent } from "../src/index.ts";
import { recording } from "./recordings.ts";
import { bytesOf, cutAt, eventsOf, foldOf } from "./streams.ts";

const keepAlive = '{"type":"keep_alive"}';

function typesOf(events: readonly ClaudeEvent[]): string[] {
  return events.map((event) => event.type);
}

describe("lines that are no frames", () => {
  test.each([
    "Error: EPIPE",
    "",
    "null",
    "[1]",
    '"text"',
    "{broken",
    '{"level":"info","msg":"a wrapper\'s log line"}',
    '{"type":7}',
  ])("%s is noise", (text) => {
    const lineBytes = text.length + 1;
    expect(eventsOf([`${text}\n`])).toEqual([{ type: "noise", lineBytes, text }]);
  });

  test("the summary keeps the last 50, blank ones not, each cut to size", () => {
    const long = "x".repeat(5000);
    const lines = Array.from({ length: 70 }, (_, index) => `line ${index}\n\n`);
    const summary = foldOf([...lines, `${long}\n`]);
    expect(summary.noiseLines).toBe(71);
    expect(summary.noise).toHaveLength(50);
    expect(summary.noise[0]).toBe("line 21");
    expect(summary.noise.at(-1)).toBe(`${"x".repeat(2000)}… (3000 more characters)`);
  });
});

describe("the last line", () => {
  test("is a frame when it is whole, with or without a line end", () => {
    expect(typesOf(eventsOf([keepAlive]))).toEqual(["keep_alive"]);
    expect(foldOf([keepAlive]).lastLineCut).toBe(false);
  });

  test("is partial when it breaks off", () => {
    const text = '{"type":"result","subty';
    expect(eventsOf([`${keepAlive}\n${text}`]).at(-1)).toEqual({
      type: "partial",
      lineBytes: text.length,
      text,
    });
    expect(foldOf([text])).toMatchObject({ lastLineCut: true, noise: [], results: 0 });
  });

  test("is no cut frame when it is other output", () => {
    expect(foldOf(["Killed"])).toMatchObject({ lastLineCut: false, noise: ["Killed"] });
  });
});

describe("a line beyond the bound", () => {
  const maxLineBytes = 2000;
  const long = `{"type":"user","pad":"${"漢".repeat(1000)}"}`;
  const bytes = bytesOf(`${keepAlive}\n${long}\n${keepAlive}\n`);

  test("is told with its length and beginning, and the stream goes on", () => {
    const [, overflow, last] = eventsOf([bytes], { maxLineBytes });
    expect(overflow).toEqual({
      type: "overflow",
      lineBytes: bytesOf(long).length + 1,
      head: new TextDecoder().decode(bytesOf(long).subarray(0, 1024)),
      maxLineBytes,
    });
    expect(last?.type).toBe("keep_alive");
  });

  test("is the same in any chunks, also at the end of the stream", () => {
    const whole = eventsOf([bytes], { maxLineBytes });
    const unfinished = eventsOf([bytes.subarray(0, 3000)], { maxLineBytes });
    for (const size of [1, 7, 999, 1024, 1999, 2000, 2001]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(eventsOf(chunks, { maxLineBytes })).toEqual(whole);
      const pieces = cutAt(
        bytes.subarray(0, 3000),
        chunks.map((_, index) => index * size),
      );
      expect(eventsOf(pieces, { maxLineBytes })).toEqual(unfinished);
    }
    expect(typesOf(unfinished)).toEqual(["keep_alive", "overflow"]);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 28 + 1])("a bound of %d is a caller's mistake", (bound) => {
    expect(() => createStreamParser({ maxLineBytes: bound })).toThrow(StreamParserError);
  });

  test("a line of exactly the bound is read", () => {
    const line = bytesOf(keepAlive);
    expect(typesOf(eventsOf([line, "\n"], { maxLineBytes: line.length }))).toEqual(["keep_alive"]);
    expect(typesOf(eventsOf([line, "\n"], { maxLineBytes: line.length - 1 }))).toEqual(["overflow"]);
  });
});

describe("the end", () => {
  test("push after it is a caller's mistake", () => {
    const parser = createStreamParser();
    parser.end();
    let thrown: unknown;
    try {
      parser.push(keepAlive);
    } catch (error) {
      thrown = error;
    }
    expect(StreamParserError.isInstance(thrown)).toBe(true);
    expect(parser.end()).toEqual([]);
  });

  test("a chunk may be reused after push", () => {
    const parser = createStreamParser();
    const chunk = bytesOf(keepAlive);
    parser.push(chunk);
    chunk.fill(0);
    expect(typesOf(parser.end())).toEqual(["keep_alive"]);
  });
});

describe("frames", () => {
  test("of a type to come are kept, not dropped", () => {
    const frame = { type: "hologram", subtype: "v2", uuid: "u", session_id: "s", more: [1] };
    expect(parseLine(JSON.stringify(frame))).toEqual([
      {
        type: "unknown",
        frameType: "hologram/v2",
        uuid: "u",
        sessionId: "s",
        raw: frame,
        lineBytes: JSON.stringify(frame).length,
      },
    ]);
  });

  test("whose fields have other types than declared are read all the same", () => {
    const odd = [
      '{"type":"assistant","message":"x","supersedes":"y"}',
      '{"type":"assistant","message":{"content":[null,7,"s",[],{"type":"tool_use"}],"usage":[]}}',
      '{"type":"user","message":{"content":[{"type":"tool_result","content":{"a":1}}]},"tool_result_meta":{}}',
      '{"type":"result","subtype":3,"modelUsage":[],"permission_denials":[1],"errors":"x","usage":{"input_tokens":"9"}}',
      '{"type":"stream_event","event":null,"abandoned_blocks":{}}',
      '{"type":"system","subtype":"init","tools":{},"mcp_servers":[3,{}],"plugin_errors":[{}]}',
      '{"type":"system","subtype":"compact_boundary"}',
      '{"type":"rate_limit_event","rate_limit_info":{"unifiedWindows":{"x":1}}}',
      '{"type":"tool_progress","subagent_retry":{}}',
      '{"type":"system","subtype":"task_updated","patch":7}',
      '{"type":"control_request"}',
    ];
    const summary = foldOf([odd.join("\n")]);
    expect(summary.frames).toBe(odd.length);
    expect(summary.unknownFrames).toBe(0);
  });

  test("a heartbeat speaks of the call that runs", () => {
    const event = eventsOf([recording("long-bash")]).find(({ type }) => type === "tool_progress");
    expect(event).toMatchObject({ toolName: "Bash", heartbeat: true, parentToolUseId: null });
    expect(event?.type === "tool_progress" && event.toolUseId?.includes("heartbeat")).toBe(false);
  });
});

describe("streamed text", () => {
  test("comes as delta and snapshot", () => {
    const texts = eventsOf([recording("partial-messages")]).flatMap((event) =>
      event.type === "text" && event.channel === "text" ? [[event.index, event.delta, event.snapshot]] : [],
    );
    expect(texts).toContainEqual([0, "tries.", "There are two entries."]);
  });

  test("is retracted when the attempt broke off", () => {
    const events = eventsOf([recording("stream-reset-recovers")]);
    const retraction = events.find(({ type }) => type === "retraction");
    expect(retraction).toEqual({
      type: "retraction",
      lineBytes: 0,
      reason: "abandoned",
      messageId: "msg_fake00000000000000000002",
      fromBlockIndex: 0,
    });
  });

  test("a refused message is retracted, and again by the one that replaces it", () => {
    const reasons = eventsOf([recording("refusal")]).flatMap((event) =>
      event.type === "retraction" && event.reason !== "abandoned" ? [[event.reason, event.uuids]] : [],
    );
    const uuids = ["37e5207c-b894-4f12-b9bc-0bcc9674bb43"];
    expect(reasons).toEqual([
      ["refused", uuids],
      ["superseded", uuids],
    ]);
  });
});

describe("stream forms", () => {
  const bytes = recording("subagent");

  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000);
  }

  test("parseStream gives the parser's events", async () => {
    const events: ClaudeEvent[] = [];
    for await (const event of parseStream(chunks())) events.push(event);
    expect(events).toEqual(eventsOf([bytes]));
  });

  test("claudeEventStream gives the parser's events", async () => {
    const source = new ReadableStream<Uint8Array>({
      async start(controller) {
        for await (const chunk of chunks()) controller.enqueue(chunk);
        controller.close();
      },
    });
    const events: ClaudeEvent[] = [];
    const reader = source.pipeThrough(claudeEventStream()).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) events.push(next.value);
    expect(events).toEqual(eventsOf([bytes]));
  });
});

test.each([
  ["billing_error", "billing_error"],
  [undefined, null],
  [{ type: "error" }, null],
])("the class of an error on the result itself: %j", (error, wanted) => {
  const line = JSON.stringify({ type: "result", subtype: "success", is_error: true, result: "", error });
  expect(eventsOf([line])).toMatchObject([{ type: "result", error: wanted }]);
  expect(foldOf([line]).result).toMatchObject({ error: wanted });
});
