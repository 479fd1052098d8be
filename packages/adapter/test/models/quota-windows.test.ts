import type { RateLimitState } from "@claude-k8s/stream-parser";
import { describe, expect, test } from "vitest";

import { quotaWindows } from "../../src/quota/quota-windows.ts";
import { createSeenLimits, credentialOf } from "../../src/quota/seen-limits.ts";
import { fakeServer } from "../host-context.ts";

const token = ["sk", "ant", "oat01", "0123456789abcdef"].join("-");
const noon = Date.parse("2026-11-29T12:00:00Z");

function limit(changes: Partial<RateLimitState>): RateLimitState {
  return {
    window: "five_hour",
    status: "allowed",
    resetsAt: noon / 1000 + 3600,
    utilization: 0.42,
    isUsingOverage: null,
    overageStatus: null,
    ...changes,
  };
}

function ask(env: Record<string, string>, answer?: () => Response, seen = createSeenLimits(() => noon)) {
  const urls: string[] = [];
  const result = quotaWindows({
    server: fakeServer({ defaults: { env } }),
    seen,
    now: () => noon,
    fetch: async (url) => {
      urls.push(url);
      return answer?.() ?? new Response("no", { status: 403 });
    },
  });
  return result.then((quota) => ({ quota, urls }));
}

test("the token of all pods: Anthropic is asked", async () => {
  const body = {
    five_hour: { utilization: 41.6, resets_at: "2026-11-29T15:00:00Z" },
    seven_day: { utilization: 120, resets_at: null },
    seven_day_opus: null,
    extra_usage: { is_enabled: true, utilization: 10, monthly_limit: 5000, used_credits: 512 },
  };
  const { quota, urls } = await ask({ CLAUDE_CODE_OAUTH_TOKEN: token }, () => Response.json(body));
  expect(urls).toEqual(["https://api.anthropic.com/api/oauth/usage"]);
  expect(quota).toEqual({
    provider: "anthropic",
    source: "anthropic-oauth",
    ok: true,
    windows: [
      { label: "Current session", usedPercent: 42, resetsAt: "2026-11-29T15:00:00Z", valueLabel: null },
      { label: "Current week (all models)", usedPercent: 100, resetsAt: null, valueLabel: null },
      { label: "Extra usage", usedPercent: 10, resetsAt: null, valueLabel: "$5.12 / $50.00" },
    ],
  });
});

test("a token that may not ask: what runs were told, else the reason without the token", async () => {
  const env = { CLAUDE_CODE_OAUTH_TOKEN: token };
  const failed = await ask(env);
  expect(failed.quota).toEqual({
    provider: "anthropic",
    source: "anthropic-oauth",
    ok: false,
    error: "api.anthropic.com answers 403",
    windows: [],
  });
  const seen = createSeenLimits(() => noon);
  seen.note({ credential: token, agentName: "Ada", rateLimits: [limit({})] });
  expect((await ask(env, undefined, seen)).quota).toMatchObject({
    ok: true,
    source: "runs",
    windows: [{ label: "Current session", usedPercent: 42, resetsAt: "2026-11-29T13:00:00.000Z" }],
  });
});

test.each([{ CLAUDE_CODE_USE_BEDROCK: "1" }, { CLAUDE_CODE_USE_VERTEX: "1" }])(
  "a cloud has no windows, and nobody is asked: %j",
  async (env) => {
    const { quota, urls } = await ask({ ...env, CLAUDE_CODE_OAUTH_TOKEN: token });
    expect(quota).toMatchObject({ ok: true, windows: [] });
    expect(urls).toEqual([]);
  },
);

describe("what runs were told", () => {
  test("is kept by account, the newest of each window, and shown until the window ends", async () => {
    const seen = createSeenLimits(() => noon);
    seen.note({ credential: "a", agentName: "Ada", rateLimits: [limit({ utilization: 0.1 })] });
    seen.note({
      credential: "a",
      agentName: "Bob",
      rateLimits: [
        limit({ utilization: null, status: "rejected" }),
        limit({ window: "seven_day", resetsAt: noon / 1000 - 1 }),
        limit({ window: "seven_day_sonnet", resetsAt: null, utilization: null }),
      ],
    });
    expect((await ask({}, undefined, seen)).quota.windows).toMatchObject([
      {
        label: "Current session",
        usedPercent: 100,
        valueLabel: "Used up",
        detail: expect.stringContaining("Bob"),
      },
      { label: "Current week (Sonnet only)", usedPercent: null, resetsAt: null },
    ]);
    seen.note({ credential: "b", agentName: "Eve", rateLimits: [limit({ window: null })] });
    expect((await ask({}, undefined, seen)).quota.windows.map(({ label }) => label)).toEqual([
      "Current session, Bob",
      "Current week (Sonnet only), Bob",
      "Limit, Eve",
    ]);
  });

  test("a run that was told nothing changes nothing, and accounts are bounded", () => {
    const seen = createSeenLimits(() => noon);
    seen.note({ credential: "a", agentName: "Ada", rateLimits: [] });
    expect(seen.accounts()).toEqual([]);
    for (let index = 0; index < 100; index += 1)
      seen.note({ credential: String(index), agentName: `agent ${index}`, rateLimits: [limit({})] });
    expect(seen.accounts()).toHaveLength(20);
    expect(seen.accounts().at(-1)?.agentName).toBe("agent 99");
  });

  test.each([
    [{}, null],
    [{ ANTHROPIC_API_KEY: "k", CLAUDE_CODE_OAUTH_TOKEN: "t" }, "k"],
    [{ ANTHROPIC_API_KEY: " ", CLAUDE_CODE_OAUTH_TOKEN: "t" }, "t"],
    [{ ANTHROPIC_AUTH_TOKEN: "a", ANTHROPIC_API_KEY: "k" }, "a"],
  ])("whose account: %j", (variables, credential) => {
    expect(credentialOf(variables)).toBe(credential);
  });
});
