import { expect, test } from "vitest";
import type { RunSummary } from "../src/index.ts";
import { foldOf } from "./streams.ts";

const model = "claude-opus-4-8";
const init = JSON.stringify({
  type: "system",
  subtype: "init",
  session_id: "s",
  model,
  claude_code_version: "2.0.0",
});

interface Message {
  readonly id: string;
  readonly output?: number;
  readonly stopReason?: string | null;
  readonly parent?: string | null;
}

function message({ id, output = 1, stopReason = null, parent = null }: Message): string {
  const usage = { input_tokens: 100, output_tokens: output };
  const content = [{ type: "text", text: "Done." }];
  return JSON.stringify({
    type: "assistant",
    parent_tool_use_id: parent,
    message: { id, model, content, stop_reason: stopReason, usage },
  });
}

function result(more: object): string {
  return JSON.stringify({ type: "result", subtype: "success", is_error: false, result: "Done.", ...more });
}

const usage = { input_tokens: 100, output_tokens: 50 };

/** Input, output, US dollars, whether a part is estimated. */
function own(...frames: readonly string[]) {
  const { usage: tokens, costUsd, estimated } = foldOf([frames.join("\n")]).cost.own;
  return [tokens.inputTokens, tokens.outputTokens, costUsd, estimated];
}

test.each([
  ["absent", {}],
  ["empty", { modelUsage: {} }],
])("a result whose modelUsage is %s counts its usage", (_what, more) => {
  expect(own(init, message({ id: "m" }), result({ usage, total_cost_usd: 0.0123, ...more }))).toEqual([
    100,
    50,
    0.0123,
    false,
  ]);
});

test("without a total its usage is charged at list price, as an estimate", () => {
  expect(own(init, message({ id: "m" }), result({ usage }))).toEqual([
    100,
    50,
    (100 * 5 + 50 * 25) / 1e6,
    true,
  ]);
});

test("the usage is the main loop's: a sub-agent's messages are added as they were counted", () => {
  const frames = [
    init,
    message({ id: "m" }),
    message({ id: "sub", output: 30, stopReason: "end_turn", parent: "toolu_1" }),
    result({ usage, total_cost_usd: 0.5 }),
  ];
  expect(own(...frames)).toEqual([200, 80, 0.5, true]);
});

test("each turn's usage adds up, the total is the process's", () => {
  const turn = (id: string, total: number) => [
    init,
    message({ id }),
    result({ usage, total_cost_usd: total, uuid: id }),
  ];
  expect(own(...turn("a", 0.01), ...turn("b", 0.03))).toEqual([200, 100, 0.03, false]);
});

test("a result that names no spend leaves the estimate", () => {
  const seen = message({ id: "m", output: 40, stopReason: "end_turn" });
  const estimate = [100, 40, (100 * 5 + 40 * 25) / 1e6, true];
  expect(own(init, seen, result({}))).toEqual(estimate);
  expect(
    own(init, seen, result({ usage: { input_tokens: 0, output_tokens: 0 }, total_cost_usd: 0 })),
  ).toEqual(estimate);
  expect(own(init, seen, result({ modelUsage: {}, model_usage_since_last_result: {} }))).toEqual(estimate);
});

test("a result that names a total only charges it for what was counted", () => {
  const seen = message({ id: "m", output: 40, stopReason: "end_turn" });
  expect(own(init, seen, result({ total_cost_usd: 0.7 }))).toEqual([100, 40, 0.7, true]);
});

test("a release that counts the session's total never has it taken for this process's", () => {
  const share = { [model]: { inputTokens: 10, outputTokens: 5, costUSD: 0.5 } };
  const session = { [model]: { inputTokens: 1000, outputTokens: 500, costUSD: 50 } };
  const told = result({
    uuid: "a",
    modelUsage: session,
    total_cost_usd: 50,
    model_usage_since_last_result: share,
  });
  const without = result({ uuid: "b", modelUsage: session, total_cost_usd: 60 });
  expect(own(init, told, init, without)).toEqual([10, 5, 0.5, false]);
});

test("a result that comes again adds nothing", () => {
  const share = { [model]: { inputTokens: 10, outputTokens: 5, costUSD: 0.5 } };
  const told = result({ uuid: "a", num_turns: 3, modelUsage: share, model_usage_since_last_result: share });
  const once = foldOf([[init, told].join("\n")]);
  const twice = foldOf([[init, told, told].join("\n")]);
  const shape = ({ cost, results, turns, contradictions }: RunSummary) => ({
    cost,
    results,
    turns,
    contradictions,
  });
  expect(shape(twice)).toEqual(shape(once));
});

function streamed(event: object): string {
  return JSON.stringify({ type: "stream_event", parent_tool_use_id: null, event });
}

const start = streamed({
  type: "message_start",
  message: { id: "m", model, usage: { input_tokens: 9, output_tokens: 1 } },
});

test.each([
  ["text", { type: "text_delta", text: "x".repeat(400) }, 100],
  ["text of more bytes than characters", { type: "text_delta", text: "漢".repeat(400) }, 300],
  ["thinking", { type: "thinking_delta", thinking: "x".repeat(400) }, 100],
  ["a tool's input", { type: "input_json_delta", partial_json: "x".repeat(400) }, 100],
])("streamed %s counts before its final number comes", (_what, delta, tokens) => {
  const piece = streamed({ type: "content_block_delta", index: 0, delta });
  expect(own(init, start, piece)).toMatchObject([9, tokens, expect.anything(), true]);
  const final = streamed({ type: "message_delta", usage: { output_tokens: 77 } });
  expect(own(init, start, piece, final)).toMatchObject([9, 77, expect.anything(), true]);
});

