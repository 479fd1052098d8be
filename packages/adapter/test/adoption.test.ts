import { expect, test } from "vitest";

import { reasonToGoOn } from "../src/adoption/taken-over.ts";
import { tokenEnd } from "../src/adoption/token.ts";
import { type WakeMark, bringsNews, readWakeMark, wakeMarkOf } from "../src/adoption/wake-mark.ts";
import { parseSettings } from "../src/settings/parse.ts";
import { fakeHost } from "./host-context.ts";

const told: WakeMark = {
  reason: "issue_commented",
  comments: ["c1"],
  approval: "a1 pending",
  templates: "t",
};
const successor = "claude_k8s_run_outlived_server";

test.each<[string, Partial<WakeMark>, WakeMark | null, boolean]>([
  ["the same wake", {}, told, false],
  ["a wake for fewer comments", { comments: [] }, told, false],
  ["a new comment", { comments: ["c1", "c2"] }, told, true],
  ["an approval that was decided", { approval: "a1 approved" }, told, true],
  ["no word of an approval", { approval: null }, told, false],
  ["another reason", { reason: "issue_assigned" }, told, true],
  ["other templates", { templates: "u" }, told, true],
  ["the host's retry of the same work", { reason: "transient_failure_retry" }, told, false],
  ["a retry with a new comment", { reason: "transient_failure_retry", comments: ["c2"] }, told, true],
  ["our own call for a successor", { reason: successor, comments: [], templates: "u" }, told, false],
  ["such a call that a comment was joined to", { reason: successor, comments: ["c2"] }, told, true],
  ["a Job that does not say what it was told", { comments: [] }, null, true],
  ["a call for a successor of such a Job", { reason: successor, comments: [] }, null, false],
])("news: %s", (_, changes, before, news) => {
  expect(bringsNews({ ...told, ...changes }, before)).toBe(news);
});

test("a mark goes through an annotation, and anything else there is none", () => {
  expect(readWakeMark(JSON.stringify(told))).toEqual(told);
  for (const text of [undefined, "", "null", "[]", "{}", '{"comments":1,"templates":"t"}'])
    expect(readWakeMark(text)).toBeNull();
});

test("a mark is made of ids, without a word of what was written", () => {
  const { context } = fakeHost({
    context: {
      wakeReason: "issue_commented",
      commentId: "c1",
      approvalId: "a",
      approvalStatus: "approved",
      paperclipWake: { commentIds: ["c1", "c2"], comments: [{ id: "c2", body: "words" }] },
    },
  });
  const parsed = parseSettings({ agent: { image: "i", promptTemplate: "own words" } });
  if (parsed.kind === "invalid") throw new Error("settings");
  const mark = wakeMarkOf(context, parsed.settings);
  expect(mark).toMatchObject({ reason: "issue_commented", comments: ["c1", "c2"], approval: "a approved" });
  expect(JSON.stringify(mark)).not.toContain("words");
});

const tokenUntil = (seconds: number): string =>
  ["h", Buffer.from(JSON.stringify({ exp: seconds })).toString("base64url"), "s"].join(".");

test.each<[string, string, number | null]>([
  ["a token with an end", tokenUntil(1000), 1_000_000],
  ["one without", ["h", Buffer.from("{}").toString("base64url"), "s"].join("."), null],
  ["what is no token", "plain", null],
])("the end of %s", (_, token, end) => expect(tokenEnd(token)).toBe(end));

test("an agent whose token has ended gets another turn, with a new one", () => {
  const taken = { runId: "r", mark: told, hasWaitingRun: false, prompt: null, podToken: tokenUntil(1000) };
  expect(reasonToGoOn(told, taken, new Date(999_000))).toBeNull();
  expect(reasonToGoOn(told, taken, new Date(1_000_000))).toContain("token");
  expect(reasonToGoOn(told, { ...taken, podToken: null }, new Date(2_000_000))).toBeNull();
});
