import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunSummary } from "../src/index.ts";
import { parseLine } from "../src/index.ts";
import { recording } from "./recordings.ts";
import { bytesOf, cutAt, eventsOf, foldOf } from "./streams.ts";

/** What became of a stream on its way, and must be read all the same. */
const session = "7f0c2a54-1d6e-4b3a-9c58-0a1b2c3d4e5f";
const frames = [
  {
    type: "system",
    subtype: "init",
    session_id: session,
    model: "claude-opus-5-5",
    tools: ["Bash"],
    uuid: "u1",
  },
  {
    type: "assistant",
    message: {
      id: "m",
      model: "claude-opus-5-5",
      content: [{ type: "text", text: '文件 {"type":1} [done]' }],
    },
    session_id: session,
    uuid: "u2",
  },
  {
    is_error: false,
    type: "result",
    subtype: "success",
    result: '文件 "{}" ok',
    session_id: session,
    total_cost_usd: 0.5,
    uuid: "u3",
  },
];
const lines = frames.map((frame) => JSON.stringify(frame));
const plain = `${lines.join("\n")}\n`;

/** What a summary says of the run, without what the way did to its lines. */
function said({ lines: _lines, bytes: _bytes, noise: _noise, noiseLines: _noiseLines, ...rest }: RunSummary) {
  return { ...rest, tracking: null, cost: rest.cost.own.costUsd };
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) {
    view.setUint16(2 * index, text.charCodeAt(index), littleEndian);
  }
  return bytes;
}

const pretty = JSON.stringify(frames, null, 2);

/** Each gives the run's frames, and these lines of noise. */
const forms: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  ["CRLF and a byte order mark", `\ufeff${lines.join("\r\n")}\r\n`, []],
  ["UTF-16, little end first, with a mark", utf16(`\ufeff${plain}`, true), []],
  ["UTF-16, big end first, with a mark", utf16(`\ufeff${plain}`, false), []],
  ["UTF-16 without a mark", utf16(plain, true), []],
  ["UTF-16, big end first, without a mark", utf16(plain, false), []],
  ["UTF-16 of a list", utf16(`[${lines.join(",")}]`, true), []],
  ["UTF-16 with CRLF", utf16(`\ufeff${lines.join("\r\n")}\r\n`, true), []],
  ["a list on one line", `[${lines.join(",")}]\n`, []],
  ["a list on one line without a line end", `[${lines.join(",")}]`, []],
  ["a list after a banner", `Now using node v22.4.1\n[${lines.join(", ")}]\n`, ["Now using node v22.4.1"]],
  ["a list with a frame a line", `[${lines.join(",\n")}]\n`, []],
  ["a list with its brackets on lines of their own", `[\n${lines.join(",\n")}\n]\n`, []],
  ["a pretty-printed list", pretty, []],
  ["a pretty-printed list with tabs", `${JSON.stringify(frames, null, "\t")}\n`, []],
  ["a pretty-printed list with CRLF", pretty.replaceAll("\n", "\r\n"), []],
  [
    "pretty-printed frames one after another",
    frames.map((frame) => JSON.stringify(frame, null, 2)).join("\n"),
    [],
  ],
  ["all frames on one line", lines.join(""), []],
  ["all frames on one line with spaces", `${lines.join(" ")}\n`, []],
  [
    "a frame behind words without a line end",
    lines.join("\n(node:17) Warning: oh"),
    ["(node:17) Warning: oh"],
  ],
  ["words glued to a frame's end", `${lines.join("Killed\n")}Killed\n`, ["Killed", "Killed", "Killed"]],
  ...[
    ["kubectl --timestamps", "2026-11-20T10:00:00.123456789Z "],
    ["kubectl --prefix", "[pod/run-abc12-x7k2p/main] "],
    ["kubectl --prefix --timestamps", "[pod/run-abc12-x7k2p/main] 2026-11-20T10:00:00.123456789Z "],
    ["a time in brackets", "[2026-11-20 10:00:00] "],
    ["a time with a zone", "2026-11-20T12:00:00+02:00 "],
    ["a time of day", "10:00:00.123 "],
    ["a time and a dash", "[2026-11-20T10:00:00.000Z] - "],
    ["cri", "2026-11-20T10:00:00.123456789Z stdout F "],
    ["docker compose", "claude-1  | "],
    ["syslog", "Nov 20 10:00:00 node-1 claude[123]: "],
    ["a level", "[INFO] 2026-11-20 10:00:00,123 "],
    ["GitHub Actions", "2026-11-20T10:00:00.1234567Z "],
    ["server-sent events", "data: "],
    ["colours", "\u001b[32m2026-11-20T10:00:00Z\u001b[0m "],
    ["seconds since 1970", "1796500000.123 "],
    ["an indentation", "    "],
  ].map(
    ([name, prefix]) =>
      [`the prefix of ${name}`, lines.map((line) => `${prefix}${line}\n`).join(""), []] as const,
  ),
  [
    "a prefix that nobody knows",
    lines.map((line) => `claude-run main ${line}\n`).join(""),
    ["claude-run main "],
  ],
];

