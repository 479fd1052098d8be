/** More of the rules of alignment: requests that begin at a second, lines that the window has given up, answers that were cut. */

import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReplay, locate } from "../../../src/logs/lines/align.ts";
import { createWindow } from "../../../src/logs/lines/window.ts";
import type { DeliveredWindow } from "../../../src/logs/lines/window.ts";
import type { LineMark } from "../../../src/logs/lines/line-mark.ts";

/** Second and text; the text may say how many milliseconds later: `a+500`. */
type Short = readonly [second: number, text: string];

function mark([second, text]: Short): LineMark {
  const [name = "", milliseconds = "0"] = text.split("+");
  return { seconds: second, nanoseconds: Number(milliseconds) * 1_000_000, hash: crc32(name) };
}

function windowOf(lines: readonly Short[]): DeliveredWindow {
  const window = createWindow(null);
  for (const line of lines) window.push(mark(line), 1);
  return window;
}

describe("an answer from a second on", () => {
  const window = windowOf([
    [100, "a"],
    [101, "b"],
    [101, "c"],
    [102, "d"],
  ]);

  test.each<[string, number | null, readonly Short[], readonly string[], boolean]>([
    [
      "from the first byte: every line is replayed",
      null,
      [
        [100, "a"],
        [101, "b"],
        [101, "c"],
        [102, "d"],
        [103, "e"],
      ],
      ["known", "known", "known", "known", "new"],
      true,
    ],
    [
      "earlier lines are not in it",
      101,
      [
        [101, "b"],
        [101, "c"],
        [102, "d"],
        [103, "e"],
      ],
      ["known", "known", "known", "new"],
      true,
    ],
    [
      "the second itself is",
      102,
      [
        [102, "d"],
        [103, "e"],
      ],
      ["known", "new"],
      true,
    ],
    [
      "nothing known is",
      103,
      [
        [103, "e"],
        [103, "f"],
      ],
      ["new", "new"],
      true,
    ],
    ["it is not all there yet", 101, [[101, "b"]], ["known"], false],
    ["a line before the second is no line of it", 101, [[100, "a"]], ["mismatch"], false],
    [
      "its head was rotated away",
      101,
      [
        [101, "c"],
        [102, "d"],
        [103, "e"],
      ],
      ["known", "known", "new"],
      true,
    ],
    [
      "its head was rotated away, up to the last line",
      null,
      [
        [102, "d"],
        [103, "e"],
      ],
      ["known", "new"],
      true,
    ],
    [
      "a line in the middle was left out",
      101,
      [
        [101, "b"],
        [102, "d"],
      ],
      ["known", "mismatch"],
      false,
    ],
    ["a line of that moment has another text", 101, [[101, "x"]], ["mismatch"], false],
    ["a line of that text has another moment", 101, [[101, "b+1"]], ["mismatch"], false],
  ])("%s", (_name, since, lines, wanted, complete) => {
    const replay = createReplay(window, since);
    expect(lines.map((line) => replay.next(mark(line)))).toEqual(wanted);
    expect(replay.complete()).toBe(complete);
    expect(replay.lost()).toBe(false);
    expect(replay.steppedBack()).toBe(false);
  });

  test("a line that stands twice in the window says nothing of its place", () => {
    const twice = windowOf([
      [100, "a"],
      [101, "b"],
      [101, "b"],
      [102, "d"],
    ]);
    expect(createReplay(twice, null).next(mark([101, "b"]))).toBe("mismatch");
    expect(createReplay(twice, null).next(mark([102, "d"]))).toBe("known");
  });

  test("what is delivered while it arrives is not replayed", () => {
    const growing = windowOf([[100, "a"]]);
    const replay = createReplay(growing, 100);
    expect(replay.next(mark([100, "a"]))).toBe("known");
    growing.push(mark([101, "b"]), 1);
    expect(replay.complete()).toBe(true);
    expect(replay.next(mark([102, "c"]))).toBe("new");
  });

  test("of an empty window everything is new, and nothing is lost", () => {
    const replay = createReplay(createWindow(null), null);
    expect([replay.complete(), replay.lost(), replay.next(mark([1, "a"]))]).toEqual([true, false, "new"]);
  });
});

describe("lines that the window has given up", () => {
  // Two seconds are kept: of the lines before, only the second is known.
  const lines: readonly Short[] = [
    [90, "old"],
    [91, "older"],
    [100, "a"],
    [101, "b"],
  ];
  const window = windowOf(lines);

  test("stand before the window in a whole file, and are known", () => {
    expect([window.length, window.covers(null)]).toEqual([2, false]);
    const replay = createReplay(window, null);
    expect(replay.lost()).toBe(true);
    expect([...lines, [102, "c"] as Short].map((line) => replay.next(mark(line)))).toEqual([
      "known",
      "known",
      "known",
      "known",
      "new",
    ]);
    expect([replay.complete(), replay.lost()]).toEqual([true, false]);
  });

  test("later lines are not, as long as the window was not found", () => {
    const replay = createReplay(window, null);
    expect(replay.next(mark([90, "old"]))).toBe("known");
    expect(replay.next(mark([105, "x"]))).toBe("mismatch");
    expect(replay.lost()).toBe(true);
  });

  test("once it was found, a line in between is none", () => {
    const replay = createReplay(window, null);
    expect(replay.next(mark([100, "a"]))).toBe("known");
    expect(replay.next(mark([90, "old"]))).toBe("mismatch");
  });

  test("are not looked for where the request begins in the window", () => {
    const replay = createReplay(window, 100);
    expect(replay.lost()).toBe(false);
    expect(replay.next(mark([90, "old"]))).toBe("mismatch");
  });
});

