/** The rules by which lines are told to be known, row by row, each with its near miss. */

import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createReplay, locate } from "../../src/logs/lines/align.ts";
import { createWindow } from "../../src/logs/lines/window.ts";
import type { DeliveredWindow } from "../../src/logs/lines/window.ts";
import type { LineMark } from "../../src/logs/lines/line-mark.ts";
import { createForeignFile } from "../../src/logs/whole/other-file.ts";

/** Milliseconds after second 1000, and what stands there. */
type Short = readonly [milliseconds: number, text: string];

function mark([milliseconds, text]: Short): LineMark {
  const second = 1000 + Math.floor(milliseconds / 1000);
  const hash = crc32(text);
  return { seconds: second, nanoseconds: (((milliseconds % 1000) + 1000) % 1000) * 1_000_000, hash };
}

function windowOf(...lines: readonly Short[]): DeliveredWindow {
  const window = createWindow(null);
  for (const line of lines) window.push(mark(line), 10);
  return window;
}

describe("a file that is sent again", () => {
  const window = windowOf([0, "a"], [100, "b"], [200, "c"]);
  test.each<[string, Short, boolean]>([
    ["a later line", [201, "d"], false],
    ["a line that is known", [200, "c"], true],
    ["another line of the same moment", [200, "d"], false],
    ["an earlier one, as of the other stream", [151, "d"], false],
    ["… so much earlier that no two streams are so far apart", [149, "d"], true],
    ["… at the bound", [150, "d"], false],
    ["the first line", [0, "a"], true],
    ["something from before", [-500, "z"], true],
  ])("%s", (_name, line, wanted) => {
    expect(window.repeats(mark(line))).toBe(wanted);
  });
  test.each<[string, Short, boolean]>([
    ["as late as the newest", [200, "x"], false],
    ["50 ms before it", [150, "x"], false],
    ["51 ms before it", [149, "x"], true],
    ["after it", [900, "x"], false],
  ])("a clock set back: %s", (_name, line, wanted) => {
    expect(window.isBehind(mark(line))).toBe(wanted);
  });
});

describe("what the window keeps", () => {
  test("two seconds, and all of the second in which they begin", () => {
    const window = windowOf([0, "a"], [999, "b"], [1000, "c"], [2999, "d"], [3000, "e"]);
    expect(window.length).toBe(3);
    expect([window.covers(1001), window.covers(1000), window.covers(null)]).toEqual([true, false, false]);
  });

  test.each<[string, Short, boolean]>([
    ["more than two seconds back", [-1, "x"], true],
    ["two seconds back", [1000, "x"], false],
  ])("a clock that was set back: %s", (_name, line, wanted) => {
    const window = windowOf([3000, "a"], line);
    expect(window.steppedBack()).toBe(wanted);
  });

  test("a clock that stands still fills no memory", () => {
    const window = createWindow(null);
    for (let index = 0; index < 450_000; index++) window.push({ seconds: 1, nanoseconds: 0, hash: index }, 1);
    expect(window.length).toBeLessThanOrEqual(400_000);
    expect(window.covers(1)).toBe(false);
    expect(window.last()).toMatchObject({ hash: 449_999 });
  });
});