test("a message whose stream is told again from its start is not counted twice", () => {
  const piece = streamed({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text: "x".repeat(400) },
  });
  expect(own(init, start, piece, start, piece)).toMatchObject([9, 100, expect.anything(), true]);
});

test("cache tokens that modelUsage leaves out are in the usage (anthropics/claude-agent-sdk-typescript#80)", () => {
  const counted = {
    input_tokens: 9,
    cache_creation_input_tokens: 856,
    cache_read_input_tokens: 38_912,
    output_tokens: 534,
  };
  const modelUsage = {
    [model]: {
      inputTokens: 9,
      outputTokens: 534,
      cacheReadInputTokens: 0,
      cacheCreationInputTokens: 0,
      costUSD: 0.010118,
    },
  };
  const told = result({ usage: counted, modelUsage, total_cost_usd: 0.010118, num_turns: 2 });
  const { cost } = foldOf([[init, message({ id: "m" }), told].join("\n")]);
  expect(cost.own).toMatchObject({
    costUsd: 0.010118,
    usage: {
      inputTokens: 9,
      outputTokens: 534,
      cacheReadInputTokens: 38_912,
      cacheCreationInputTokens: 856,
    },
  });
});

test("a cache that modelUsage knows is told by it alone, and two turns' caches add up where it knows none", () => {
  const counted = { input_tokens: 9, cache_read_input_tokens: 100, output_tokens: 50 };
  const models = (turns: number, cacheReadInputTokens: number) => ({
    [model]: {
      inputTokens: 9 * turns,
      outputTokens: 50 * turns,
      cacheReadInputTokens,
      costUSD: 0.01 * turns,
    },
  });
  const turn = (turns: number, cache: number): string =>
    result({
      uuid: `${turns}`,
      usage: counted,
      modelUsage: models(turns, cache),
      total_cost_usd: 0.01 * turns,
    });
  const cacheOf = (...frames: readonly string[]): number =>
    foldOf([frames.join("\n")]).cost.own.usage.cacheReadInputTokens;
  expect(cacheOf(init, turn(1, 70))).toBe(70);
  expect(cacheOf(init, turn(1, 0), init, turn(2, 0))).toBe(200);
});

test("a gateway that tells the input only at a message's end (Alishahryar1/free-claude-code#43)", () => {
  const begins = streamed({
    type: "message_start",
    message: { id: "m", model, usage: { input_tokens: 0, output_tokens: 0 } },
  });
  const piece = streamed({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text: "Hi" },
  });
  const ends = streamed({
    type: "message_delta",
    delta: { stop_reason: "end_turn" },
    usage: { input_tokens: 1200, output_tokens: 30 },
  });
  expect(own(init, begins, piece, ends)).toMatchObject([1200, 30, expect.anything(), true]);
});

test("of the same message without a request id the last one counts (junhoyeo/tokscale#563)", () => {
  const frames = [
    message({ id: "m", output: 1 }),
    message({ id: "m", output: 24 }),
    message({ id: "m", output: 312, stopReason: "end_turn" }),
  ];
  expect(own(init, ...frames)).toMatchObject([100, 312, expect.anything(), true]);
});

test("a second, empty result of a process that fails at its end does not take the answer (anthropics/claude-code#48971)", () => {
  const { finalText } = foldOf([
    [
      init,
      message({ id: "m" }),
      result({ uuid: "a", result: "Hello!", usage }),
      JSON.stringify({
        type: "result",
        subtype: "error_during_execution",
        is_error: true,
        uuid: "b",
        result: null,
      }),
    ].join("\n"),
  ]);
  expect(finalText).toBe("Hello!");
});

test("a failed result's spend counts (agentclientprotocol/claude-agent-acp#953)", () => {
  const modelUsage = { [model]: { inputTokens: 300, outputTokens: 40, costUSD: 0.25 } };
  const failed = result({
    subtype: "error_during_execution",
    is_error: true,
    result: null,
    errors: ["x"],
    usage,
    modelUsage,
    total_cost_usd: 0.25,
  });
  expect(own(init, message({ id: "m" }), failed)).toEqual([300, 40, 0.25, false]);
});

test("every turn of a run without a result counts (justrach/devswarm#371)", () => {
  const turns = [20, 30, 40].map((output) => message({ id: `m${output}`, output, stopReason: "tool_use" }));
  expect(own(init, ...turns)).toMatchObject([300, 90, expect.anything(), true]);
});

test("writes to the cache that no time to live is told for are in its total (pingdotgg/t3code#9019)", () => {
  const counted = {
    input_tokens: 10,
    output_tokens: 5,
    cache_creation_input_tokens: 1000,
    cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 200 },
  };
  const { cost } = foldOf([[init, message({ id: "m" }), result({ usage: counted })].join("\n")]);
  expect(cost.own.usage).toMatchObject({
    cacheCreationInputTokens: 1000,
    cacheCreation5mInputTokens: 300,
    cacheCreation1hInputTokens: 200,
  });
});
