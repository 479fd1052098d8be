/** Where a timestamp ends and the text begins: each place of it, broken. */

import { describe, expect, test } from "vitest";
import { countedLine, hashBytes, parseLine } from "../../../src/logs/lines/record.ts";
import { formatTimestamp, nanosecondsBetween, sameLine } from "../../../src/logs/lines/line-mark.ts";
import { createLineSplitter } from "../../../src/logs/lines/split.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (line: { readonly text: Uint8Array }): string => Buffer.from(line.text).toString();

describe("a timestamp with one character of it replaced is none", () => {
  test.each([
    "2026-11-22T17:00:00.000000001Z",
    "2026-11-22T17:00:00.000000001+05:30",
    "2026-11-22T17:00:00-03:00",
  ])("%s", (stamp) => {
    const broken: string[] = [];
    for (let at = 0; at <= stamp.length; at++) {
      const line = `${stamp} hello`;
      const changed = `${line.slice(0, at)}x${line.slice(at + 1)}`;
      if (parseLine(bytes(changed)).kind !== "unstamped") broken.push(changed);
    }
    expect(broken).toEqual([]);
  });

  // "/" and ":" stand beside the digits in ASCII.
  test.each([
    "/026-11-22T17:00:00.000000001Z hello",
    ":026-11-22T17:00:00.000000001Z hello",
    "2026-11-22T17:00:00./00000001Z hello",
    "2026-11-22T17:00:00.:00000001Z hello",
    "2026-11-22T17:00:00.000000001+05:30",
    "2026-11-22T17:00:00.000000001*05:30 hello",
    "2026-11-22T17:00:00.000000001+05:30hello",
  ])("%s", (line) => {
    expect(parseLine(bytes(line)).kind).toBe("unstamped");
  });

  test.each([
    ["2026-11-22T17:00:00.999999999Z ", ""],
    ["2026-11-22T17:00:00Z x", "x"],
    ["2026-11-22T17:00:00Z ", ""],
    ["2026-11-22T17:00:00.000000000+05:30 ", ""],
    ["2026-11-22T17:00:00.000000001Z  two spaces", " two spaces"],
  ])("%j is one, with the text %j", (line, wanted) => {
    const read = parseLine(bytes(line));
    expect(read.kind).toBe("line");
    expect(text(read)).toBe(wanted);
  });

  test("what stands behind the piece that is looked at does not count", () => {
    const chunk = bytes("2026-11-22T17:00:00.000000001Z hello");
    expect(parseLine(chunk, 0, 30).kind).toBe("unstamped");
    expect(text(parseLine(chunk, 0, 33))).toBe("he");
    expect(text(parseLine(bytes(`ab${Buffer.from(chunk).toString()}`), 2))).toBe("hello");
    expect(text(parseLine(chunk, 3, 9))).toBe("6-11-2");
  });
});

test.each([
  ["2026-11-22T17:00:00.000000001+05:30 x", "2026-11-22T11:30:00Z"],
  ["2026-11-22T17:00:00.000000001-05:45 x", "2026-11-22T22:45:00Z"],
  ["2000-02-29T00:00:00Z x", "2000-02-29T00:00:00Z"],
  ["1900-03-01T00:00:00Z x", "1900-03-01T00:00:00Z"],
  ["2100-03-01T12:34:56Z x", "2100-03-01T12:34:56Z"],
  ["2024-12-31T23:59:59Z x", "2024-12-31T23:59:59Z"],
])("%s", (line, wanted) => {
  expect(parseLine(bytes(line))).toMatchObject({ kind: "line", seconds: Date.parse(wanted) / 1000 });
});

describe("a line of a node that writes no timestamps", () => {
  test("has its place in the file for one, and its whole text", () => {
    expect(countedLine(bytes("hello"), 7)).toEqual({
      kind: "line",
      seconds: 0,
      nanoseconds: 7,
      hash: hashBytes(bytes("hello")),
      text: bytes("hello"),
      cut: false,
    });
  });

  test("or its text without the timestamp, where it has one after all", () => {
    expect(text(countedLine(bytes("2026-11-22T17:00:00Z hello"), 7))).toBe("hello");
  });

  test("is counted over the chunks of an answer", () => {
    const splitter = createLineSplitter(true);
    const lines = [bytes("a\nb\nc"), bytes("c"), bytes("c\nd\n"), bytes("e")].flatMap((chunk) =>
      splitter.push(chunk),
    );
    const last = splitter.rest();
    expect(
      [...lines, last].map((line) => [line?.kind === "line" && line.nanoseconds, line && text(line)]),
    ).toEqual([
      [0, "a"],
      [1, "b"],
      [2, "ccc"],
      [3, "d"],
      [4, "e"],
    ]);
    expect(splitter.rest()).toBeNull();
  });
});

test("the hash tells texts apart by their bytes and by their length", () => {
  const hashes = ["", "a", "b", "ab", "\0", "\0\0"].map((one) => hashBytes(bytes(one)));
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashBytes(Buffer.alloc(2 ** 21 + 1))).not.toBe(hashBytes(Buffer.alloc(2 ** 21 + 2)));
  expect(hashes.every((hash) => Number.isSafeInteger(hash))).toBe(true);
});

describe("two marks", () => {
  const mark = { seconds: 1_795_366_800, nanoseconds: 5, hash: 1 };
  test("how far one is behind the other, in nanoseconds", () => {
    expect(nanosecondsBetween(mark, { ...mark, nanoseconds: 9 })).toBe(4);
    expect(nanosecondsBetween(mark, { ...mark, seconds: mark.seconds - 1 })).toBe(-1e9);
  });

  test("are of one line when time and text agree", () => {
    expect(sameLine(mark, { ...mark })).toBe(true);
    for (const other of [{ seconds: 1 }, { nanoseconds: 6 }, { hash: 2 }])
      expect(sameLine(mark, { ...mark, ...other })).toBe(false);
  });

  test("are written with nine digits, in UTC", () => {
    expect(
      formatTimestamp({ seconds: Date.parse("2026-11-22T17:00:00Z") / 1000, nanoseconds: 42, hash: 0 }),
    ).toBe("2026-11-22T17:00:00.000000042Z");
  });
});
