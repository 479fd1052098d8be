/** What a soak calls a problem: the judge over outputs that are whole, and that are wrong in one way each. */

import { expect, test } from "vitest";
import { judge } from "../soak/judge.ts";
import type { JudgeOptions } from "../soak/judge.ts";
import { lineOf, shapeOf } from "../soak/shape.ts";
import type { LogGap } from "../src/index.ts";

const shape = {
  ...shapeOf({ seed: 1, lines: 200, rotation: true, recorded: false }, 1),
  lines: 40,
  longLines: false,
  newlineAtEnd: true,
};
const gap: LogGap = { after: null, before: null, reason: "rotated", message: "" };
const calm: JudgeOptions = {
  gaps: [],
  truth: { rotations: 0, rotatedUpTo: -1 },
  mayRotate: false,
  runtimeStopped: false,
  headWasRead: false,
  readAnew: false,
};

function output(...indexes: readonly number[]): string {
  return indexes.map((index) => `${lineOf(index, false)}\n`).join("");
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}

const whole = output(...range(0, 39));
const holed = output(...range(0, 9), ...range(20, 39));

test.each<[string, string, Partial<JudgeOptions>, RegExp | null]>([
  ["a whole output", whole, {}, null],
  ["a line again", output(...range(0, 9), ...range(9, 39)), {}, /^repeated: line 9 after 9/],
  ["a cut line", whole.slice(0, -3), {}, /^broken/],
  ["a missing last newline", whole.slice(0, -1), {}, /^the end of the last line is missing/],
  ["a hole that nobody told", holed, {}, /^lost without a gap: lines 10 to 19/],
  ["a hole that a rotation made", holed, { gaps: [gap], truth: { rotations: 1, rotatedUpTo: 19 } }, null],
  [
    "a hole in the newest file",
    holed,
    { gaps: [gap], truth: { rotations: 1, rotatedUpTo: 18 } },
    /no rotation removed the last/,
  ],
  ...(["line-too-long", "no-timestamps"] as const).map(
    (reason): [string, string, Partial<JudgeOptions>, RegExp] => [
      `a hole that ${reason} would excuse, where lines are short and have timestamps`,
      holed,
      { gaps: [{ ...gap, reason }], truth: { rotations: 1, rotatedUpTo: 19 } },
      /^a gap that no rotation made/,
    ],
  ),
  ["a gap without a rotation", whole, { gaps: [gap] }, /^1 gaps without a rotation/],
  [
    "a gap that is no rotation",
    whole,
    { gaps: [{ ...gap, reason: "log-unavailable" }], truth: { rotations: 1, rotatedUpTo: 5 } },
    /^a gap that no rotation made/,
  ],
  [
    "a head that nobody had read",
    output(...range(10, 39)),
    { truth: { rotations: 1, rotatedUpTo: 9 } },
    null,
  ],
  [
    "a head that a dead process had read",
    output(...range(10, 39)),
    { truth: { rotations: 1, rotatedUpTo: 9 }, headWasRead: true },
    /^lost without a gap: lines 0 to 9/,
  ],
  ["a log that was rotated away whole", "", { truth: { rotations: 1, rotatedUpTo: 39 } }, null],
  ["lines that a stopped runtime never took", output(...range(0, 29)), { runtimeStopped: true }, null],
  ["lines that are missing at the end", output(...range(0, 29)), {}, /^lost without a gap: lines 30 to 39/],
  ["a log of which nothing was left to read", "", { truth: null, mayRotate: true, readAnew: true }, null],
  [
    "nothing of a log that one process read from its first line",
    "",
    { truth: null, mayRotate: true },
    /^lost without a gap: lines 0 to 39/,
  ],
  [
    "nothing of a log whose end is there",
    "",
    { truth: { rotations: 1, rotatedUpTo: 38 } },
    /^lost without a gap: lines 0 to 39/,
  ],
  [
    "lines that a killed runtime tore",
    `${output(...range(0, 9))}${lineOf(19, false).slice(3)}\n${output(...range(20, 39))}`,
    { runtimeStopped: true },
    null,
  ],
])("%s", (_, text, options, problem) => {
  const { problems } = judge(text, shape, { ...calm, ...options });
  expect(problems[0] ?? "no problem").toMatch(problem ?? /^no problem$/);
});