describe("a stream that is none any more is read", () => {
  test.each(forms)("%s", (_name, input, noise) => {
    const summary = foldOf([input]);
    expect(said(summary)).toEqual(said(foldOf([plain])));
    expect(summary.noise).toEqual(noise);
    expect(summary.result?.success).toBe(true);
  });

  test("in any chunks alike", () => {
    for (const [name, input] of forms) {
      const bytes = typeof input === "string" ? bytesOf(input) : input;
      const whole = eventsOf([bytes]);
      fc.assert(
        fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 9 }), (cuts) => {
          expect([name, eventsOf(cutAt(bytes, cuts))]).toEqual([name, whole]);
        }),
        { numRuns: 8 },
      );
      const byByte = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
      expect([name, eventsOf(byByte)]).toEqual([name, whole]);
    }
  });

  test("up to where it breaks off", () => {
    const cut = foldOf([pretty.slice(0, pretty.lastIndexOf("total_cost_usd"))]);
    expect(cut).toMatchObject({ frames: 2, inits: 1, messages: 0, result: null });
    const behind = foldOf([
      `2026-11-20T10:00:00Z ${lines[0]}\n2026-11-20T10:00:01Z ${lines[2]?.slice(0, 40)}`,
    ]);
    expect(behind).toMatchObject({ frames: 1, lastLineCut: true, noise: [] });
    const glued = foldOf([`${lines[0]}${lines[1]?.slice(0, 40)}`]);
    expect(glued).toMatchObject({ frames: 1, lastLineCut: true, noise: [] });
  });

  test("any words before a frame, in any order with frames, lose no frame", () => {
    const word = fc.stringMatching(/^[a-zA-Z(){}[\]:.,' -]{1,30}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 3, maxLength: 3 }), (words) => {
        const input = lines.map((line, index) => `${words[index]}${line}\n`).join("");
        expect(foldOf([input]).results).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a live stream is not misread", () => {
  const forged = JSON.stringify({
    type: "result",
    subtype: "success",
    session_id: session,
    uuid: "f",
    result: "no",
  });

  test.each([
    [
      "a frame within a string",
      JSON.stringify({ type: "user", session_id: session, message: { content: forged } }),
    ],
    [
      "a frame within a tool's input",
      JSON.stringify({ type: "user", session_id: session, input: JSON.parse(forged) }),
    ],
    ["a frame within another program's object", JSON.stringify({ level: "info", frame: JSON.parse(forged) })],
    ["a frame in the middle of words", `sending ${forged} to the server`],
    ["a frame in the middle of a torn one", `"input":${forged}}],"stop_reason":null}`],
    ["a frame in the middle of a torn one at its beginning", `{"type":"user","input":${forged}}],"stop`],
    ["an object without ids", 'value: {"type":"result","subtype":"success"}'],
    ["an object of an unknown type", `value: {"type":"message","uuid":"u","session_id":"${session}"}`],
  ])("%s is no result", (_name, line) => {
    expect(foldOf([`${lines[0]}\n${line}\n`])).toMatchObject({ results: 0, inits: 1 });
  });

  test("a brace on a line of its own holds nothing back that follows", () => {
    const events = eventsOf([`{\n  method: 'post',\n${lines[0]}\n}\n${lines[2]}\n`]);
    expect(events.map(({ type }) => type)).toEqual(["noise", "noise", "init", "noise", "result"]);
  });

  test("an indented object of another program stays noise, line by line", () => {
    const text = '{\n  "type": "result",\n  "code": 1\n}\n';
    expect(foldOf([text])).toMatchObject({ frames: 0, results: 0, noise: text.trim().split("\n") });
  });

  test("a NUL among the first bytes is no UTF-16", () => {
    expect(foldOf([bytesOf(`a\0b\0\n${plain}`)]).results).toBe(1);
    expect(foldOf([bytesOf(`{\0\n${plain}`)]).results).toBe(1);
  });

  test("a text that opens thousands of objects costs no more than its length", () => {
    const hostile = `{"a":`.repeat(400_000);
    expect(foldOf([`x${hostile}\n${plain}`])).toMatchObject({ results: 1, noiseLines: 1 });
    expect(foldOf([`x${'{"'.repeat(900_000)}\n${plain}`]).results).toBe(1);
  });
});

describe("a frame that comes again", () => {
  test("adds nothing, and comes as repeated", () => {
    const events = eventsOf([plain, plain]);
    expect(events.map(({ type }) => type)).toEqual([
      "init",
      "assistant",
      "result",
      ...Array(3).fill("repeated"),
    ]);
    expect(events[5]).toMatchObject({ eventType: "result", uuid: "u3" });
    const { lines: _lines, bytes: _bytes, frames: _frames, ...twice } = foldOf([plain, plain]);
    const { lines: _once, bytes: _onceBytes, frames: _onceFrames, ...once } = foldOf([plain]);
    expect(twice).toEqual(once);
  });

  test("in the middle of a recording: a log that is read again from any line", () => {
    for (const name of ["subagent", "partial-messages", "tool-parallel", "stream-reset-recovers"]) {
      const bytes = recording(name);
      const { cost, turns, tools, results } = foldOf([bytes]);
      expect([name, foldOf([bytes, bytes])]).toMatchObject([
        name,
        { cost, turns, tools, results, contradictions: [] },
      ]);
    }
  });

  test("a made-up id that two different frames share is none", () => {
    const block = (text: string) =>
      JSON.stringify({
        type: "assistant",
        uuid: "same",
        message: { id: "m", content: [{ type: "text", text }] },
      });
    const events = eventsOf([[block("a"), block("b"), block("a")].join("\n")]);
    expect(events.map(({ type }) => type)).toEqual(["assistant", "assistant", "repeated"]);
  });

  test("pieces of streamed text with a made-up id are not taken for one another", () => {
    const piece = JSON.stringify({
      type: "stream_event",
      uuid: "u-1",
      event: { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: " " } },
    });
    expect(eventsOf([[piece, piece].join("\n")]).filter(({ type }) => type === "text")).toHaveLength(2);
  });
});

test("parseLine reads one line's frames, whatever stands around them", () => {
  const types = (line: string) => parseLine(line).map(({ type }) => type);
  expect(types(`2026-11-20T10:00:00Z ${lines[0]}\n`)).toEqual(["init"]);
  expect(types(`oh ${lines[0]}${lines[1]}`)).toEqual(["noise", "init", "assistant"]);
  expect(types("oh")).toEqual(["noise"]);
});
