import { expect, test } from "vitest";

import { type RunUsage, readUsageNote, usageNote } from "../src/output/usage-note.ts";

const usage: RunUsage = { turns: 3, tokens: 12_345, costUsd: 0.25, estimated: false };

test("a note of usage is read as it was written", () => {
  expect(readUsageNote(usageNote(usage))).toEqual(usage);
  expect(readUsageNote(usageNote({ ...usage, costUsd: null }))).toEqual({ ...usage, costUsd: null });
});

test.each([
  ["none", null],
  ["other words", "done"],
  ["another kind of value", "[1]"],
  ["null", "null"],
  ["an empty object", "{}"],
  ["tokens below zero", JSON.stringify({ ...usage, tokens: -1 })],
  ["tokens that are no count", JSON.stringify({ ...usage, tokens: 1.5 })],
  ["tokens beyond what is counted", JSON.stringify({ ...usage, tokens: 1e300 })],
  ["turns as a text", JSON.stringify({ ...usage, turns: "3" })],
  ["a cost below zero", JSON.stringify({ ...usage, costUsd: -0.1 })],
  ["a cost without end", `{"turns":1,"tokens":1,"costUsd":1e999,"estimated":false}`],
  ["a cost as a text", JSON.stringify({ ...usage, costUsd: "0.25" })],
  ["no word on its being estimated", JSON.stringify({ ...usage, estimated: undefined })],
])("a note that is no note of usage: %s", (_name, note) => {
  expect(readUsageNote(note)).toBeNull();
});

test("what else stands in a note goes no further", () => {
  expect(readUsageNote(JSON.stringify({ ...usage, extra: "\u001B[2J" }))).toEqual(usage);
});
