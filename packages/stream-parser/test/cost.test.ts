import { expect, test } from "vitest";
import { costOf, createStreamParser, isToolUse, parseLine, PRICES, StreamParserError } from "../src/index.ts";

test("the API's own counts are charged as they are", () => {
  const usage = {
    input_tokens: 1_000_000,
    output_tokens: 1_000_000,
    cache_read_input_tokens: 1_000_000,
    cache_creation_input_tokens: 2_000_000,
    cache_creation: { ephemeral_5m_input_tokens: 1_000_000, ephemeral_1h_input_tokens: 1_000_000 },
    server_tool_use: { web_search_requests: 3 },
  };
  expect(costOf(usage, "claude-opus-5-5")).toBeCloseTo(4 + 20 + 0.2 + 5 + 8 + 3 * 0.01, 10);
  const plain = {
    input_tokens: 1_000_000,
    output_tokens: 0,
    cache_creation: null,
    cache_read_input_tokens: null,
  };
  expect(costOf(plain, "claude-opus-5-5")).toBe(4);
});

test("absent counts of this package's own shape are none", () => {
  expect(costOf({ outputTokens: 1_000_000 }, "claude-haiku-4-5")).toBe(5);
});

test.each([
  ["nothing", undefined],
  ["null", null],
  ["a number", 5],
  ["an object without counts", { tokens: 3 }],
  ["a list", [1]],
  ["a text for a count", { input_tokens: "9", output_tokens: 1 }],
  ["a negative count", { inputTokens: -1 }],
  ["NaN", { inputTokens: Number.NaN }],
  ["an infinite count", { output_tokens: Infinity, input_tokens: 1 }],
  ["a negative count one level down", { input_tokens: 1, server_tool_use: { web_search_requests: -1 } }],
])("%s throws an error that names what is wrong", (_what, usage) => {
  const thrown = () => costOf(usage as never, "claude-opus-5-5");
  expect(thrown).toThrow(StreamParserError);
  expect(thrown).toThrow(/usage/);
});

test("a model that is no text, and a price that is no number, throw too", () => {
  expect(() => costOf({ inputTokens: 1 }, undefined as never)).toThrow(/model must be a string/);
  const models = {
    "claude-": { input: undefined as never, output: 1, cacheRead: 1, cacheWrite5m: 1, cacheWrite1h: 1 },
  };
  expect(() => costOf({ inputTokens: 1 }, "claude-x", { ...PRICES, models })).toThrow(/prices must hold/);
});

test.each([undefined, null, 7, {}, [], new ArrayBuffer(1)])("push of %s is a caller's mistake", (chunk) => {
  const thrown = () => createStreamParser().push(chunk as never);
  expect(thrown).toThrow(StreamParserError);
  expect(thrown).toThrow(/push takes a string or a Uint8Array/);
});

test("parseLine of what is no text is a caller's mistake", () => {
  expect(() => parseLine(undefined as never)).toThrow(StreamParserError);
});

test("a tool's call has its input's type", () => {
  const line = JSON.stringify({
    type: "assistant",
    message: { content: [{ type: "tool_use", id: "t", name: "Bash", input: { command: "ls", timeout: 5 } }] },
  });
  const [event] = parseLine(line);
  const [block] = event?.type === "assistant" ? event.content : [];
  const command = block !== undefined && isToolUse(block, "Bash") ? block.input.command.toUpperCase() : null;
  expect(command).toBe("LS");
  expect(block !== undefined && isToolUse(block, "Read")).toBe(false);
});
