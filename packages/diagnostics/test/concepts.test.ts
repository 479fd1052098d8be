/** The vocabularies by which words are told that nobody has collected: each pair of words, and the same words in another sense. */
import { describe, expect, test } from "vitest";
import { diagnose, type FailureCode } from "../src/index.ts";

interface Said {
  readonly text: string;
  readonly status?: number;
  readonly code: FailureCode | null;
  readonly session?: "clear";
  readonly certainty?: "suspected";
}

function told({ text, status }: Said): ReturnType<typeof diagnose> {
  return diagnose(
    {
      exit: { kind: "exited", exitCode: 1, signal: null },
      summary: {
        frames: 4,
        inits: 1,
        contentSeen: true,
        lastAssistant: { text, error: "unknown" },
        result: {
          subtype: "success",
          isError: true,
          text,
          ...(status !== undefined && { apiErrorStatus: status }),
        },
      },
    },
    { now: "2026-06-10T15:00:00Z" },
  );
}

const body = (message: string, more: object = {}): string =>
  `API Error: ${JSON.stringify({ error: { message, ...more } })}`;

/** `code: null`: the code of the status, whatever it is, and none of the kind. */
const kinds: Readonly<Record<string, { readonly kind: FailureCode; readonly rows: readonly Said[] }>> = {
  money: {
    kind: "claude_billing",
    rows: [
      { text: body("Wallet empty"), status: 403, code: "claude_billing" },
      { text: body("The invoice of May is unpaid"), status: 400, code: "claude_billing" },
      { text: body("Your card was declined, the payment failed"), status: 500, code: "claude_billing" },
      { text: body("PrepaidFundsExhausted"), status: 429, code: "claude_billing" },
      { text: body("no", { code: "INSUFFICIENT_FUNDS" }), status: 400, code: "claude_billing" },
      { text: body("Recharge needed: your balance is $-0.12"), status: 403, code: "claude_billing" },
      { text: body("La cuenta no tiene saldo: insuficiente"), status: 403, code: "claude_billing" },
      { text: body("thinking budget exceeded: max_tokens must be larger"), status: 400, code: null },
      { text: body("Load balancer: no upstream failed over"), status: 400, code: null },
      {
        text: body("Rate limit exceeded, add credits for more requests per minute"),
        status: 429,
        code: null,
      },
      {
        text: body("bad", { input: "my balance is insufficient, the payment failed" }),
        status: 400,
        code: null,
      },
      { text: body("bad", { messages: [{ content: "credits exhausted" }] }), status: 400, code: null },
    ],
  },
  plans: {
    kind: "claude_plan_gate",
    rows: [
      { text: body("Sonnet is reserved for subscribers"), status: 403, code: "claude_plan_gate" },
      { text: body("Not included in your membership"), status: 403, code: "claude_plan_gate" },
      { text: body("You need a premium seat"), status: 403, code: "claude_plan_gate" },
      { text: body("该模型仅限会员使用"), status: 403, code: "claude_plan_gate" },
      { text: body("Unsupported service tier: only auto"), status: 400, code: null },
      { text: body("The plan of the deployment is not available"), status: 503, code: null },
    ],
  },
  limits: {
    kind: "provider_quota",
    rows: [
      {
        text: body("Your allowance for today is used up: the usage limit is exhausted"),
        status: 403,
        code: "provider_quota",
      },
      { text: body("Weekly quota maxed"), status: 429, code: "provider_quota" },
      { text: body("You ran out of premium requests"), status: 429, code: "provider_quota" },
      { text: body("Usage limit of 50 requests per minute reached"), status: 429, code: null },
      { text: body("The message limit of the context window is exceeded"), status: 400, code: null },
    ],
  },
  trust: {
    kind: "claude_tls_untrusted",
    rows: [
      {
        text: body("The peer's certificate could not be validated"),
        status: 502,
        code: "claude_tls_untrusted",
      },
      { text: body("TLS: unknown CA"), status: 500, code: "claude_tls_untrusted" },
      { text: body("PKIX validation error"), status: 500, code: "claude_tls_untrusted" },
      { text: body("tls connection reset by peer"), status: 502, code: null },
    ],
  },
  models: {
    kind: "model_not_found",
    rows: [
      { text: body("glm-9-air is unknown here"), status: 400, code: "model_not_found" },
      {
        text: body("The model you asked for is not one that is served", { code: "UnknownModel" }),
        status: 422,
        code: "model_not_found",
      },
      { text: body("Model x9 must be one of: a, b"), status: 400, code: "model_not_found" },
      {
        text: body("x9 is an unregistered model"),
        status: 500,
        code: "model_not_found",
        certainty: "suspected",
      },
      { text: body("Model x9 is not available, try again later"), status: 503, code: null },
      { text: body("temperature is not supported by this model"), status: 400, code: null },
    ],
  },
  access: {
    kind: "claude_access_denied",
    rows: [
      {
        text: body("This workspace has been blocked by an administrator"),
        status: 400,
        code: "claude_access_denied",
      },
      { text: body("Requests from your region are restricted"), status: 400, code: "claude_access_denied" },
      { text: body("The user field is not allowed: unknown parameter"), status: 400, code: null },
    ],
  },
  authentication: {
    kind: "claude_auth_required",
    rows: [
      { text: body("The API key is disabled"), status: 400, code: "claude_auth_required" },
      { text: body("Refresh token revoked"), status: 403, code: "claude_auth_required" },
      { text: body("Input tokens missing from the count"), status: 400, code: null },
    ],
  },
  service: {
    kind: "claude_wrong_service",
    rows: [
      { text: body("No handler for path /anthropic/v1/messages"), status: 400, code: "claude_wrong_service" },
      { text: body("method is not implemented"), status: 501, code: "claude_wrong_service" },
      { text: body("The file path is invalid"), status: 400, code: null },
      { text: body("upstream endpoint is not available"), status: 503, code: null },
    ],
  },
  size: {
    kind: "claude_prompt_too_long",
    rows: [
      {
        text: body("The conversation exceeds what the window holds: 210000 tokens"),
        status: 400,
        code: "claude_prompt_too_long",
        session: "clear",
      },
      {
        text: body("max_tokens is too large: 64000 output tokens exceed the maximum"),
        status: 400,
        code: null,
      },
      { text: body("Too many tokens per minute"), status: 429, code: null },
    ],
  },
  history: {
    kind: "claude_invalid_request",
    rows: [
      {
        text: body("A tool message without its tool call"),
        status: 400,
        code: "claude_invalid_request",
        session: "clear",
      },
      {
        text: body("The base64 of the picture is malformed"),
        status: 400,
        code: "claude_invalid_request",
        session: "clear",
      },
      {
        text: body("redacted_thinking must come first"),
        status: 422,
        code: "claude_invalid_request",
        session: "clear",
      },
      {
        text: body("The first message must not be empty"),
        status: 400,
        code: "claude_invalid_request",
        session: "clear",
      },
      { text: body("tool_choice must match a tool"), status: 400, code: "claude_invalid_request" },
      { text: body("thinking.budget_tokens is invalid"), status: 400, code: "claude_invalid_request" },
    ],
  },
};

describe.each(Object.entries(kinds))("%s", (_name, { kind, rows }) => {
  test.each(rows.map((row) => [row.text.slice(0, 100), row] as const))("%s", (_text, row) => {
    const diagnosis = told(row);
    expect(diagnosis.code === kind).toBe(row.code !== null);
    expect(diagnosis.code).toBe(row.code ?? diagnosis.code);
    expect(diagnosis.session).toBe(row.code === null ? diagnosis.session : (row.session ?? "keep"));
    expect(diagnosis.certainty === "suspected").toBe(row.certainty === "suspected");
  });
});

test("time is linear in the length of the words", () => {
  for (const piece of ["credits ", "model-", "a.b/c:", "{", '"', "\\n", "certificate x ", "claude-", "\n"]) {
    const begun = performance.now();
    told({ text: piece.repeat(40_000), status: 400, code: null });
    expect(performance.now() - begun).toBeLessThan(2000);
  }
});
