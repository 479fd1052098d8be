/** Claude Code before another provider's API (`ANTHROPIC_BASE_URL`): what is to be done is to be done there. */
import { describe, expect, test } from "vitest";
import { type Diagnosis, diagnose } from "../src/index.ts";
import { failed } from "./failed-result.ts";
import type { Wording } from "./words.ts";

const own = /claude\.ai|Anthropic (?:Console|organisation)/;
const theirs = /the provider that `ANTHROPIC_BASE_URL` .* names/;

function told(text: string, model: string | null, settings: object = {}): Diagnosis {
  const row: Wording = { text, code: "claude_failed", from: "" };
  const { exit, summary } = failed(row);
  return diagnose({ exit, summary: { ...summary, model }, settings: { ...settings } });
}

const gate = "API Error: 403 Your current subscription plan does not yet include access to this model";
const money = "API Error: 402 Insufficient balance. Please recharge your account.";
const refused = "API Error: 403 permission denied";
const limit = "API Error: 429 Usage limit reached for 5 hour. Your limit will reset at 2026-12-19 15:31:13";

describe("the model shows another provider", () => {
  test.each([
    "glm-4.6",
    "GLM-5",
    "z-ai/glm4.7",
    "zhipu/glm-4-plus",
    "kimi-k2-0905-preview",
    "moonshotai/kimi-k2",
    "MiniMax-M2",
    "deepseek-chat",
    "openrouter/auto",
  ])("%s", (model) => {
    for (const [text, code] of [
      [gate, "claude_plan_gate"],
      [money, "claude_billing"],
      [refused, "claude_access_denied"],
      [limit, "provider_quota"],
    ] as const) {
      const diagnosis = told(text, model);
      expect(diagnosis.code).toBe(code);
      expect(diagnosis.fix.join("\n")).not.toMatch(own);
      expect(diagnosis.fix.join("\n")).toMatch(theirs);
    }
  });
});

test.each([
  "API Error: 429 Your current subscription plan does not yet include access to GLM-5",
  'API Error: 403 {"error":{"message":"This model requires a Pro plan. Upgrade at https://z.ai/manage"}}',
  "API Error: 403 This model is only available to members, see https://www.kimi.com/code",
  "API Error: 403 OpenRouter: this model requires a paid plan",
])("the words show another provider: %s", (text) => {
  const diagnosis = told(text, null);
  expect(diagnosis.code).toBe("claude_plan_gate");
  expect(diagnosis.fix.join("\n")).not.toMatch(own);
  expect(diagnosis.fix.join("\n")).toMatch(theirs);
});

test("the model in the settings shows it where the stream names none", () => {
  expect(told(gate, null, { model: "glm-4.6" }).fix.join("\n")).toMatch(theirs);
});

test.each<readonly [string, string | null]>([
  [gate, "claude-sonnet-5"],
  [gate, null],
  // Names that only look alike.
  ["API Error: 403 This model requires a Pro plan, see https://xyz.ai/plans", "claude-opus-5"],
  [
    "API Error: Usage credits required for 1M context · turn on usage credits at claude.ai/settings/usage, or use --model to switch to standard context",
    "claude-opus-5",
  ],
])("a plan of Claude's own: %s", (text, model) => {
  const diagnosis = told(text, model);
  expect(diagnosis.code).toBe("claude_plan_gate");
  expect(diagnosis.fix.join("\n")).toMatch(/claude\.ai, Settings, Usage/);
  expect(diagnosis.fix.join("\n")).not.toMatch(theirs);
});

test("words of Claude's own settings count more than a gateway's name", () => {
  const text =
    "API Error: 400 OpenRouter: Usage credits required for 1M context · turn on usage credits at claude.ai/settings/usage";
  expect(told(text, "anthropic/claude-opus-5").fix.join("\n")).toMatch(/claude\.ai, Settings, Usage/);
});
