import { expect, test } from "vitest";
import type { RunSummary, Spend } from "../src/index.ts";
import { recording } from "./recordings.ts";
import { foldOf, joined, linesOf } from "./streams.ts";

/**
 * What each recording's bytes say, read by hand: the expectations were taken from the frames' own numbers with another tool,
 * not from this parser.
 */
function summaryOf(name: string): RunSummary {
  return foldOf([recording(name)]);
}

/** The counts that people compare: input, output, cache read, cache written, US dollars. */
function numbersOf(spend: Spend | null): readonly (number | null)[] | null {
  if (spend === null) return null;
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheCreationInputTokens } = spend.usage;
  return [inputTokens, outputTokens, cacheReadInputTokens, cacheCreationInputTokens, spend.costUsd];
}

function costOf(name: string) {
  const { own, session } = summaryOf(name).cost;
  return { own: numbersOf(own), session: numbersOf(session), estimated: own.estimated };
}

test("sub-agents are in the cost, also those that outlive the first result", () => {
  // The two results' own `usage` says 71 and 14 output tokens of 143.
  const total = [60, 143, 10240, 5120, 0.030747999999999998];
  expect(costOf("subagent")).toEqual({ own: total, session: total, estimated: false });
  expect(summaryOf("subagent")).toMatchObject({
    inits: 2,
    results: 2,
    turns: 3,
    durationMs: 250,
    messages: 5,
    finalText: "The subagent found one file.",
    subagents: { spawned: 1, completed: 1, failed: 0, killed: 0 },
    backgroundTasks: { started: 1, completed: 1, open: [] },
    tools: { calls: 2, failed: 0, open: [] },
  });
});

test.each([
  ["subagent-foreground", [48, 136, 8192, 4096, 0.025030399999999994]],
  ["subagent-no-background", [72, 221, 12288, 6144, 0.0378856]],
  ["tool-parallel", [36, 222, 6144, 3072, 0.0211728]],
])("%s: blocks of one message are not added up", (name, total) => {
  expect(costOf(name)).toEqual({ own: total, session: total, estimated: false });
});

test.each([
  // Two models: helper calls are made with the small one.
  ["v1.0.128--subagent", [72, 156, 12288, 6144, 0.022388479999999995]],
  ["v2.0.77--subagent", [108, 198, 18432, 9216, 0.033982799999999994]],
  ["v2.1.110--subagent", [48, 129, 8192, 4096, 0.019896599999999997]],
])("%s: an old release tells this process's own share only", (name, own) => {
  expect(costOf(name)).toEqual({ own, session: null, estimated: false });
});

test("after a resume, a new release's totals begin with the earlier run's", () => {
  expect(costOf("resume-1-first").own).toEqual([24, 45, 4096, 2048, 0.012055199999999999]);
  expect(costOf("resume-2-ok")).toEqual({
    own: [12, 10, 2048, 1024, 0.005777599999999999],
    session: [36, 55, 6144, 3072, 0.017832799999999996],
    estimated: false,
  });
});

test("after a resume, an old release's totals begin with nothing", () => {
  expect(costOf("v2.1.110--resume-2-ok").own).toEqual([12, 10, 2048, 1024, 0.004640399999999999]);
  expect(costOf("v1.0.128--resume-2-ok").own).toEqual([36, 38, 6144, 3072, 0.007147279999999999]);
  expect(summaryOf("v1.0.128--resume-2-ok").cost.own.models).toMatchObject({
    "claude-3-5-haiku-20241022": { inputTokens: 24, outputTokens: 28, costUsd: 0.00250688 },
    "claude-sonnet-4-20250514": { inputTokens: 12, outputTokens: 10, costUsd: 0.004640399999999999 },
  });
});

test("several results: the last one counts, shares are added up, totals are not", () => {
  expect(costOf("background-bash")).toEqual({
    own: [36, 75, 6144, 3072, 0.0182328],
    session: [36, 75, 6144, 3072, 0.0182328],
    estimated: false,
  });
  expect(costOf("v2.1.110--background-bash").own).toEqual([36, 75, 6144, 3072, 0.014596199999999998]);
  expect(summaryOf("background-bash")).toMatchObject({
    results: 2,
    turns: 3,
    durationMs: 316,
    durationApiMs: 95,
    finalText: "The background command has finished.",
    result: { success: true, index: 1, originKind: "task-notification", numTurns: 1 },
  });
});

test("1.0 counts its turns on from result to result", () => {
  expect(summaryOf("v1.0.128--input-stream-json").turns).toBe(6);
  expect(summaryOf("input-stream-json").turns).toBe(3);
});

test("a compaction's own call is in the cost, though not in the turn's usage", () => {
  expect(costOf("compact-2-manual")).toEqual({
    own: [12, 28, 2048, 1024, 0.0061376],
    session: [36, 73, 6144, 3072, 0.0181928],
    estimated: false,
  });
  expect(summaryOf("compact-2-manual")).toMatchObject({
    result: { turnUsage: { inputTokens: 0, outputTokens: 0 }, success: true },
    compactions: {
      count: 1,
      failed: 0,
      last: [{ trigger: "manual", preTokens: 3095, postTokens: 2600, durationMs: 78 }],
    },
  });
  // These releases tell a compaction's cost and no tokens of it.
  expect(costOf("v1.0.128--compact-2-manual").own).toEqual([0, 0, 0, 0, 0.007529279999999999]);
});

