/** What the window of delivered lines keeps, forgets and writes into a cursor. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locate } from "../../../src/logs/lines/align.ts";
import { createWindow } from "../../../src/logs/lines/window.ts";
import type { DeliveredWindow } from "../../../src/logs/lines/window.ts";
import type { LineMark } from "../../../src/logs/lines/line-mark.ts";
import { fromKey, toKey } from "../../../src/logs/lines/cursor.ts";
import type { LogGap } from "../../../src/types/evidence.ts";

function mark(seconds: number, nanoseconds = 0, hash = 1): LineMark {
  return { seconds, nanoseconds, hash };
}

function windowOf(...marks: readonly LineMark[]): DeliveredWindow {
  const window = createWindow(null);
  for (const one of marks) window.push(one, 10);
  return window;
}

function marksOf(window: DeliveredWindow): readonly LineMark[] {
  return Array.from({ length: window.length }, (_, index) => window.at(index));
}

function gap(reason: LogGap["reason"]): LogGap {
  return { reason } as LogGap;
}

const second = Date.parse("2026-11-22T17:00:00Z") / 1000;

describe("what is asked for", () => {
  test.each<[string, DeliveredWindow, number, number | null]>([
    ["nothing delivered: all", windowOf(), 5, null],
    ["so many seconds before the newest line", windowOf(mark(1000)), 5, 995],
    ["that second itself", windowOf(mark(1000, 999_999_999)), 0, 1000],
    ["all", windowOf(mark(1000)), Infinity, null],
    ["from 1970 on", windowOf(mark(5)), 5, 0],
    ["nothing is hidden of a node without a clock", windowOf(mark(4)), 5, null],
    ["the newest line, not the last one, while they are near", windowOf(mark(1000), mark(998)), 5, 995],
    ["the last one where the clock was set back", windowOf(mark(1000), mark(997)), 5, 992],
  ])("%s", (_name, window, overlap, wanted) => {
    expect(window.since(overlap)).toBe(wanted);
  });
});

describe("which lines are there", () => {
  const window = windowOf(mark(1000, 1, 7), mark(1000, 1, 8), mark(1001, 0, 7));
  test.each<[LineMark, boolean]>([
    [mark(1000, 1, 7), true],
    [mark(1000, 1, 8), true],
    [mark(1001, 0, 7), true],
    [mark(1000, 1, 9), false],
    [mark(1000, 2, 7), false],
    [mark(1001, 0, 8), false],
  ])("%o", (line, wanted) => {
    expect(window.includes(line)).toBe(wanted);
  });

  test.each<[LineMark, boolean]>([
    [mark(1001, 0, 9), false],
    [mark(1001, 1, 9), true],
    [mark(1002), true],
    [mark(1000, 999_999_999), false],
  ])("is news: %o", (line, wanted) => {
    expect(window.isNews(line)).toBe(wanted);
  });

  test("the last one, and the bytes of all", () => {
    expect(window.last()).toEqual(mark(1001, 0, 7));
    expect(window.bytes).toBe(30);
    expect([createWindow(null).last(), createWindow(null).bytes, createWindow(null).length]).toEqual([
      null,
      0,
      0,
    ]);
  });

  test("a line before all that can be written is news to an empty window", () => {
    expect(createWindow(null).isNews(mark(-62_135_596_800))).toBe(true);
    expect(createWindow(null).repeats(mark(1000))).toBe(false);
  });
});

test("marks of a spool are taken three numbers a line", () => {
  const window = windowOf(mark(1000, 0, 1));
  window.pushMarks(Float64Array.of(1000, 5, 2, 1001, 6, 3), 44);
  expect(marksOf(window)).toEqual([mark(1000, 0, 1), mark(1000, 5, 2), mark(1001, 6, 3)]);
  expect(window.bytes).toBe(54);
  // As of a file that was cut.
  window.pushMarks(Float64Array.of(1001, 7), 0);
  expect(window.length).toBe(3);
  window.pushMarks(Float64Array.of(1004, 0, 4), 1);
  expect(marksOf(window)).toEqual([mark(1004, 0, 4)]);
});

describe("a window begins anew, and only the count of bytes stays", () => {
  test.each<[string, (window: DeliveredWindow) => void, number, boolean]>([
    ["after output from elsewhere", (window) => window.pushFetched(7), 17, false],
    ["after a gap", (window) => window.pass(gap("rotated")), 10, false],
    ["where no timestamps are written", (window) => window.pass(gap("no-timestamps")), 10, true],
  ])("%s", (_name, change, bytes, counted) => {
    const window = windowOf(mark(1000));
    window.endsWith(new Uint8Array(5000));
    change(window);
    expect([window.length, window.bytes, window.counted, window.last()]).toEqual([0, bytes, counted, null]);
    expect([window.since(5), window.covers(null), window.steppedBack()]).toEqual([null, true, false]);
    expect(window.continues(new Uint8Array(100))).toBe(false);
    expect(window.isNews(mark(900))).toBe(true);
  });

  test("once counted, always counted: places in a file have no seconds to ask for", () => {
    const window = windowOf(mark(1000));
    window.pass(gap("no-timestamps"));
    window.pass(gap("rotated"));
    window.push(mark(0, 1), 1);
    expect([window.counted, window.since(5)]).toEqual([true, null]);
    expect(createWindow(window.toCursor("pod")).counted).toBe(true);
  });

  test("not after the rest of a line that is known", () => {
    const window = windowOf(mark(1000));
    window.pass(gap("line-too-long"));
    expect([window.length, window.counted]).toEqual([1, false]);
  });
});

describe("the last part of a line that a rotation split", () => {
  const line = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
  const window = windowOf(mark(1000));
  window.endsWith(line);
  const restored = createWindow(window.toCursor("pod"));

  test.each<[string, Uint8Array, boolean]>([
    ["its last byte", line.slice(-1), true],
    ["its last 256 bytes", line.slice(-256), true],
    ["more of it", line.slice(-4000), true],
    ["all but its first byte", line.slice(1), true],
    ["all of it is the line itself", line, false],
    ["nothing", new Uint8Array(0), false],
    ["another end", Uint8Array.of(...line.slice(-10, -1), 255), false],
    ["another beginning of the end", Uint8Array.of(255, ...line.slice(-255)), false],
    ["another piece of it", line.slice(-20, -10), false],
  ])("%s", (_name, text, wanted) => {
    expect([window.continues(text), restored.continues(text)]).toEqual([wanted, wanted]);
  });

  test.each([
    [4095, false],
    [4096, true],
  ])("a line of %i bytes: no runtime writes parts that are smaller than a page", (size, wanted) => {
    const short = windowOf(mark(1000));
    short.endsWith(line.slice(-size));
    expect(short.continues(line.slice(-10))).toBe(wanted);
    expect("longLine" in short.toCursor("pod")).toBe(wanted);
  });

  test("is forgotten with the next line", () => {
    const next = windowOf(mark(1000));
    next.endsWith(line);
    next.endsWith(line.slice(0, 3));
    expect(next.continues(line.slice(-10))).toBe(false);
  });
});

describe("a cursor", () => {
  test("of nothing", () => {
    expect(createWindow(null).toCursor("pod")).toEqual({
      version: 1,
      podUid: "pod",
      bytes: 0,
      window: [],
      sinceSecond: 0,
      lastTimestamp: null,
    });
  });

  test("of two lines", () => {
    expect(windowOf(mark(second, 35, 36), mark(second, 36, 2 ** 53 - 1)).toCursor("pod")).toEqual({
      version: 1,
      podUid: "pod",
      bytes: 20,
      window: [
        [second, "z.10"],
        [second, "10.2gosa7pa2gv"],
      ],
      sinceSecond: 0,
      lastTimestamp: "2026-11-22T17:00:00.000000036Z",
    });
  });

  test("has the last two hundred lines, and all that share the first one's time", () => {
    const distinct = Array.from({ length: 300 }, (_, index) => mark(second, index, index));
    expect(windowOf(...distinct).toCursor("pod").window).toEqual(distinct.slice(100).map(toKey));
    // The lines 40 to 120 were written in one moment.
    const alike = distinct.map(({ hash }, index) =>
      mark(second, index > 40 && index <= 120 ? 40 : index, hash),
    );
    expect(windowOf(...alike).toCursor("pod").window).toEqual(alike.slice(40).map(toKey));
  });

  test("covers nothing before its own lines, where it left some of the window out", () => {
    const marks = Array.from({ length: 300 }, (_, index) => mark(second, index, index));
    const window = windowOf(...marks);
    expect(window.covers(second)).toBe(true);
    const restored = createWindow(window.toCursor("pod"));
    expect([restored.covers(second), restored.covers(second + 1)]).toEqual([false, true]);
  });

  test("covers what the window covered, where it has all of it", () => {
    const window = windowOf(mark(second - 9), mark(second));
    expect([window.length, window.covers(second - 9), window.covers(second - 8)]).toEqual([1, false, true]);
    const restored = createWindow(window.toCursor("pod"));
    expect([restored.covers(second - 9), restored.covers(second - 8)]).toEqual([false, true]);
  });

  test("remembers how late the lines were that it left out, where the clock was set back before its own", () => {
    const late = Array.from({ length: 50 }, (_, index) => mark(second, index, index));
    const setBack = Array.from({ length: 200 }, (_, index) => mark(second - 4, index, index));
    const window = windowOf(...late, ...setBack);
    const restored = createWindow(window.toCursor("pod"));
    expect(restored.at(0)).toEqual(setBack[0]);
    for (const each of [window, restored]) {
      expect(each.steppedBack()).toBe(true);
      expect(each.isNews(mark(second, 7, 7))).toBe(false);
      expect(each.isNews(mark(second + 1))).toBe(true);
      expect(each.since(2)).toBe(second - 6);
    }
    // A read that is cut before the clock was set back says nothing of a rotation.
    expect(locate(late, window, null)).toEqual({ kind: "cut" });
    expect(locate(late, restored, null)).toEqual({ kind: "foreign" });
  });

  test("brings every window back", () => {
    const line = fc.record({
      seconds: fc.integer({ min: second, max: second + 4 }),
      nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
      hash: fc.maxSafeNat(),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (marks) => {
        const window = windowOf(...marks);
        const restored = createWindow(JSON.parse(JSON.stringify(window.toCursor("pod"))));
        expect(marksOf(restored)).toEqual(marksOf(window));
        expect(restored.toCursor("pod")).toEqual(window.toCursor("pod"));
        for (const one of marks) expect(fromKey(toKey(one))).toEqual(one);
      }),
    );
  });
});

describe("a log of very many lines in one second", () => {
  test("gives up its older half, and goes on", () => {
    const window = createWindow(null);
    for (let index = 0; index < 209_999; index++) window.push(mark(second, index, index), 1);
    expect([window.length, window.covers(second)]).toEqual([209_999, true]);
    window.push(mark(second, 209_999, 209_999), 1);
    expect(window.length).toBe(110_000);
    expect(window.at(0)).toEqual(mark(second, 100_000, 100_000));
    expect([window.covers(second), window.covers(second + 1)]).toEqual([false, true]);
  });

  test("never between two lines of one moment", () => {
    const window = createWindow(null);
    // A hundred thousand and five lines stand before the moment after the half.
    for (let index = 0; index < 210_000; index++)
      window.push(mark(second, index < 99_990 || index > 100_004 ? index : 99_990, index), 1);
    expect(window.at(0)).toEqual(mark(second, 100_005, 100_005));
  });
});
