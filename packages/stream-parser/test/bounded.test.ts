import { expect, test } from "vitest";
import { createTerminalRenderer } from "../src/terminal/index.ts";
import { createMeter, costOf, emptySummary, PRICES, summarize } from "../src/index.ts";
import type { ClaudeEvent, PriceTable, TokenUsage } from "../src/index.ts";
import { recording } from "./recordings.ts";
import { eventsOf, foldOf } from "./streams.ts";

const usage: TokenUsage = {
  inputTokens: 1_000_000,
  outputTokens: 1_000_000,
  cacheReadInputTokens: 1_000_000,
  cacheCreationInputTokens: 2_000_000,
  cacheCreation5mInputTokens: 1_000_000,
  cacheCreation1hInputTokens: 1_000_000,
  thinkingTokens: 500_000,
  webSearchRequests: 3,
};

test("a summary stays small however long the run", () => {
  const frames = Array.from({ length: 4000 }, (_, index) => {
    const id = `toolu_${index}`;
    const content = [
      { type: "tool_use", id, name: `Tool${index}`, input: {} },
      { type: "tool_use", id: `a${index}`, name: "Agent", input: { description: "d".repeat(5000) } },
      { type: "text", text: "t".repeat(50) },
    ];
    const message = { id: `msg_${index}`, model: `model-${index}`, content, usage: { input_tokens: 1 } };
    return [
      { type: "assistant", message, parent_tool_use_id: null, uuid: id },
      { type: "system", subtype: "api_retry", attempt: index },
      { type: "system", subtype: "task_started", task_id: id, is_backgrounded: true },
      { type: "system", subtype: "permission_denied", tool_use_id: id },
      { type: "rate_limit_event", rate_limit_info: { rateLimitType: `window-${index}` } },
      { type: "system", subtype: "hook_response", outcome: "error", stderr: "e".repeat(5000) },
    ]
      .map((frame) => JSON.stringify(frame))
      .join("\n");
  });
  const summary = foldOf([frames.join("\n")]);
  expect(summary.frames).toBe(24_000);
  expect(summary.tools.calls).toBe(8000);
  expect(JSON.stringify(summary).length).toBeLessThan(200_000);
});

test("a huge answer is cut, and its length told", () => {
  const result = "r".repeat(1_000_000);
  const summary = foldOf([JSON.stringify({ type: "result", subtype: "success", is_error: false, result })]);
  expect(summary.result?.textLength).toBe(1_000_000);
  expect(summary.finalText?.endsWith("… (737856 more characters)")).toBe(true);
});

test("summarize leaves the summary it is given as it was", () => {
  const freeze = (value: unknown): void => {
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  };
  let summary = emptySummary();
  for (const event of eventsOf([recording("subagent"), recording("refusal"), recording("hooks")])) {
    freeze(summary);
    summary = summarize(summary, event);
  }
  expect(summary.results).toBe(4);
});

test("costOf charges each kind of token at its price", () => {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = PRICES.models["claude-opus-5-5"] ?? {};
  expect([input, output, cacheRead, cacheWrite5m, cacheWrite1h]).toEqual([4, 20, 0.2, 5, 8]);
  expect(costOf(usage, "claude-opus-5-5")).toBeCloseTo(4 + 20 + 0.2 + 5 + 8 + 3 * 0.01, 10);
  expect(costOf(usage, "us.anthropic.claude-opus-5-5-v1:0")).toBe(costOf(usage, "claude-opus-5-5"));
  expect(costOf(usage, "somebody-elses-model")).toBeNull();
  expect(costOf(usage, "constructor")).toBeNull();
});

const dollarEach: PriceTable = {
  date: "2026-01-01",
  webSearchRequest: 0,
  models: { "claude-": { input: 1, output: 1, cacheRead: 1, cacheWrite5m: 1, cacheWrite1h: 1 } },
};

function readings(events: readonly ClaudeEvent[], prices?: PriceTable) {
  const meter = createMeter(prices === undefined ? {} : { prices });
  return events.map((event) => meter.push(event));
}

test("the meter counts while the run goes on, and ends with what was charged", () => {
  const all = readings(eventsOf([recording("subagent")]));
  const inputs = all.map((spend) => spend.usage.inputTokens);
  expect(inputs.toSorted((a, b) => a - b)).toEqual(inputs);
  expect(all.some((spend) => spend.estimated)).toBe(true);
  expect(all.at(-1)).toEqual(foldOf([recording("subagent")]).cost.own);
});

test("the meter's prices can be replaced; what a result charged stands", () => {
  const events = eventsOf([recording("tool-parallel")]);
  const before = readings(events.slice(0, -1), dollarEach).at(-1);
  const tokens = before?.usage;
  const sum =
    (tokens?.inputTokens ?? 0) +
    (tokens?.outputTokens ?? 0) +
    (tokens?.cacheReadInputTokens ?? 0) +
    (tokens?.cacheCreationInputTokens ?? 0);
  expect(before?.costUsd).toBeCloseTo(sum / 1e6, 12);
  expect(readings(events, dollarEach).at(-1)?.costUsd).toBe(0.0211728);
});

test("every model that the CLI charged for has the price that it charged", () => {
  for (const name of [
    "subagent",
    "refusal",
    "v1.0.128--subagent",
    "v2.0.77--subagent",
    "v2.1.110--subagent",
  ]) {
    for (const [model, spend] of Object.entries(foldOf([recording(name)]).cost.own.models)) {
      expect(costOf(spend, model)).toBeCloseTo(spend.costUsd ?? Number.NaN, 12);
    }
  }
});

test.each([5000, 200_000])("a frame nested %i deep is read, summarized and shown", (depth) => {
  const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const objects = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const frames = [deep, objects].flatMap((value) => [
    `{"type":"result","subtype":"success","is_error":false,"structured_output":${value}}`,
    `{"type":"result","usage":${value},"modelUsage":${value},"permission_denials":[{"tool_input":${value}}]}`,
    `{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t","name":"X","input":${value}}]}}`,
    `{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":${value}}]}}`,
    `{"type":"user","message":${value}}`,
    `{"type":"stream_event","event":{"type":"content_block_delta","delta":${value}}}`,
    `{"type":"hologram","value":${value}}`,
    `words ${value}`,
    value,
  ]);
  const summary = foldOf([frames.join("\n")]);
  expect(summary).toMatchObject({ results: 4, structuredOutput: null });
  expect(JSON.stringify(summary).length).toBeLessThan(100_000);
  const renderer = createTerminalRenderer();
  for (const event of eventsOf([frames.join("\n")])) renderer.render(event);
});

test("an overlong line is let go, and what cannot be a frame is bounded much lower", () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x7a);
  const chunks = Array.from({ length: 3 }, () => mebibyte);
  const [event, ...more] = eventsOf([...chunks, "\n"]);
  expect(more).toEqual([]);
  expect(event).toEqual({
    type: "overflow",
    lineBytes: 3 * mebibyte.length + 1,
    head: "z".repeat(1024),
    maxLineBytes: mebibyte.length,
  });
  const frame = `{"type":"user","pad":"${"z".repeat(3 * mebibyte.length)}"}`;
  expect(eventsOf([frame]).map(({ type }) => type)).toEqual(["user"]);
  expect(eventsOf([`2026-11-20T10:00:00Z ${frame.replace("{", '{"uuid":"u",')}`])).toHaveLength(1);
});