test("cut before any result, the cost is an estimate by message", () => {
  const summary = summaryOf("sigkill-mid-bash");
  expect(summary.result).toBeNull();
  expect(summary.cost).toMatchObject({ session: null, own: { estimated: true } });
  // One message of two frames: its input counts once. Its output is told nowhere.
  expect(summary.cost.own.usage).toMatchObject({
    inputTokens: 12,
    cacheReadInputTokens: 2048,
    cacheCreationInputTokens: 1024,
  });
  // 12 at $4, 1024 at $5 and 2048 at $0.20 a million, and $20 a million for the output.
  const inputUsd = (12 * 4 + 1024 * 5 + 2048 * 0.2) / 1e6;
  const outputUsd = (summary.cost.own.usage.outputTokens * 20) / 1e6;
  expect(summary.cost.own.costUsd).toBeCloseTo(inputUsd + outputUsd, 12);
  expect(summary.tools.open).toEqual([
    {
      id: "toolu_fake00000000000000000002",
      name: "Bash",
      startedAt: "2026-11-22T08:03:17.137Z",
      parentToolUseId: null,
      elapsedSeconds: null,
    },
  ]);
});

test("cut after the first of two results, what came since is estimated on top", () => {
  const lines = linesOf(recording("background-bash"));
  const summary = foldOf([joined(lines.slice(0, -1))]);
  expect(summary.results).toBe(1);
  expect(summary.cost.own).toMatchObject({ estimated: true, usage: { inputTokens: 24 + 12 } });
  expect(summary.cost.session?.usage.inputTokens).toBe(24);
});

test("cut within a frame, the frame does not count", () => {
  const bytes = recording("simple-text");
  const summary = foldOf([bytes.subarray(0, bytes.length - 100)]);
  expect(summary).toMatchObject({ lastLineCut: true, result: null, results: 0, contentSeen: true });
});

test("streamed message ends tell the true output", () => {
  const lines = linesOf(recording("stream-reset-recovers"));
  const summary = foldOf([joined(lines.slice(0, -1))]);
  // The abandoned attempt streamed 20 bytes, which are about 5 tokens, and the second told 13.
  expect(summary.cost.own).toMatchObject({ estimated: true, usage: { inputTokens: 24, outputTokens: 18 } });
});

test("structured output", () => {
  expect(summaryOf("structured-output")).toMatchObject({
    structuredOutputRequested: true,
    structuredOutput: { value: { verdict: "good", score: 0.9 }, length: 30 },
    result: { success: true, hasStructuredOutput: true, stopReason: "tool_use" },
  });
  expect(summaryOf("structured-output-ignored")).toMatchObject({
    structuredOutputRequested: true,
    structuredOutput: null,
    result: { success: true, hasStructuredOutput: false },
  });
});

test("failures carry every class the stream tells", () => {
  expect(summaryOf("usage-limit-429-subscription")).toMatchObject({
    contentSeen: false,
    result: {
      success: false,
      subtype: "success",
      terminalReason: "api_error",
      apiErrorStatus: 429,
      apiErrorType: "rate_limit_error",
      apiError: "usage_limit_reached",
    },
    lastAssistant: { synthetic: true, error: "rate_limit", apiError: "usage_limit_reached" },
    rateLimits: [
      { window: "seven_day", status: "allowed", resetsAt: 1795900000, utilization: 0.4 },
      {
        window: "five_hour",
        status: "rejected",
        resetsAt: 1795500000,
        utilization: 1,
        isUsingOverage: false,
      },
    ],
  });
  expect(summaryOf("server-error-500-default").retries).toMatchObject({ count: 10 });
  expect(summaryOf("server-error-500-default").retries.last).toHaveLength(10);
  expect(summaryOf("root-skip-permissions-startup-results")).toMatchObject({
    inits: 0,
    sessionId: null,
    contentSeen: false,
    result: { success: false, startupFailureReason: "bypass_root" },
  });
});

test("an old release's cut turn is no success", () => {
  expect(summaryOf("v2.0.77--max-turns").result).toMatchObject({
    subtype: "error_max_turns",
    isError: false,
    success: false,
  });
});

test("denials told twice count once", () => {
  const { permissionDenials } = summaryOf("permission-denied");
  expect(permissionDenials.count).toBe(permissionDenials.last.length);
  expect(new Set(permissionDenials.last.map(({ toolUseId }) => toolUseId)).size).toBe(
    permissionDenials.count,
  );
});

test("a blocked prompt, a failing hook", () => {
  expect(summaryOf("hook-prompt-blocked").hooks.stops).toMatchObject([
    { promptBlocked: true, preventContinuation: true, reason: "prompt refused" },
  ]);
  expect(summaryOf("hooks").hooks).toMatchObject({
    started: 4,
    finished: 4,
    failed: 1,
    failures: [{ name: "PostToolUse:Bash", event: "PostToolUse", exitCode: 3, outcome: "error" }],
  });
});

test("a refusal names the models", () => {
  expect(summaryOf("refusal")).toMatchObject({
    models: ["claude-opus-5-5", "claude-opus-4-8"],
    refusals: {
      count: 2,
      last: [
        { originalModel: "claude-opus-5-5", fallbackModel: "claude-opus-4-8", category: "cyber" },
        { originalModel: "claude-opus-4-8", fallbackModel: null, category: "cyber" },
      ],
    },
  });
});

test("MCP servers and their states", () => {
  expect(summaryOf("mcp").mcpServers).toMatchInlineSnapshot(`
    [
      {
        "name": "good",
        "status": "connected",
      },
      {
        "name": "broken",
        "status": "failed",
      },
      {
        "name": "refused",
        "status": "failed",
      },
    ]
  `);
});
