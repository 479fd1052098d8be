import * as fc from "fast-check";
import { expect, test } from "vitest";
import { summarizeStream } from "../src/index.ts";
import type { ClaudeEvent } from "../src/index.ts";
import { recording, recordingNames } from "./recordings.ts";
import { bytesOf, cutAt, eventsOf, foldOf, joined, linesOf } from "./streams.ts";

/** Frames of one shape have the same names in the same order: the shortest of each is cut everywhere. */
function shapeOf(line: Uint8Array): string {
  const names = new TextDecoder().decode(line).match(/"(?:type|subtype)":"\w+"|"\w+":/g);
  return names === null ? "no frame" : names.join("");
}

function linesOfEveryShape(): Uint8Array[] {
  const shapes = new Map<string, Uint8Array>();
  for (const line of recordingNames.flatMap((name) => linesOf(recording(name)))) {
    const shape = shapeOf(line);
    const known = shapes.get(shape);
    if (line.length < 2048 && (known === undefined || line.length < known.length)) shapes.set(shape, line);
  }
  return [...shapes.values()];
}

test("a line cut anywhere gives the events of the whole line", () => {
  const lines = linesOfEveryShape();
  const wrong: string[] = [];
  for (const line of lines) {
    const whole = JSON.stringify(eventsOf([line]));
    for (let cut = 0; cut <= line.length; cut++) {
      const events = JSON.stringify(eventsOf([line.subarray(0, cut), line.subarray(cut)]));
      if (events !== whole) wrong.push(`cut at byte ${cut}: ${events}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(lines.length).toBeGreaterThan(100);
});

test("any chunks of a recording give the same events", () => {
  for (const name of recordingNames) {
    const bytes = recording(name);
    const whole = eventsOf([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), (places) => {
        expect([name, eventsOf(cutAt(bytes, places))]).toEqual([name, whole]);
      }),
      { numRuns: bytes.length > 100_000 ? 1 : 3 },
    );
  }
});

test("a recording cut short anywhere is summarized as the fold of its events", async () => {
  for (const name of recordingNames) {
    const bytes = recording(name);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length }), async (end) => {
        const chunks = [bytes.subarray(0, end)];
        expect([name, await summarizeStream(chunks)]).toEqual([name, foldOf(chunks)]);
      }),
      { numRuns: bytes.length > 100_000 ? 1 : 3 },
    );
  }
});

/** Bytes that mean something to a line splitter, a decoder or a JSON parser. */
const pieces = fc.constantFrom(
  '{"type":"system","subtype":"init","session_id":"s"}',
  '{"type":"user","message":{"role":"user","content":"a\\u2028b"}}',
  '{"type":"assistant","message":{"content":[{"type":"text","text":"漢字 \u{1f600}"}]}}',
  '{"type":"constructor"}',
  '{"type":"system","subtype":"__proto__"}',
  '{"type":"result","modelUsage":{"__proto__":{"costUSD":1},"constructor":{"costUSD":2}}}',
  "{",
  "}",
  '"',
  "\\",
  "\n",
  "\r\n",
  "\r",
  "\0",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\u0085",
  " ",
  "null",
  "[]",
);
const anyBytes = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: pieces.map(bytesOf) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
    ),
    { maxLength: 24 },
  )
  .map((parts) => joined(parts));

/** The bytes of UTF-16 are counted as in UTF-8. */
function isUtf16(bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes.subarray(0, 4));
  return /^(?:\xff\xfe|\xfe\xff|\{\0"\0|\[\0\{\0|\0\{\0"|\0\[\0\{)/.test(text);
}

function sizeOf(events: readonly ClaudeEvent[]): number {
  return events.reduce((sum, event) => sum + event.lineBytes, 0);
}

test("any bytes in any chunks give the same events, and all bytes are accounted for", () => {
  fc.assert(
    fc.property(anyBytes, fc.array(fc.nat({ max: 400 }), { maxLength: 8 }), (bytes, cuts) => {
      const whole = eventsOf([bytes]);
      expect(eventsOf(cutAt(bytes, cuts))).toEqual(whole);
      expect(isUtf16(bytes) || sizeOf(whole) === bytes.length).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("any bytes in any chunks are summarized as the fold of their events", async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, fc.array(fc.nat({ max: 400 }), { maxLength: 8 }), async (bytes, cuts) => {
      expect(await summarizeStream(cutAt(bytes, cuts))).toEqual(foldOf([bytes]));
    }),
    { numRuns: 500 },
  );
});

test("text in any chunks gives what its bytes give, lone surrogates as U+FFFD", () => {
  const unit = fc.constantFrom("\ud83d", "\ude00", "a", "\n", "漢", '{"type":"keep_alive"}', "\ufeff");
  fc.assert(
    fc.property(
      fc.array(unit, { maxLength: 30 }).map((units) => units.join("")),
      fc.array(fc.nat({ max: 60 }), { maxLength: 6 }),
      (text, cuts) => {
        const ends = [...cuts.filter((cut) => cut <= text.length), text.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        expect(eventsOf(chunks)).toEqual(eventsOf([bytesOf(text)]));
      },
    ),
    { numRuns: 500 },
  );
});

test("text and bytes may alternate", () => {
  const frame = '{"type":"system","subtype":"status","status":"\u{1f600}"}\n';
  const bytes = bytesOf(frame);
  const chunks = [frame.slice(0, 20), bytes.subarray(20, 45), bytes.subarray(45)];
  expect(eventsOf(chunks)).toEqual(eventsOf([frame]));
});

test.each([
  ["CRLF", (line: string) => `${line}\r\n`],
  ["blank lines", (line: string) => `\n${line}\n\n`],
  ["spaces around", (line: string) => `  ${line}\t\n`],
])("%s change nothing but the count of bytes and lines", (_name, wrap) => {
  const frame = '{"type":"result","subtype":"success","is_error":false,"result":"a\u2028b"}';
  const { bytes: _bytes, lines: _lines, ...rest } = foldOf([wrap(frame)]);
  const { bytes: _plainBytes, lines: _plainLines, ...plain } = foldOf([`${frame}\n`]);
  expect(rest).toEqual(plain);
  expect(rest.finalText).toBe("a\u2028b");
});

test("a byte order mark before a frame is no part of it", () => {
  const [event] = eventsOf(['\ufeff{"type":"keep_alive"}\n']);
  expect(event).toMatchObject({ type: "keep_alive", lineBytes: 25 });
});
