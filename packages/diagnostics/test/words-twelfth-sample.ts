import type { Wording } from "./words.ts";

/** A twelfth sample: logins of clouds, addresses where something else answers, limits with days in place of times, and stored messages that are refused. */
export const twelfthSample: Readonly<Record<string, readonly Wording[]>> = {
 "accounts, limits, addresses, twelfth sample": [
  {
   "text": "API Error: 403 Model access is denied by Marketplace subscription",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "claude-code#9683"
  },
  {
   "text": "API Error: 403 {\"type\":\"error\",\"error\":{\"type\":\"permission_error\",\"message\":\"anthropic.claude-opus-4-7 is not available for this account. You can explore other available models on Amazon Bedrock. For additional access options, contact AWS Sales at https://aws.amazon.com/contact-us/sales-support/\"}}",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "claude-code#51183"
  },
  {
   "text": "API Error: 500 {\"error\":{\"message\":\"InvokeModelWithResponseStream: operation error Bedrock Runtime: InvokeModelWithResponseStream, https response error StatusCode: 400, RequestID: b7810, ValidationException: Invocation of model ID anthropic.claude-sonnet-4-20250514-v1:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model. (request id: 2025)\",\"type\":\"\",\"param\":\"\",\"code\":null}}",
   "status": 500,
   "error": "server_error",
   "code": "model_not_found",
   "from": "Laisky/one-api#77"
  },
  {
   "text": "API Error: 400 [{\"error\":{\"code\":400,\"message\":\"Project `my-project` is not allowed to use Publisher Model `projects/my-project/locations/asia-southeast1/publishers/anthropic/models/claude-3-sonnet@20240229`\",\"status\":\"FAILED_PRECONDITION\"}}]",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_access_denied",
   "from": "uni-api#41 (Vertex)"
  },
  {
   "text": "API Error: {\"error\":\"invalid_grant\",\"error_description\":\"reauth related error (invalid_rapt)\",\"error_uri\":\"https://support.google.com/a/answer/9368756\",\"error_subtype\":\"invalid_rapt\"}",
   "error": "unknown",
   "code": "claude_auth_required",
   "from": "claude-code#726"
  },
  {
   "text": "API Error: 400 {\"error\":\"invalid_grant\",\"error_description\":\"reauth related error (invalid_rapt)\",\"error_subtype\":\"invalid_rapt\"}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_auth_required",
   "from": "cline#4080"
  },
  {
   "text": "API Error: Could not load the default credentials. Browse to https://cloud.google.com/docs/authentication/getting-started for more information.",
   "error": "unknown",
   "code": "claude_auth_required",
   "from": "opencode#553"
  },
  {
   "text": "API Error: The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.",
   "error": "unknown",
   "code": "claude_auth_required",
   "from": "claude-code#849"
  },
  {
   "text": "API Error: 403 {\"Message\":\"Invalid API Key format: Must start with pre-defined prefix\"} · Please run /login",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_auth_required",
   "from": "vibe-kanban#933"
  },
  {
   "text": "API Error (403 The security token included in the request is expired)",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_auth_required",
   "from": "claude-code#4229"
  },
  {
   "text": "API Error: 403 {\"error\":{\"code\":403,\"message\":\"To continue, verify your account at\\n\\nhttps://accounts.google.com/signin/continue?sarp=1\",\"status\":\"PERMISSION_DENIED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"VALIDATION_REQUIRED\"}]}}",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "CLIProxyAPI#1374"
  },
  {
   "text": "Unable to connect to API due to poor internet connection",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "claude-code#8032"
  },
  {
   "text": "OAuth error: unable to get local issuer certificate",
   "error": "unknown",
   "code": "claude_tls_untrusted",
   "from": "claude-code#8032 b"
  },
  {
   "text": "Unable to connect to Anthropic services\n\n Failed to connect to api.anthropic.com: SELF_SIGNED_CERT_IN_CHAIN\n\n Please check your internet connection and network settings.",
   "code": "claude_tls_untrusted",
   "from": "claude-code#2855"
  },
  {
   "text": "Unable to connect to Anthropic services\n\n Failed to connect to api.anthropic.com: Request failed with status code 503\n\n Please check your internet connection and network settings.",
   "code": "claude_transient_upstream",
   "from": "claude-code#217"
  },
  {
   "text": "API Error: 429 No deployments available - crossed budget: Exceeded budget for deployment model_name: xxx, litellm_params.model: xxx, model_id: xxx: 0.36300000000000004 >= 1d",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_billing",
   "from": "litellm#14144"
  },
  {
   "text": "API Error: 404 {\"error\":{\"message\":\"No endpoints found matching your data policy (Paid model training). Configure: https://openrouter.ai/settings/privacy\",\"code\":404}}",
   "status": 404,
   "error": "unknown",
   "code": "claude_access_denied",
   "from": "unoplat#1080"
  },
  {
   "text": "API Error: 404 {'status': 'failure', 'message': 'openrouter error: No endpoints available matching your guardrail restrictions and data policy. Configure: https://openrouter.ai/settings/privacy'}",
   "status": 404,
   "error": "unknown",
   "code": "claude_access_denied",
   "from": "truefoundry/models#826"
  },
  {
   "text": "API Error: 403 <!DOCTYPE html><html lang=\"en\" data-astro-cid-4wdtffzm><head><meta charset=\"utf-8\"><meta name=\"theme-color\" content=\"#000\"><title>Vercel Security Checkpoint</title><style>.spinner{flex-direction:column}",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_wrong_service",
   "from": "kilocode#14325 (Vercel)"
  },
  {
   "text": "API Error: 522 {\"type\":\"https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-522/\",\"title\":\"Error 522: Connection timed out\",\"status\":522,\"detail\":\"Cloudflare could not establish a TCP connection to the origin server. The TCP handshake timed out, which may indicate the origin is overloaded, firewalling Cloudflare, or unreachable at the network level.\",\"error_code\":522,\"zone\":\"api.anthropic.com\",\"cloudflare_error\":true,\"retryable\":true,\"retry_after\":120,\"owner_action_required\":true,\"what_you_should_do\":\"**Wait and retry.**\"}",
   "status": 522,
   "error": "server_error",
   "code": "claude_transient_upstream",
   "from": "claude-code#67341"
  },
  {
   "text": "API Error: 524 <!DOCTYPE html>\n<!--[if lt IE 7]> <html class=\"no-js ie6 oldie\" lang=\"en-US\"> <![endif]-->\n<head>\n\n<title>newcli.com | 524: A timeout occurred</title>",
   "status": 524,
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "claude-code#16737"
  },
  {
   "text": "API Error: API returned an empty or malformed response (HTTP 200) — check for a proxy or gateway intercepting the request",
   "error": "unknown",
   "code": "llm_api_error",
   "from": "vscode-copilot-release#2258 (zscaler, 200)"
  },
  {
   "text": "API Error: 403 Host not in allowlist: api.anthropic.com. x-deny-reason: host_not_allowed",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "claude-code#74025"
  },
  {
   "text": "API Error: Request rejected (429) · this may be a temporary capacity issue",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_transient_upstream",
   "from": "the error reference of Claude Code"
  },
  {
   "text": "API Error: Server is temporarily limiting requests (not your usage limit)",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_transient_upstream",
   "from": "the error reference of Claude Code"
  },
  {
   "text": "Could not resolve authentication method. Expected either apiKey or authToken to be set. Or for one of the \"X-Api-Key\" or \"Authorization\" headers to be explicitly omitted",
   "error": "unknown",
   "code": "claude_auth_required",
   "from": "the error reference of Claude Code"
  },
  {
   "text": "OAuth token does not meet scope requirement user:profile",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_auth_required",
   "from": "the error reference of Claude Code"
  },
  {
   "text": "Your organization has disabled API key authentication. Sign in with your Claude account instead.",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "the error reference of Claude Code"
  },
  {
   "text": "Claude Opus is not available with the Claude Pro plan. If you have updated your subscription plan recently, run /logout and /login for the plan to take effect.",
   "error": "invalid_request",
   "code": "claude_plan_gate",
   "from": "the error reference of Claude Code"
  },
  {
   "text": "API Error: Usage credits required for 1M context · turn on usage credits at claude.ai/settings/usage, or use --model to switch to standard context",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_plan_gate",
   "from": "claude-code#65514"
  },
  {
   "text": "Credit balance too low · Add funds: https://platform.claude.com/settings/billing",
   "error": "billing_error",
   "code": "claude_billing",
   "from": "claude-code#34914"
  },
  {
   "text": "Opus weekly limit reached ∙ resets Oct 31, 9am",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2025-10-25T12:00:00Z",
   "notBefore": "2025-10-31T09:00:00.000Z",
   "from": "claude-code#10333"
  },
  {
   "text": "Opus weekly limit reached ∙ resets Oct 24",
   "code": "provider_quota",
   "now": "2025-10-20T12:00:00Z",
   "notBefore": "2025-10-24T00:00:00.000Z",
   "from": "claude-code#10333 b"
  },
  {
   "text": "You've hit your session limit · resets 1:10am (UTC)",
   "status": 429,
   "code": "provider_quota",
   "now": "2026-09-17T23:29:00Z",
   "notBefore": "2026-09-18T01:10:00.000Z",
   "from": "claude-code-action#1720"
  },
  {
   "text": "Weekly limit reached · resets Dec 2, 7pm (Europe/Moscow) ·",
   "code": "provider_quota",
   "now": "2025-11-29T10:00:00Z",
   "notBefore": "2025-12-02T16:00:00.000Z",
   "from": "claude-code#12686"
  },
  {
   "text": "You've hit your limit · resets 11pm (America/Anchorage)",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2026-01-20T12:00:00Z",
   "notBefore": "2026-01-21T08:00:00.000Z",
   "from": "claude-code#19472"
  },
  {
   "text": "You've hit your weekly limit · resets Mon 12:00am",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2026-06-10T15:00:00Z",
   "notBefore": "2026-06-15T00:00:00.000Z",
   "from": "error reference (copy)"
  },
  {
   "text": "API Error: 429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"This request would exceed your account's rate limit. Please try again later.\"},\"request_id\":\"req_1\"}",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_transient_upstream",
   "from": "claude-code#12686 b"
  },
  {
   "text": "You've hit your weekly limit · resets Monday",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-15T00:00:00.000Z",
   "from": "a day of the week without a time"
  },
  {
   "text": "Weekly limit reached. Resets on Wednesday.",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-17T00:00:00.000Z",
   "from": "the same day of the week"
  },
  {
   "text": "API Error: 429 Daily usage limit reached. Try again tomorrow.",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-11T00:00:00.000Z",
   "from": "tomorrow"
  },
  {
   "text": "Usage limit reached · resets tomorrow at 8am (Europe/Berlin)",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-11T06:00:00.000Z",
   "from": "tomorrow at a time of a zone"
  },
  {
   "text": "You've hit your monthly limit · resets Jan 1",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2026-12-20T10:00:00Z",
   "notBefore": "2027-01-01T00:00:00.000Z",
   "from": "a day of the next year"
  },
  {
   "text": "You've hit your limit · resets 3",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": null,
   "from": "near miss: a number that is no day"
  },
  {
   "text": "API Error: 403 Project p-1 is not permitted to invoke model claude-opus-5",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "a role that may not use the model (gateway)"
  },
  {
   "text": "API Error: 403 ExpiredTokenException: The security token included in the request is expired",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_auth_required",
   "from": "Bedrock: keys that expired"
  },
  {
   "text": "API Error: DefaultAzureCredential failed to retrieve a token from the included credentials. AADSTS700082: The refresh token has expired due to inactivity.",
   "error": "unknown",
   "code": "claude_auth_required",
   "from": "Foundry"
  }
 ],
 "histories and requests, twelfth sample": [
  {
   "text": "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages.57.content.2.image.source.base64: image cannot be empty\"},\"request_id\":\"req_1\"}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "claude-code#36712"
  },
  {
   "text": "API Error: 400 {\"error\":{\"code\":\"400\",\"message\":\"Param Incorrect\",\"param\":\"messages[5]: assistant message must have content, reasoning_content or tool_calls\",\"type\":\"\"}}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "CodePilot#629 (mimo)"
  },
  {
   "text": "API Error: 400 {\"message\":\"The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.\"}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "bedrock"
  },
  {
   "text": "API Error: 400 messages.14.content.1.document.source.base64.data: The PDF specified is password protected.",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "the error reference of Claude Code"
  },
  {
   "text": "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"The request body is not valid JSON: unexpected end of hex escape: line 1 column 8123 (char 8122)\"}}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "claude-code#2105 kind"
  },
  {
   "text": "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"tools.14.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level\"}}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "from": "near miss: a tool's schema"
  },
  {
   "text": "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"context_management: Extra inputs are not permitted\"}}",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "from": "near miss: the error reference of Claude Code"
  },
  {
   "text": "API Error: 400 The request body is not valid JSON: EOF while parsing a value at line 1 column 0",
   "status": 400,
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "from": "near miss: a request that is no JSON and holds no broken character"
  }
 ]
};
