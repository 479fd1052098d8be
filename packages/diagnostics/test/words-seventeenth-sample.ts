import type { Wording } from "./words.ts";

/** A seventeenth sample, of what other programs recognise: transport and answers in words alone, and windows of gateways. */
export const seventeenthSample: Readonly<Record<string, readonly Wording[]>> = {
 "histories and requests, seventeenth sample": [
  {
   "text": "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages.84.content.1.image.source.base64.data: At least one of the image dimensions exceed max allowed size for many-image requests: 2000 pixels\"}}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "API Error: 400 image exceeds 5 MB maximum",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "API Error: 400 Image dimensions 1504x1504 exceed the maximum allowed size",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages: at least one message is required\"}}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "an empty history"
  },
  {
   "text": "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages.4.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: toolu_1\"}}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "parallel calls"
  },
  {
   "text": "API Error: 400 Google Generative AI API error (400): Request contains an invalid argument. [code=INVALID_ARGUMENT]",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "from": "near miss: openclaw"
  },
  {
   "text": "API Error: 400 {\"object\":\"error\",\"message\":\"Invalid schema for function 'read'\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "from": "near miss: a schema"
  },
  {
   "text": "API Error: 400 status code (no body)",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "from": "near miss: no body"
  }
 ],
 "accounts, limits, addresses, seventeenth sample": [
  {
   "text": "Unhandled stop reason: MALFORMED_FUNCTION_CALL",
   "error": "unknown",
   "code": "llm_api_error",
   "from": "openclaw"
  },
  {
   "text": "API Error: 429 model is not ready",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "OpenAI API error (400): 400 Model Id [gpt-5.4-nano] not found",
   "status": 400,
   "error": "invalid_request",
   "code": "model_not_found",
   "from": "openclaw"
  },
  {
   "text": "Ollama returned malformed tool arguments",
   "error": "unknown",
   "code": "llm_api_error",
   "from": "openclaw"
  },
  {
   "text": "API Error: 403 Forbidden",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "openclaw"
  },
  {
   "text": "auto-compaction failed due to context overflow",
   "error": "unknown",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "Summarization failed: context window exceeded for this request",
   "error": "unknown",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "API Error: 400 Model context window is 128k tokens, you requested 256k tokens",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "Context window exceeded: requested 12000 tokens",
   "error": "unknown",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "API Error: 400 Prompt too large for this model",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "openclaw"
  },
  {
   "text": "The system encountered an unexpected error. Try your request again.",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "Temporary provider failure; please retry your request.",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "The socket connection was closed unexpectedly by fetch",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "API Error: connection lost",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "API Error: other side closed",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "API Error: upstream reset before headers",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "API Error: WebSocket closed unexpectedly",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "API Error: stream ended before message_stop",
   "error": "unknown",
   "code": "llm_api_error",
   "from": "openclaw"
  },
  {
   "text": "API Error: HTTP2 request did not get a response",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "API Error: provider request ended without a terminal response",
   "error": "unknown",
   "code": "llm_api_error",
   "from": "openclaw"
  },
  {
   "text": "API Error: rate-limit reached",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "openclaw"
  },
  {
   "text": "Expected ',' or '}' after property value in JSON at position 334 (line 1 column 335)",
   "error": "unknown",
   "code": "llm_api_error",
   "from": "openclaw"
  },
  {
   "text": "Ollama API stream ended without a final response",
   "error": "unknown",
   "code": "llm_api_error",
   "from": "openclaw"
  },
  {
   "text": "API Error: 413 {\"error\":{\"message\":\"Request too large for model `llama3-70b-8192` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size and try again.\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
   "status": 413,
   "error": "invalid_request",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "Groq"
  },
  {
   "text": "API Error: 500 {\"error\":{\"message\":\"refused\",\"code\":\"context_length_exceeded\"}}",
   "status": 500,
   "error": "server_error",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "a code behind 500"
  },
  {
   "text": "API Error: 404 {\"error\":\"Context limit is 49152 tokens; prompt=51402 leaves 0 output tokens, below the minimum 16\"}",
   "status": 404,
   "error": "unknown",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "a local server"
  },
  {
   "text": "API Error: 400 Request too long: 121692 input tokens over the limit of 46112",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "a gateway's window"
  },
  {
   "text": "API Error: 400 {\"code\":400,\"message\":\"the request exceeds the available context size, try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":5000,\"n_ctx\":4096}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "llama.cpp"
  },
  {
   "text": "API Error: 400 {\"detail\":\"The 'gpt-5.1-codex' model is not supported when using Codex with a ChatGPT account.\"}",
   "status": 400,
   "error": "invalid_request",
   "code": "model_not_found",
   "from": "Codex's models"
  },
  {
   "text": "API Error: 502 upstream connect error: maximum context length",
   "status": 502,
   "error": "server_error",
   "code": "claude_transient_upstream",
   "from": "near miss: an outage"
  },
  {
   "text": "API Error: 500 {\"error\":{\"message\":\"failed to load the model: the maximum context length is not available\",\"type\":\"server_error\"}}",
   "status": 500,
   "error": "server_error",
   "code": "claude_transient_upstream",
   "from": "near miss: a server's trouble"
  },
  {
   "text": "API Error: 429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"This request would exceed the rate limit for your organization of 40,000 input tokens per minute.\"}}",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_transient_upstream",
   "from": "a rate of tokens"
  },
  {
   "text": "You've hit your usage limit. Upgrade to Pro or try again in 4 days 3 hours.",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-14T18:00:00.000Z",
   "from": "Codex, days"
  },
  {
   "text": "unexpected status 429 Too Many Requests: slow down",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "Codex, 429"
  },
  {
   "text": "unexpected status 401 Unauthorized: Missing bearer or basic authentication in header",
   "error": "unknown",
   "code": "claude_auth_required",
   "from": "Codex, 401"
  },
  {
   "text": "Your access token could not be refreshed because your refresh token was already used. Please log out and sign in again.",
   "error": "unknown",
   "code": "claude_auth_required",
   "from": "Codex, refreshed twice"
  },
  {
   "text": "You have reached your weekly limit",
   "code": "provider_quota",
   "from": "a week"
  },
  {
   "text": "Error: Tool permission stream closed before response received",
   "code": "claude_failed",
   "from": "near miss: a tool's stream"
  },
  {
   "text": "MCP server \"x\": connection closed",
   "code": "claude_failed",
   "from": "near miss: an MCP server's connection"
  },
  {
   "text": "Invalid JSON in settings file: unexpected end",
   "code": "claude_failed",
   "from": "near miss: a file that is no JSON"
  },
  {
   "text": "The run did not do what was asked of it.",
   "code": "claude_failed",
   "from": "near miss: prose"
  }
 ]
};
