import { expect, test } from "vitest";

import { type RunUsage, readRunNote, runNote } from "../src/output/run-note.ts";

const usage: RunUsage = { turns: 3, tokens: 12_345, costUsd: 0.25, estimated: false };

test.each([{ code: null }, { code: "k8s_oom_killed" }, { code: "cancelled" }] as const)(
  "a note is read as it was written: %j",
  (ending) => {
    expect(readRunNote(runNote(usage, ending))).toEqual({ usage, ending });
    const unpriced = { ...usage, costUsd: null };
    expect(readRunNote(runNote(unpriced, ending))).toEqual({ usage: unpriced, ending });
  },
);

test.each([undefined, null, "", "fine", "SUCCESS", "constructor", 1, { code: "cancelled" }])(
  "an ending that is none is not known, and costs no usage: %j",
  (ending) => {
    expect(readRunNote(JSON.stringify({ ...usage, ending }))).toEqual({ usage, ending: null });
  },
);

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
])("a note that is none of ours: %s", (_name, note) => {
  expect(readRunNote(note)).toBeNull();
});

test("what else stands in a note goes no further", () => {
  expect(readRunNote(JSON.stringify({ ...usage, ending: "success", extra: "\u001B[2J" }))).toEqual({
    usage,
    ending: { code: null },
  });
});
