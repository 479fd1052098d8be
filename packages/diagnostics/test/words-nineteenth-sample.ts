import type { Wording } from "./words.ts";

/** A nineteenth sample, drawn from public reports of gateways and local servers; right values decided before the first run, 22 of 25 held. */
export const nineteenthSample: Readonly<Record<string, readonly Wording[]>> = {
  "words of clouds and gateways, nineteenth": [
    {
      text: "API Error: 402 Upstream provider OPENROUTER returned HTTP 402.\nCategory: api_error\nMapped message: Provider API request failed.\n\nUpstream error:\n{\"error\":{\"message\":\"Insufficient credits. This account never purchased credits.\",\"code\":402}}",
      status: 402,
      code: "claude_billing",
      from: "public reports"
    },
    {
      text: "Please run /login · API Error: 401 Upstream provider OPENCODE returned HTTP 401.  Category: CreditsError\n  Mapped message: Provider authentication failed. Check API key.",
      status: 401,
      code: "claude_billing",
      from: "public reports"
    },
    {
      text: "API Error: 401 {\"error\":{\"message\":\"API key required\",\"type\":\"authentication_error\",\"code\":\"api_key_required\"}}",
      status: 401,
      code: "claude_auth_required",
      from: "public reports"
    },
    {
      text: "API Error: 403 Forbidden <!doctype html>\n<html class=\"no-js\" lang=\"en-US\"> <head> <title>Access denied | gw.example used Cloudflare to restrict access</title>",
      status: 403,
      code: "claude_wrong_service",
      from: "public reports"
    },
    {
      text: "API Error: 403 <!DOCTYPE html><html><head><title>Internet Security by Zscaler</title></head><body>Sorry, you don't have permission to visit this site. AI and ML applications</body></html>",
      status: 403,
      code: "claude_wrong_service",
      from: "public reports"
    },
    {
      text: "API Error: 502 status code (no body). This is a server-side issue, usually temporary — try again in a moment. If it persists, check your inference gateway (gw.example:3000).",
      status: 502,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "You've hit your limit · resets May 5 at 9pm (America/New_York)",
      now: "2026-05-03T20:54:34Z",
      notBefore: "2026-05-06T01:00:00.000Z",
      code: "provider_quota",
      from: "public reports"
    },
    {
      text: "API Error: Claude Code is unable to respond to this request, which appears to violate our Usage Policy (https://www.anthropic.com/legal/aup). Try rephrasing the request or attempting a different approach. If you are seeing this refusal repeatedly, try running /model claude-sonnet-4-20250514 to switch models.",
      code: "claude_refusal",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"No models loaded. Please load a model in the developer page or use the 'lms load' command.\"}}",
      status: 400,
      code: "model_not_found",
      from: "public reports"
    },
    {
      text: "API Error: 404 {\"object\":\"error\",\"message\":\"The model `claude-opus-4-5` does not exist.\",\"type\":\"NotFoundError\",\"param\":null,\"code\":404}",
      status: 404,
      code: "model_not_found",
      from: "public reports"
    },
    {
      text: "API Error: 413 {\"error\":{\"message\":\"Request too large for model `x` in organization `org_1` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Requested 25000, please reduce your message size and try again.\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
      status: 413,
      code: "claude_prompt_too_long",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"message\":\"Tokens per day limit exceeded - too many tokens processed.\",\"type\":\"too_many_tokens_error\",\"param\":\"quota\",\"code\":\"token_quota_exceeded\"}",
      status: 429,
      code: "provider_quota",
      from: "public reports"
    },
    {
      text: "API Error: 410 {\"status\":410,\"title\":\"Gone\",\"detail\":\"The model 'moonshotai/kimi-k2' has reached its end of life on 2026-05-11 and is no longer available.\"}",
      status: 410,
      code: "model_not_found",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"object\":\"error\",\"message\":\"Service tier capacity exceeded for this model.\",\"type\":\"service_tier_capacity_exceeded\",\"param\":null,\"code\":\"3505\"}",
      status: 429,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 422 {\"error\":{\"message\":\"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 32769. Given: 40000 `inputs` tokens and 4096 `max_new_tokens`\",\"type\":\"invalid_request_error\"}}",
      status: 422,
      code: "claude_prompt_too_long",
      from: "public reports"
    },
    {
      text: "API Error: 403 {\"code\":\"The caller does not have permission to execute the specified operation\",\"error\":\"Your newly created teams doesn't have any credits yet. You can purchase credits on console.x.ai\"}",
      status: 403,
      code: "claude_billing",
      from: "public reports"
    },
    {
      text: "API Error: 403 {\"error_code\":\"PERMISSION_DENIED\",\"message\":\"PERMISSION_DENIED: The endpoint is disabled due to a rate limit set to 0.\"}",
      status: 403,
      code: "claude_access_denied",
      from: "public reports"
    },
    {
      text: "API Error: 429 {\"error_code\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"REQUEST_LIMIT_EXCEEDED: Exceeded workspace input tokens per minute rate limit for databricks-claude-sonnet-4.\"}",
      status: 429,
      code: "claude_transient_upstream",
      from: "public reports"
    },
    {
      text: "API Error: 401 {\"success\":false,\"error\":[{\"code\":2009,\"message\":\"Unauthorized\"}]}",
      status: 401,
      code: "claude_auth_required",
      from: "public reports"
    },
    {
      text: "API Error: 403 {\"error\":{\"message\":\"AI Gateway requires a valid credit card on file to service requests. Please add a card and unlock your free credits.\",\"type\":\"customer_verification_required\"}}",
      status: 403,
      code: "claude_billing",
      from: "public reports"
    },
    {
      text: "API Error: 503 {\"error\":{\"message\":\"The model is being loaded, try again later\"}}",
      status: 503,
      code: "claude_transient_upstream",
      from: "near miss"
    }
  ],
  "stored conversations, nineteenth": [
    {
      text: "API Error: 400 {\"error\":{\"code\":\"400\",\"message\":\"Param Incorrect\",\"param\":\"Invalid assistant message: at least one of content, reasoning_content or tool_calls is required\",\"type\":\"invalid_request\"}}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"message\":\"Invalid 'input[12].content[0].image_url': Expected a base64-encoded data URL with an image MIME type\",\"type\":\"invalid_request_error\",\"code\":\"invalid_value\"}}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"code\":\"invalid_parameter_error\",\"message\":\"<400> InternalError.Algo.InvalidParameter: An assistant message with \\\"tool_calls\\\" must be followed by tool messages responding to each \\\"tool_call_id\\\".\"}}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"error\":{\"code\":400,\"message\":\"* GenerateContentRequest.contents[5].parts[0].data: required oneof field 'data' must have one initialized field\",\"status\":\"INVALID_ARGUMENT\"}}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    },
    {
      text: "API Error: 400 {\"object\":\"error\",\"message\":\"After the optional system message, conversation roles must alternate user/assistant/user/assistant/...\",\"code\":400}",
      status: 400,
      code: "claude_invalid_request",
      session: "clear",
      from: "public reports"
    }
  ]
};
