import type { Wording } from "./words.ts";

/** An eighteenth sample, drawn from public reports of 2026; right values decided before the first run, 22 of 27 held. */
export const eighteenthSample: Readonly<Record<string, readonly Wording[]>> = {
  "words of clouds and gateways, eighteenth": [
    {
      text: "API Error: 500 Upstream provider NIM returned an error.\n  Category: internal_server_error\n  Mapped message: Provider API request failed.\n\n  Upstream error:\n  {\"message\":\"Internal server error\",\"type\":\"internal_server_error\",\"code\":500}",
      status: 500,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 503 auth_unavailable: no auth available (providers=claude, model=qwe/GLM-5); check Claude auth/key session and cooldown state via /v0/management/auth-files. This is a server-side issue, usually temporary — try again in a moment.",
      status: 503,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"error\":{\"code\":\"model_cooldown\",\"message\":\"All credentials for model claude-sonnet-4-6 are cooling down\",\"model\":\"claude-sonnet-4-6\",\"reset_seconds\":459202,\"reset_time\":\"127h33m21s\"}}",
      status: 429,
      notBefore: "2026-06-15T22:33:21.000Z",
      code: "provider_quota",
      from: "public reports"
    },
    {
      text: "API Error: 502 {\"error\":{\"message\":\"unknown provider for model gemini-claude-sonnet-4-5\",\"type\":\"server_error\",\"code\":\"internal_server_error\"}}",
      status: 502,
      code: "model_not_found",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"error\":{\"message\":\"Concurrency limit exceeded for user, please retry later\",\"type\":\"rate_limit_error\"},\"type\":\"error\"}",
      status: 429,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 500 Engine protocol predict request returned 400: {\"error\":{\"code\":400,\"message\":\"Failed to initialize samplers: failed to parse grammar\",\"type\":\"invalid_request_error\"}}",
      status: 500,
      code: "claude_invalid_request",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"code\":\"1211\",\"message\":\"Unknown Model, please check the model code.\"},\"request_id\":\"x\"}",
      status: 400,
      code: "model_not_found",
      from: "public reports"
    },
    {
      text: "API Error: 402 You have no quota (Request ID: 0DAE:25E807)",
      status: 402,
      code: "claude_billing",
      from: "public reports"
    },
    {
      text: "API Error: 429 You're out of premium requests. You have reached your monthly limit for premium requests",
      status: 429,
      code: "provider_quota",
      from: "public reports"
    },
    {
      text: "API Error: 403 token expired or invalid",
      status: 403,
      code: "claude_auth_required",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"message\":\"{\\\"error\\\":{\\\"message\\\":\\\"The requested model is not supported.\\\",\\\"code\\\":\\\"model_not_supported\\\",\\\"param\\\":\\\"model\\\",\\\"type\\\":\\\"invalid_request_error\\\"}}\\n\",\"type\":\"error\"}}",
      status: 400,
      code: "model_not_found",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"This credential is only authorized for use with Claude Code and cannot be used for other API requests.\"}}",
      status: 400,
      code: "claude_access_denied",
      from: "public reports"
    },
    {
      text: "OAuth error: Request failed with status code 403",
      code: "claude_access_denied",
      from: "public reports"
    },
    {
      text: "API Error: Request rejected (429) · Rate limited. Please try again later.",
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 403 [{\"error\":{\"code\":403,\"message\":\"Permission denied on resource project polynomial-coda.\",\"status\":\"PERMISSION_DENIED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"CONSUMER_INVALID\"}]}}]",
      status: 403,
      code: "claude_access_denied",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"error\":{\"message\":\"LiteLLM User: engineer-1, exceeded budget for model=claude-opus-4-8\",\"type\":\"budget_exceeded\",\"param\":null,\"code\":\"429\"}}",
      status: 429,
      code: "claude_billing",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"error\":{\"code\":429,\"message\":\"Individual quota reached. Please upgrade your subscription to increase your limits. Resets in 167h40m46s.\",\"status\":\"RESOURCE_EXHAUSTED\"}}",
      status: 429,
      notBefore: "2026-06-17T14:40:46.000Z",
      code: "provider_quota",
      from: "public reports"
    },
    {
      text: "API Error: 500 {\"error\":{\"message\":\"fetch failedTypeError: fetch failed\\n    at node:internal/deps/undici/undici:13502:13\",\"type\":\"api_error\",\"code\":\"internal_error\"}}",
      status: 500,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 400 Your input exceeds the context window of this model. Please adjust your input and try again.",
      status: 400,
      code: "claude_prompt_too_long",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"code\":400,\"message\":\"request (18453 tokens) exceeds the available context size (4096 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":18453,\"n_ctx\":4096}}",
      status: 400,
      code: "claude_prompt_too_long",
      from: "public reports"
    },
    {
      text: "API Error: 503 {\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
      status: 503,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"message\":\"registry.ollama.ai/library/gemma:latest does not support tools\",\"type\":\"invalid_request_error\"}}",
      status: 400,
      code: "claude_invalid_request",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"error\":{\"code\":\"model_cooldown\",\"message\":\"All credentials for model x are cooling down\",\"reset_seconds\":1768,\"reset_time\":\"29m28s\"}}",
      status: 429,
      code: "claude_transient_upstream",
      from: "near miss"
    },
    {
      text: "API Error: 500 Engine returned 500: {\"error\":{\"code\":500,\"message\":\"see issue 400\",\"type\":\"api_error\"}}",
      status: 500,
      code: "claude_transient_upstream",
      from: "near miss"
    }
  ],
  "stored conversations, eighteenth": [
    {
      text: "API Error: 400 {\"error\":{\"message\":\"thinking is enabled but reasoning_content is missing in assistant tool call message at index 7\",\"type\":\"invalid_request_error\"}}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"message\":\"No tool call found for function call output with call_id call_x.\",\"type\":\"invalid_request_error\",\"param\":\"input\"}}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"object\":\"error\",\"message\":\"Not the same number of function calls and responses\",\"type\":\"invalid_request_error\",\"code\":\"3230\"}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 Expected toolResult blocks at messages.2.content for the following Ids: tooluse_x",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"code\":\"Client specified an invalid argument\",\"error\":\"Each message must have at least one content element.\"}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    }
  ]
};
