/** The last lines of an output, as the evidence keeps them. */

import { describe, expect, test } from "vitest";
import { MOST_LINES, keepLast, linesOf } from "../../../src/logs/lines/last-lines.ts";
import { lastLineOf } from "../../../src/logs/lines/record.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const words = (lines: readonly Uint8Array[]): readonly string[] =>
  lines.map((line) => Buffer.from(line).toString());

test.each<[string, readonly string[]]>([
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\nb", ["a", "b"]],
  ["a\nb\n", ["a", "b"]],
  ["\n", [""]],
  ["\na\n", ["", "a"]],
  ["a\n\nb\n", ["a", "", "b"]],
  ["a\n\n", ["a", ""]],
])("the lines of %j", (text, wanted) => {
  expect(words(linesOf(bytes(text)))).toEqual(wanted);
  expect(Buffer.from(lastLineOf(bytes(text))).toString()).toBe(wanted.at(-1) ?? "");
});

test("of a longer piece the last twenty", () => {
  const all = Array.from({ length: 25 }, (_, index) => `line ${index}`);
  expect(MOST_LINES).toBe(20);
  expect(words(linesOf(bytes(all.join("\n"))))).toEqual(all.slice(5));
});

describe("kept", () => {
  const many = (from: number, count: number): readonly Uint8Array[] =>
    Array.from({ length: count }, (_, index) => bytes(`${from + index}`));

  test.each<[string, readonly Uint8Array[], readonly Uint8Array[], readonly string[]]>([
    ["few", many(0, 2), many(2, 1), ["0", "1", "2"]],
    ["those before fall out", many(0, 20), many(20, 2), words(many(2, 20))],
    ["all are new", many(0, 3), many(3, 30), words(many(13, 20))],
    ["nothing new", many(0, 2), [], ["0", "1"]],
  ])("%s", (_name, before, lines, wanted) => {
    expect(words(keepLast(before, lines))).toEqual(wanted);
  });

  test("copied, so that the chunk they came in is not kept, and at most 4 KiB of each", () => {
    const chunk = Buffer.alloc(10_000, "x");
    const [line] = keepLast([], [chunk]);
    chunk.fill("y");
    expect(line).toHaveLength(4096);
    expect(line?.[0]).toBe("x".charCodeAt(0));
    expect(line?.buffer.byteLength).toBeLessThan(10_000);
  });
});
