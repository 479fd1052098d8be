import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLine } from "../../src/logs/lines/record.ts";
import type { LogLine } from "../../src/logs/lines/record.ts";
import { MOST_LINE_BYTES, createLineSplitter } from "../../src/logs/lines/split.ts";

const encoder = new TextEncoder();

describe("a line of a log answer", () => {
  test.each([
    ["2026-11-22T17:00:00.000000001Z hello", "2026-11-22T17:00:00Z", 1],
    ["2026-11-22T22:30:00.123456789+05:30 hello", "2026-11-22T17:00:00Z", 123_456_789],
    ["2026-11-22T14:00:00.000000000-03:00 hello", "2026-11-22T17:00:00Z", 0],
    ["2024-02-29T23:59:59.999999999Z hello", "2024-02-29T23:59:59Z", 999_999_999],
    ["1970-01-01T00:00:00.000000000Z hello", "1970-01-01T00:00:00Z", 0],
    ["2026-11-22T17:00:00.12345678Z hello", "2026-11-22T17:00:00Z", 123_456_780],
    ["2026-11-22T17:00:00.5+00:00 hello", "2026-11-22T17:00:00Z", 500_000_000],
    ["2026-11-22T17:00:00Z hello", "2026-11-22T17:00:00Z", 0],
    ["2026-11-22T22:30:00+05:30 hello", "2026-11-22T17:00:00Z", 0],
    ["0001-01-01T00:00:00Z hello", "0001-01-01T00:00:00Z", 0],
  ])("%s", (text, whole, nanoseconds) => {
    expect(parseLine(encoder.encode(text))).toMatchObject({
      kind: "line",
      seconds: Date.parse(whole) / 1000,
      nanoseconds,
      text: encoder.encode("hello"),
    });
  });

  test("every instant is read as the calendar has it", () => {
    const instant = fc.date({ min: new Date(0), max: new Date("2199-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(instant, (date) => {
        const line = parseLine(encoder.encode(`${date.toISOString().slice(0, 19)}.000000000Z x`));
        expect(line).toMatchObject({ kind: "line", seconds: Math.floor(date.getTime() / 1000) });
      }),
    );
  });

  test.each([
    "",
    "hello",
    "2026-11-22T17:00:00.000000001Z",
    "2026-11-22T17:00:00.Z hello",
    "2026-11-22T17:00:00.0000000001Z hello",
    "2026-11-22T17:00:00.00x000000Z hello",
    "2026-11-22T17:00:00Zhello",
    "2026-11-22T17:00:00 hello",
    "2026-11-22 17:00:00.000000001Z hello",
    "2026-11-22T17:00:00.000000001+0530 hello",
    "failed to create fsnotify watcher: too many open files",
  ])("has no timestamp: %j", (text) => {
    expect(parseLine(encoder.encode(text)).kind).toBe("unstamped");
  });

  test("keeps bytes that are not UTF-8, and carriage returns", () => {
    const text = Uint8Array.of(0xff, 0xfe, 13, 0, 0xc3);
    const bytes = Buffer.concat([encoder.encode("2026-11-22T17:00:00.000000001Z "), text]);
    expect(Buffer.compare(parseLine(bytes).text, text)).toBe(0);
  });
});

describe("splitting", () => {
  test("does not depend on where the chunks are cut", () => {
    const lines = fc.array(
      fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\n", "")),
    );
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 9 })), (texts, cuts) => {
        const bytes = encoder.encode(
          texts.map((text) => `2026-11-22T17:00:00.000000001Z ${text}\n`).join(""),
        );
        const splitter = createLineSplitter();
        const seen: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          for (const line of splitter.push(bytes.subarray(at, at + cut)))
            seen.push(Buffer.from(line.text).toString());
          at += cut;
        }
        expect(seen).toEqual(texts);
        expect(splitter.rest()).toBeNull();
      }),
    );
  });

  test("a line of almost 32 MiB in chunks of 16 KiB is copied once, not once a chunk", () => {
    const splitter = createLineSplitter();
    const chunk = Buffer.alloc(16 * 1024, "x");
    splitter.push(encoder.encode("2026-11-22T17:00:00.000000001Z "));
    for (let index = 0; index < 2047; index++) expect(splitter.push(chunk)).toEqual([]);
    const [line] = splitter.push(encoder.encode("\n"));
    expect(line).toMatchObject({ kind: "line", cut: false });
    expect(line?.text.length).toBe(2047 * 16 * 1024);
  });

  test.each([MOST_LINE_BYTES - 1, MOST_LINE_BYTES, MOST_LINE_BYTES + 1, 3 * MOST_LINE_BYTES])(
    "a line of %i bytes comes once, whole or as its beginning, however it is cut into chunks",
    (size) => {
      const line = Buffer.alloc(size + 1, "x");
      line.write("2026-11-22T17:00:00.000000001Z ");
      line[size] = 10;
      const after = encoder.encode("2026-11-22T17:00:01.000000000Z next\n");
      const [whole, pieces] = [size + 1, 1_000_003].map((step) => {
        const splitter = createLineSplitter();
        const lines: LogLine[] = [];
        for (let at = 0; at < line.length; at += step)
          lines.push(...splitter.push(line.subarray(at, at + step)));
        lines.push(...splitter.push(after));
        return lines.map((one) => ({
          stamped: one.kind === "line",
          cut: one.kind === "line" && one.cut,
          text: one.text.length,
        }));
      });
      expect(whole).toEqual(pieces);
      const cut = size > MOST_LINE_BYTES;
      expect(whole).toMatchObject([{ cut, text: Math.min(size, MOST_LINE_BYTES) - 31 }, { text: 4 }]);
    },
  );

  test("of a line without an end the beginning comes at once, and nothing of it is kept", () => {
    const splitter = createLineSplitter();
    splitter.push(encoder.encode("2026-11-22T17:00:00.000000001Z "));
    const chunk = Buffer.alloc(2 ** 20, "x");
    const lines = Array.from({ length: 100 }, () => splitter.push(chunk)).flat();
    expect(lines).toMatchObject([{ kind: "line", cut: true }]);
    expect(splitter.rest()).toBeNull();
  });
});
