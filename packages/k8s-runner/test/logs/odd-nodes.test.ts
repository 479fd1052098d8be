/** Nodes that do not do what they are asked for: no timestamps, other ones, no follow. What is in their log is delivered. */

import { expect, test } from "vitest";
import type { LogSource } from "../../src/cluster/log-source.ts";
import { MOST_LINE_BYTES } from "../../src/logs/lines/split.ts";
import type { LogCursor } from "../../src/types/run.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import { exact, follow, none, readAll, start, streamOf } from "./odd-node.ts";
import type { OddNode, Stamp } from "./odd-node.ts";

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19);
const numbered = Array.from({ length: 40 }, (_, index) => `line ${index}`);
const repeating = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? "" : "same"));

test.each<[string, Stamp]>([
  ["nine digits", exact],
  ["microseconds", (at) => `${iso(at)}.000001Z `],
  ["whole seconds", (at) => `${iso(at)}Z `],
  ["another zone", (at) => `${iso(at + 19_800_000)}.000000000+05:30 `],
  ["another zone and whole seconds", (at) => `${iso(at - 10_800_000)}-03:00 `],
  ["a clock that stands still", () => "2026-11-22T17:00:00.000000000Z "],
  ["no clock at all", () => "0001-01-01T00:00:00Z "],
  ["a clock that runs backwards", (at) => exact(2 * start - at, 0)],
  ["a clock far ahead", (at) => exact(at + 3_000_000_000_000, 0)],
])("timestamps of another kind: %s", async (_name, stamp) => {
  for (const lines of [numbered, repeating])
    for (const more of [{}, { cutAfter: 7 }, { ignoresFollow: true }]) {
      const { output, completion } = await follow({ lines, stamp, ...more });
      expect(output).toBe(`${lines.join("\n")}\n`);
      expect(completion).toMatchObject({ complete: true, gaps: [] });
    }
});

test.each<[string, readonly string[], Partial<OddNode>]>([
  ["followed", numbered, {}],
  ["cut", numbered, { cutAfter: 7 }],
  ["cut, with lines that are alike", repeating, { cutAfter: 7 }],
  ["not followed", numbered, { ignoresFollow: true }],
  ["without a last newline", numbered, { lastNewline: false, cutAfter: 7 }],
  ["lines that look like the kubelet's words", ["rpc error", "no such file", ...numbered], {}],
])("a node without timestamps, %s: every line, and that it may not be exact", async (_name, lines, more) => {
  const { output, completion } = await follow({ lines, stamp: none, ...more });
  expect(output).toBe(`${lines.join("\n")}${more.lastNewline === false ? "" : "\n"}`);
  expect(completion.gaps).toMatchObject([{ reason: "no-timestamps" }]);
});

test("without timestamps, and rotated while nobody looked: all that is left, with a gap", async () => {
  const node = { lines: numbered, stamp: none, ignoresFollow: true, rotates: { at: 20, gone: 18 } };
  const { output, completion } = await follow(node);
  const got = output.split("\n").slice(0, -1);
  expect(new Set(got)).toEqual(new Set(numbered));
  expect(completion.gaps.map(({ reason }) => reason)).toContain("no-timestamps");
  expect(completion.gaps.length).toBeGreaterThan(1);
});

test("a node that loses its timestamps in the middle: nothing is lost, and it is told", async () => {
  const stamp: Stamp = (at, index) => (index < 20 ? exact(at, index) : "");
  const { output, completion } = await follow({ lines: numbered, stamp, cutAfter: 7 });
  expect(new Set(output.split("\n").slice(0, -1))).toEqual(new Set(numbered));
  expect(completion.gaps.map(({ reason }) => reason)).toContain("no-timestamps");
});

test("who goes on from a cursor knows that lines are counted", async () => {
  let stored: LogCursor | undefined;
  const first = await follow(
    { lines: numbered.slice(0, 20), stamp: none },
    { onCursor: (at) => (stored = at) },
  );
  expect(stored).toMatchObject({ counted: true });
  const second = await follow({ lines: numbered, stamp: none }, { cursor: stored });
  expect(`${first.output}${second.output}`).toBe(`${numbered.join("\n")}\n`);
  expect(second.completion.gaps).toEqual([]);
});

test("no message holds output", async () => {
  const secret = "no such file: my-secret-word";
  for (const lastNewline of [true, false]) {
    const lines = ["rpc error my-secret-word", ...numbered, secret];
    const { completion, events } = await follow({ lines, stamp: none, cutAfter: 5, lastNewline });
    expect(JSON.stringify([completion.gaps, events])).not.toContain("my-secret-word");
  }
});

test("a node that ends every follow at once is polled, and that is told", async () => {
  const lines = Array.from({ length: 400 }, (_, index) => `line ${index}`);
  const { output, completion, events, requests } = await follow({ lines, ignoresFollow: true });
  expect(output).toBe(`${lines.join("\n")}\n`);
  expect(completion).toMatchObject({ complete: true, gaps: [] });
  const kinds = events.map(({ type }) => type);
  expect(kinds).toContain("log-polling");
  // The container runs for 200 seconds.
  expect(requests).toBeLessThan(120);
  expect(kinds.filter((kind) => kind === "log-disconnected").length).toBeLessThan(60);
});

test("a line without an end: its beginning, and a gap at once", async () => {
  const long = "z".repeat(MOST_LINE_BYTES + 5_000_000);
  const lines = ["before", long, "after"];
  for (const more of [{}, { cutAfter: 2 }, { lastNewline: false }]) {
    const { output, completion } = await follow({ lines, ...more });
    const [first, middle = "", ...rest] = output.split("\n");
    expect([first, middle.length, ...rest]).toEqual([
      "before",
      MOST_LINE_BYTES - 31,
      "after",
      ...(more.lastNewline === false ? [] : [""]),
    ]);
    expect(completion.gaps).toMatchObject([{ reason: "line-too-long" }]);
    expect(completion.gaps[0]?.message).not.toContain("zzz");
  }
});

test("an unfinished line whose beginning was rotated away is a gap", async () => {
  const clock = createVirtualClock(start);
  const head = `${exact(start + 1000, 0)}${"a".repeat(10_000)}`;
  const rest = `${exact(start + 5000, 0)}${"b".repeat(5000)}`;
  let followed = false;
  const source: LogSource = {
    async open(request) {
      if (!request.follow) return streamOf([rest]);
      followed = true;
      return streamOf([head]);
    },
  };
  const { output, completion } = await readAll(clock, source, () => (followed ? "terminated" : "running"));
  expect(output).toBe("b".repeat(5000));
  expect(completion.gaps).toMatchObject([{ reason: "rotated", after: null }]);
});

test("an unfinished line that is still there is no gap", async () => {
  const clock = createVirtualClock(start);
  const head = `${exact(start + 1000, 0)}${"a".repeat(10_000)}`;
  let followed = false;
  const source: LogSource = {
    async open(request) {
      if (!request.follow) return streamOf([`${head} and its end\n`]);
      followed = true;
      return streamOf([head]);
    },
  };
  const { output, completion } = await readAll(clock, source, () => (followed ? "terminated" : "running"));
  expect(output).toBe(`${"a".repeat(10_000)} and its end\n`);
  expect(completion).toMatchObject({ complete: true, gaps: [] });
});