describe("a clock that was set back while an answer from a second on arrives", () => {
  const newest: readonly Short[] = [[100, "a+500"]];
  test.each<[string, readonly Short[], number | null, Short, string]>([
    ["a line 51 ms before the newest one", newest, 100, [100, "x+449"], "mismatch"],
    ["50 ms are the two streams", newest, 100, [100, "x+450"], "new"],
    ["of a whole file nothing can be hidden", newest, null, [100, "x+449"], "new"],
    ["it is known already that it was", [...newest, [97, "b"]], 95, [96, "x"], "new"],
  ])("%s", (_name, lines, since, line, wanted) => {
    const window = windowOf(lines);
    const replay = createReplay(window, since);
    for (const one of lines) expect(replay.next(mark(one))).toBe("known");
    expect(replay.next(mark(line))).toBe(wanted);
    expect(replay.steppedBack()).toBe(wanted === "mismatch");
  });
});

describe("the place in a file", () => {
  const known: readonly Short[] = [
    [100, "a"],
    [101, "b"],
    [102, "c"],
  ];
  test.each<[string, readonly Short[], number | null, readonly Short[], object]>([
    ["nothing is known", [], null, [[1, "x"]], { kind: "found", start: 0, ambiguous: false, guessed: false }],
    [
      "nothing is known from that second on",
      known,
      103,
      [[103, "x"]],
      { kind: "found", start: 0, ambiguous: false, guessed: false },
    ],
    [
      "from a second on",
      known,
      101,
      [
        [101, "b"],
        [102, "c"],
        [103, "d"],
      ],
      { kind: "found", start: 2, ambiguous: false, guessed: false },
    ],
    [
      "that second itself",
      known,
      102,
      [
        [102, "c"],
        [103, "d"],
      ],
      { kind: "found", start: 1, ambiguous: false, guessed: false },
    ],
    ["known from a second on, and the answer is empty", known, 102, [], { kind: "cut" }],
    ["cut after the first line", known, null, [[100, "a"]], { kind: "cut" }],
    // The last known line alone is both the end of what is known, and could be the beginning of an equal run that was cut.
    [
      "equal lines may go on",
      [
        [100, "a"],
        [100, "a"],
      ],
      null,
      [[100, "a"]],
      { kind: "found", start: 1, ambiguous: true, guessed: false },
    ],
    [
      "the rest of a split line, and then a line in the middle",
      known,
      null,
      [
        [100, "rest"],
        [101, "b"],
        [102, "c"],
        [103, "d"],
      ],
      { kind: "found", start: 3, guessed: false },
    ],
    // A file that was sent again in the middle of a line: the glued line is in no file, and is not known.
    [
      "one glued line in the middle",
      known,
      null,
      [
        [100, "a"],
        [101, "glued"],
        [102, "c"],
        [103, "d"],
      ],
      { kind: "found", start: 3, ambiguous: false, guessed: true },
    ],
    // What was written in the moment of a known line that did not come again is that line, in other words.
    [
      "the last known line came glued",
      known,
      null,
      [
        [100, "a"],
        [101, "b"],
        [102, "glued"],
        [103, "d"],
      ],
      { kind: "found", start: 3, ambiguous: false, guessed: true },
    ],
    [
      "known lines in another order: behind the last of them that keeps it",
      known,
      null,
      [
        [90, "z"],
        [91, "y"],
        [101, "b"],
        [100, "a"],
        [103, "d"],
      ],
      { kind: "found", start: 3, guessed: true },
    ],
    ["only lines of later moments", known, null, [[103, "x"]], { kind: "absent" }],
    [
      "a single later line among others",
      known,
      null,
      [
        [90, "x"],
        [103, "y"],
      ],
      { kind: "absent" },
    ],
    [
      "only lines of earlier moments",
      known,
      null,
      [
        [90, "x"],
        [91, "y"],
      ],
      { kind: "foreign" },
    ],
    ["another line of the last moment", known, null, [[102, "x"]], { kind: "foreign" }],
  ])("%s", (_name, lines, since, file, wanted) => {
    expect(locate(file.map(mark), windowOf(lines), since)).toMatchObject(wanted);
  });

  test("of a file with all of its known lines, however alike they are, is behind them", () => {
    const line = fc.tuple(fc.integer({ min: 100, max: 101 }), fc.constantFrom("a", "b"));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), fc.nat(4), (unsorted, more) => {
        const lines = unsorted.toSorted((left, right) => left[0] - right[0]);
        const later = Array.from({ length: more }, (_, index): Short => [102, `${index}`]);
        const found = locate([...lines, ...later].map(mark), windowOf(lines), null);
        expect(found).toMatchObject({ kind: "found", start: lines.length, guessed: false });
      }),
    );
  });

  test("of a file that was cut anywhere, is never behind its end, nor before a line that is not known", () => {
    const line = fc.tuple(fc.integer({ min: 100, max: 101 }), fc.constantFrom("a", "b"));
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 12 }), fc.nat(), (unsorted, at) => {
        const lines = unsorted.toSorted((left, right) => left[0] - right[0]);
        const cut = lines.slice(0, at % lines.length);
        const found = locate(cut.map(mark), windowOf(lines), null);
        expect(found).toMatchObject(
          found.kind === "found" ? { start: cut.length, ambiguous: true } : { kind: "cut" },
        );
      }),
    );
  });
});