describe("the place in a whole file", () => {
  const known: readonly Short[] = [
    [0, "a"],
    [1, "b"],
    [2, "c"],
  ];
  test.each<[string, readonly Short[], object]>([
    ["nothing new", known, { kind: "found", start: 3, ambiguous: false, guessed: false }],
    ["more", [...known, [3, "d"]], { kind: "found", start: 3 }],
    [
      "its head rotated away",
      [
        [2, "c"],
        [3, "d"],
      ],
      { kind: "found", start: 1, guessed: false },
    ],
    // The last part of a line that a rotation split stands in front.
    [
      "the rest of a line in front",
      [
        [2.5, "rest"],
        [2, "c"],
        [3, "d"],
      ],
      { kind: "found", start: 2, guessed: false },
    ],
    // Two lines in front of a known one that is not the first one: its head was not rotated away, so something else is in front.
    [
      "more in front of a known line in the middle",
      [
        [0.1, "x"],
        [0.2, "y"],
        [2, "c"],
        [3, "d"],
      ],
      { kind: "found", start: 3, guessed: true },
    ],
    [
      "lines given up long ago in front",
      [[-2, "y"], [-1, "z"], ...known, [3, "d"]],
      { kind: "found", start: 5 },
    ],
    ["cut in the middle", known.slice(0, 2), { kind: "cut" }],
    ["cut before the first line", [], { kind: "cut" }],
    [
      "only later lines",
      [
        [5, "x"],
        [6, "y"],
      ],
      { kind: "absent" },
    ],
    [
      "only earlier lines",
      [
        [-6, "x"],
        [-5, "y"],
      ],
      { kind: "foreign" },
    ],
  ])("%s", (_name, lines, wanted) => {
    expect(locate(lines.map(mark), windowOf(...known), null)).toMatchObject(wanted);
  });

  test("equal lines of one moment: the longest run is the true one", () => {
    const alike: readonly Short[] = [
      [0, "a"],
      [0, "a"],
      [0, "a"],
    ];
    const all = [...alike, [1, "b"] as Short].map(mark);
    expect(locate(all, windowOf(...alike), null)).toMatchObject({ kind: "found", start: 3 });
  });
});

describe("an answer while it arrives", () => {
  test.each<[string, readonly Short[], readonly string[]]>([
    [
      "goes on",
      [
        [0, "a"],
        [1, "b"],
        [2, "c"],
      ],
      ["known", "known", "new"],
    ],
    [
      "starts later in the window",
      [
        [1, "b"],
        [2, "c"],
      ],
      ["known", "new"],
    ],
    [
      "has another line in between",
      [
        [0, "a"],
        [0.5, "x"],
      ],
      ["known", "mismatch"],
    ],
    ["starts with another line", [[0.5, "x"]], ["mismatch"]],
  ])("%s", (_name, lines, wanted) => {
    const replay = createReplay(windowOf([0, "a"], [1, "b"]), null);
    expect(lines.map((line) => replay.next(mark(line)))).toEqual(wanted);
  });

  test("a line far behind the newest one: others like it may be hidden by the request", () => {
    const replay = createReplay(windowOf([0, "a"], [1500, "b"]), 1000);
    const seen = [
      replay.next(mark([0, "a"])),
      replay.next(mark([1500, "b"])),
      replay.next(mark([1440, "c"])),
    ];
    expect(seen).toEqual(["known", "known", "mismatch"]);
    expect(replay.steppedBack()).toBe(true);
  });
});

describe("another file", () => {
  const lines = [mark([0, "x"]), mark([1, "y"])];
  const reads = (count: number, of = lines): readonly boolean[] => {
    const file = createForeignFile();
    return Array.from({ length: count }, () => file.isOther(of, null));
  };

  test("six whole reads that agree, not five", () => {
    expect(reads(6)).toEqual([false, false, false, false, false, true]);
  });

  test("one that grows agrees; one that shrinks, or ends elsewhere, begins anew", () => {
    const file = createForeignFile();
    for (let index = 0; index < 5; index++) file.isOther(lines, null);
    expect(file.agreeing).toBe(5);
    expect(file.isOther([...lines, mark([2, "z"])], null)).toBe(true);
    file.isOther(lines, null);
    expect(file.agreeing).toBe(1);
    file.isOther(lines, "rest");
    expect(file.agreeing).toBe(1);
  });

  test("one that begins like the known file is that file, cut short", () => {
    const file = createForeignFile();
    file.isHome(mark([0, "x"]));
    expect(Array.from({ length: 8 }, () => file.isOther(lines, null))).not.toContain(true);
    expect(file.agreeing).toBe(0);
  });
});
