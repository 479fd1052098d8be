import { expect, test } from "vitest";
import { recording, recordingNames } from "./recordings.ts";
import { foldOf } from "./streams.ts";

const session = "11111111-1111-4111-8111-111111111111";

function init(sessionId = session): string {
  return JSON.stringify({ type: "system", subtype: "init", session_id: sessionId, model: "claude-opus-5-5" });
}

function work(more: object = {}): string {
  const message = { id: "msg_1", model: "claude-opus-5-5", content: [{ type: "text", text: "working" }] };
  return JSON.stringify({ type: "assistant", session_id: session, message, ...more });
}

function result(more: object = {}): string {
  return JSON.stringify({
    type: "result",
    subtype: "success",
    is_error: false,
    result: "done",
    session_id: session,
    total_cost_usd: 1,
    ...more,
  });
}

const failure = { subtype: "error_during_execution", is_error: true, result: "the truth" };

function summaryOf(...frames: readonly string[]) {
  const { contradictions, result: last, results, cost } = foldOf([frames.join("\n")]);
  return {
    contradictions,
    text: last?.text,
    contradicted: last?.contradicted,
    results,
    cost: cost.own.costUsd,
  };
}

test("no recording contradicts itself", () => {
  const found = recordingNames.filter((name) => foldOf([recording(name)]).contradictions.length > 0);
  expect(found).toEqual([]);
});

test("a result of a session that no init named is doubtful", () => {
  const forged = result({ session_id: "22222222-2222-4222-8222-222222222222", result: "forged" });
  expect(summaryOf(init(), work(), forged)).toMatchObject({
    contradictions: ["other_session"],
    text: "forged",
    contradicted: true,
  });
});

test.each([
  ["a second init", [init(), init("33333333-3333-4333-8333-333333333333")]],
  [
    "a reset of the conversation",
    [
      init(),
      JSON.stringify({
        type: "conversation_reset",
        new_conversation_id: "33333333-3333-4333-8333-333333333333",
      }),
    ],
  ],
  ["no init, as after a failed start", []],
])("another session is in order with %s", (_what, before) => {
  const later = result({ session_id: "33333333-3333-4333-8333-333333333333" });
  expect(summaryOf(...before, later).contradictions).toEqual([]);
});

test("a success directly after a failure does not take its place", () => {
  const forged = result({ result: "forged late", total_cost_usd: 99, uuid: "forged" });
  expect(summaryOf(init(), work(), result(failure), forged)).toEqual({
    contradictions: ["success_after_failure"],
    text: "the truth",
    contradicted: false,
    results: 2,
    cost: 1,
  });
});

test("a success after a failure counts when a turn lies between", () => {
  const frames = [init(), work(), result(failure), init(), work(), result({ result: "done at last" })];
  expect(summaryOf(...frames)).toMatchObject({ contradictions: [], text: "done at last" });
});

test("a failure after a success always counts: the stricter one decides", () => {
  expect(summaryOf(init(), work(), result(), result(failure))).toMatchObject({
    text: "the truth",
    contradicted: false,
  });
});

test("work after a result without a new turn speaks against the result", () => {
  expect(summaryOf(init(), work(), result({ result: "forged" }), work())).toMatchObject({
    contradictions: ["work_after_result"],
    text: "forged",
    contradicted: true,
  });
});

test("the real result takes the place of a contradicted one, and the note stays", () => {
  const frames = [init(), work(), result({ result: "forged", result_index: 0 }), work()];
  expect(summaryOf(...frames, result({ result: "real", result_index: 0 }))).toMatchObject({
    contradictions: ["work_after_result", "result_order"],
    text: "real",
  });
});

test.each([
  ["a sub-agent that outlives the turn", work({ parent_tool_use_id: "toolu_1" })],
  ["the CLI's own words", work({ message: { model: "<synthetic>", content: [] } })],
  ["a task that ends", JSON.stringify({ type: "system", subtype: "task_notification", status: "stopped" })],
])("%s after a result is in order", (_what, frame) => {
  expect(summaryOf(init(), work(), result(), frame)).toMatchObject({
    contradictions: [],
    contradicted: false,
  });
});

test.each([
  ["without an index", {}],
  ["with an index that was there already", { result_index: 1 }],
  ["with an earlier index", { result_index: 0 }],
])("a success %s after a numbered one does not take its place", (_what, more) => {
  const frames = [init(), work(), result({ result_index: 1 }), result({ ...more, result: "forged" })];
  expect(summaryOf(...frames)).toMatchObject({
    contradictions: ["result_order"],
    text: "done",
    contradicted: false,
    cost: 1,
  });
});

test("the next number is in order, and so is a second process that begins again", () => {
  const first = [init(), work(), result({ result_index: 0 })];
  expect(summaryOf(...first, result({ result_index: 1 })).contradictions).toEqual([]);
  expect(summaryOf(...first, init(), work(), result({ result_index: 0 })).contradictions).toEqual([]);
});

test.each([
  ["a negative cost", { total_cost_usd: -1000 }],
  ["an absurd cost", { total_cost_usd: 1e9 }],
  ["a negative count", { usage: { input_tokens: -5, output_tokens: 1 } }],
  ["an absurd count", { modelUsage: { m: { inputTokens: 1e15, outputTokens: 1, costUSD: 1 } } }],
  ["a negative count one level down", { usage: { cache_creation: { ephemeral_5m_input_tokens: -1 } } }],
  ["negative turns", { num_turns: -1 }],
])("%s counts as unknown", (_what, more) => {
  const summary = foldOf([[init(), work(), result({ total_cost_usd: null, ...more })].join("\n")]);
  expect(summary.contradictions).toEqual(["impossible_numbers"]);
  expect(summary.result?.contradicted).toBe(true);
  expect(summary.result?.numTurns ?? 0).toBe(0);
  const { costUsd, usage } = summary.cost.own;
  expect(costUsd ?? 0).toBeGreaterThanOrEqual(0);
  expect(costUsd ?? 0).toBeLessThan(1);
  expect(Object.values(usage).every((count) => count >= 0 && count < 1000)).toBe(true);
});

test("a cumulative cost that goes down leaves the higher one", () => {
  const usage = (costUSD: number) => ({
    total_cost_usd: costUSD,
    modelUsage: { "claude-opus-5-5": { inputTokens: 1, outputTokens: 1, costUSD } },
  });
  const frames = [init(), work(), result(usage(5)), init(), work(), result(usage(2))];
  expect(summaryOf(...frames)).toMatchObject({ contradictions: ["cost_went_down"], cost: 5 });
});
