import type { FailureCode } from "../src/index.ts";
import type { Wording } from "./words.ts";

/** Gateways, proxies, the API itself and Claude Code, each by what its source can say; decided before the first run. */
type More = Pick<Wording, "error" | "session" | "notBefore" | "now">;

const http = (
  status: number,
  code: FailureCode,
  from: string,
  bodies: readonly string[],
  more: More = {},
): readonly Wording[] =>
  bodies.map((body) => ({ text: `API Error: ${status} ${body}`, status, code, from, ...more }));

const own = (
  code: FailureCode,
  from: string,
  texts: readonly string[],
  more: More = {},
): readonly Wording[] => texts.map((text) => ({ text, code, from, ...more }));

const said = (type: string, message: string): string =>
  JSON.stringify({ type: "error", error: { type, message }, request_id: "req_2" });
const lite = (code: number, type: string | null, message: string): string =>
  JSON.stringify({ error: { message, type, param: "None", code: String(code) } });
const kong = (message: string): string => JSON.stringify({ message });
const open = (code: number, message: string): string => JSON.stringify({ error: { message, code } });

const transient = "claude_transient_upstream";
const wrong = "claude_wrong_service";
const denied = "claude_access_denied";
const login = "claude_auth_required";
const invalid = "claude_invalid_request";
const clear = { session: "clear" } as const;

export const gatewayWords: Readonly<Record<string, readonly Wording[]>> = {
  LiteLLM: [
    ...http(401, login, "LiteLLM's keys", [
      lite(
        401,
        "auth_error",
        "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...4567, Key Hash (Token) =ab12. Unable to find token in cache or `LiteLLM_VerificationTable`",
      ),
      lite(401, "auth_error", "Authentication Error, No api key passed in."),
      lite(
        401,
        "expired_key",
        "Authentication Error - Expired Key. Key Expiry time 2026-06-01 00:00:00+00:00 and current time 2026-06-10 15:00:00+00:00",
      ),
      lite(
        401,
        "token_not_found_in_db",
        "Authentication Error, LiteLLM Virtual Key expected. Received=abc, expected to start with 'sk-'.",
      ),
      lite(
        401,
        "auth_error",
        "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.",
      ),
    ]),
    ...http(401, denied, "LiteLLM's rights", [
      lite(
        401,
        "key_model_access_denied",
        "key not allowed to access model. This key can only access models=['gpt-4o']. Tried to access claude-opus-4-5",
      ),
      lite(
        401,
        "team_model_access_denied",
        "team not allowed to access model. This team can only access models=['gpt-4o']. Tried to access claude-opus-4-5",
      ),
      lite(
        401,
        "auth_error",
        "Authentication Error, User not allowed to access model. Tried to access claude-opus-4-5",
      ),
    ]),
    ...http(400, "claude_billing", "LiteLLM's budgets", [
      lite(400, "budget_exceeded", "Budget has been exceeded! Current cost: 10.1, Max budget: 10.0"),
      lite(400, "budget_exceeded", "ExceededBudget: User=u1 over budget. Spend=10.63, Budget=10.0"),
      lite(
        400,
        "budget_exceeded",
        "ExceededTokenBudget: Current spend for token: 7.2e-05; Max Budget for Token: 2e-07",
      ),
      lite(
        400,
        "budget_exceeded",
        "LiteLLM Virtual Key: ab12, key_alias: dev, exceeded budget for model=claude-opus-4-5",
      ),
      lite(400, "budget_exceeded", "Tag=ci over budget. Spend=3.1, Budget=3.0"),
    ]),
    ...http(429, transient, "LiteLLM's rates", [
      lite(
        429,
        "None",
        "No deployments available for selected model, Try again in 5 seconds. Passed model=claude-sonnet-4-5. pre-call-checks=False, cooldown_list=['x']",
      ),
      lite(
        429,
        "None",
        "Max parallel request limit reached Limit type: max_parallel_requests. Hit limit for api_key: ab12",
      ),
      lite(429, "None", "Crossed TPM / RPM / Max Parallel Request Limit. current rpm: 3, rpm limit: 2"),
      lite(
        429,
        "throttling_error",
        "litellm.RateLimitError: AnthropicException - This request would exceed your organization's rate limit of 50,000 input tokens per minute",
      ),
      lite(
        429,
        "None",
        "Rate limit exceeded for api_key: ab12. Limit type: tokens. Current limit: 1000, Remaining: 0. Limit resets at: 2026-06-10 15:01:00 UTC",
      ),
    ]),
    ...http(500, transient, "LiteLLM's upstreams", [
      lite(
        500,
        null,
        "litellm.InternalServerError: AnthropicException - Overloaded. Handle with `litellm.InternalServerError`.",
      ),
      lite(500, null, "litellm.APIConnectionError: APIConnectionError: OpenAIException - Connection error."),
      lite(
        503,
        null,
        "litellm.ServiceUnavailableError: BedrockException - Bedrock is unable to process your request.",
      ),
      lite(500, null, "litellm.MidStreamFallbackError: litellm.APIConnectionError: peer closed connection"),
    ]),
    ...http(400, "claude_prompt_too_long", "LiteLLM's windows", [
      lite(
        400,
        null,
        "litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicException - prompt is too long: 208310 tokens > 200000 maximum",
      ),
      lite(
        400,
        null,
        "litellm.ContextWindowExceededError: ContextWindowExceededError: OpenAIException - This model's maximum context length is 128000 tokens. However, your messages resulted in 140000 tokens.",
      ),
    ]),
    ...http(400, "model_not_found", "LiteLLM's models", [
      lite(
        400,
        null,
        "litellm.BadRequestError: LLM Provider NOT provided. Pass in the LLM provider you are trying to call. You passed model=claude-opus-9",
      ),
      lite(
        400,
        null,
        "/messages: Invalid model name passed in model=claude-opus-9. Call `/v1/models` to view available models for your key.",
      ),
      lite(400, null, "litellm.NotFoundError: AnthropicException - model: claude-3-5-sonnet-20240620"),
    ]),
    ...http(400, invalid, "LiteLLM's parameters", [
      lite(
        400,
        null,
        "litellm.UnsupportedParamsError: bedrock does not support parameters: ['reasoning_effort'], for model=x. To drop these, set `litellm.drop_params=True`",
      ),
      lite(
        400,
        null,
        "Unexpected value(s) `prompt-caching-scope-2026-01-05` for the `anthropic-beta` header.",
      ),
    ]),
  ],
  "OpenRouter and other sellers": [
    ...http(402, "claude_billing", "OpenRouter", [
      open(402, "Insufficient credits. Add more using https://openrouter.ai/settings/credits"),
      open(
        402,
        "This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens, but can only afford 4285.",
      ),
      open(
        402,
        "This account never purchased credits. Make sure your key is on the correct account or org, and if so, purchase more",
      ),
    ]),
    ...http(403, "claude_billing", "OpenRouter's keys", [
      open(403, "Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys"),
    ]),
    ...http(404, denied, "OpenRouter's policies", [
      open(
        404,
        "No endpoints found matching your data policy (Free model publication). Configure: https://openrouter.ai/settings/privacy",
      ),
      open(404, "No endpoints available matching your guardrail restrictions and data policy."),
    ]),
    ...http(404, "model_not_found", "OpenRouter's models", [
      open(404, "No endpoints found for anthropic/claude-opus-9."),
      open(404, "No allowed providers are available for the selected model."),
    ]),
    ...http(400, "model_not_found", "OpenRouter's models", [
      open(400, "anthropic/claude-opus-9 is not a valid model ID"),
    ]),
    ...http(401, login, "OpenRouter's keys", [
      open(401, "No auth credentials found"),
      open(401, "User not found."),
      open(401, "No cookie auth credentials found"),
      open(401, "Missing Authentication header"),
    ]),
    ...http(429, "provider_quota", "OpenRouter's free days", [
      open(
        429,
        "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day",
      ),
      open(429, "Rate limit exceeded: limit_rpd/anthropic/x. Daily limit reached for this model."),
    ]),
    ...http(429, transient, "OpenRouter's providers", [
      open(
        429,
        "Provider returned error: x is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your rate limits",
      ),
      open(429, "Rate limit exceeded: free-models-per-min."),
    ]),
    ...http(502, transient, "OpenRouter", [
      open(502, "Provider returned error"),
      open(502, "Clerk: Internal error"),
      open(502, "Network connection lost."),
    ]),
    ...http(401, login, "DeepSeek, Moonshot, GLM, MiniMax, Model Studio", [
      open(401, "Authentication Fails, Your api key: ****1234 is invalid"),
      open(401, "Invalid Authentication"),
      JSON.stringify({ error: { code: "1000", message: "身份验证失败" } }),
      JSON.stringify({
        error: { code: "1001", message: "Header中未收到Authorization参数，无法进行身份验证" },
      }),
      JSON.stringify({
        type: "error",
        error: {
          type: "authentication_error",
          message:
            "login fail: Please carry the API secret key in the 'Authorization' field of the request header (1004)",
        },
      }),
      JSON.stringify({ code: "InvalidApiKey", message: "Invalid API-key provided." }),
      JSON.stringify({ error: { message: "令牌已过期或验证不正确" } }),
    ]),
    ...http(429, "claude_billing", "Moonshot, GLM, Model Studio", [
      JSON.stringify({
        error: {
          message: "Your account org-1 <ak-1> is suspended, please check your plan and billing details",
          type: "exceeded_current_quota_error",
        },
      }),
      JSON.stringify({ error: { code: "1113", message: "余额不足或无可用资源包,请充值。" } }),
      JSON.stringify({
        error: {
          code: "insufficient_quota",
          message: "You exceeded your current quota, please check your plan and billing details.",
        },
      }),
    ]),
    ...http(429, transient, "GLM, Moonshot, Model Studio", [
      JSON.stringify({
        error: { code: "1302", message: "您当前使用该API的并发数过高，请降低并发，或联系客服增加限额。" },
      }),
      JSON.stringify({ error: { code: "1305", message: "当前API请求过多，请稍后重试。" } }),
      JSON.stringify({
        error: {
          message: "The engine is currently overloaded, please try again later",
          type: "engine_overloaded_error",
        },
      }),
      JSON.stringify({
        error: {
          message:
            "Your account org-1 request reached organization max RPM: 3, please try again after 1 seconds",
          type: "rate_limit_reached_error",
        },
      }),
      JSON.stringify({
        error: {
          code: "limit_burst_rate",
          message:
            "Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.",
        },
      }),
    ]),
    ...http(
      429,
      "provider_quota",
      "GLM's windows",
      [
        JSON.stringify({
          error: {
            code: "1308",
            message: "已达到 5 小时的使用上限。您的限额将在 2026-06-10 18:12:08 重置。",
          },
        }),
      ],
      { notBefore: "2026-06-10T18:12:08.000Z" },
    ),
  ],
  "Kong, Portkey, Envoy, Istio, APISIX, Traefik": [
    ...http(404, wrong, "routes", [
      kong("no Route matched with those values"),
      JSON.stringify({ error_msg: "404 Route Not Found" }),
      "404 page not found",
      kong("Not Found"),
      JSON.stringify({ detail: "Not Found" }),
      JSON.stringify({
        timestamp: "2026-06-10T15:00:00.000+00:00",
        status: 404,
        error: "Not Found",
        path: "/v1/messages",
      }),
    ]),
    ...http(401, login, "keys", [
      kong("No API key found in request"),
      kong("Invalid authentication credentials"),
      kong("Unauthorized"),
      kong("Missing API key found in request"),
      "Jwt is missing",
      "Jwt is expired",
      "Jwt verification fails",
      "Jwt issuer is not configured",
      "401 Authorization Required",
      JSON.stringify({ status: "failure", message: "Invalid API Key. Error Code: 03" }),
    ]),
    ...http(403, denied, "rights", [
      kong("You cannot consume this service"),
      kong("IP address not allowed: 10.0.0.1"),
      "RBAC: access denied",
      kong("Audiences in Jwt are not allowed"),
      kong("Forbidden"),
      kong("User is not authorized to access this resource with an explicit deny"),
      kong("The consumer is not allowed to access this route"),
    ]),
    ...http(429, transient, "rates", [
      kong("API rate limit exceeded"),
      "local_rate_limited",
      kong("Limit Exceeded"),
      kong("Too Many Requests"),
    ]),
    ...http(503, transient, "upstreams", [
      kong("failure to get a peer from the ring-balancer"),
      kong("name resolution failed"),
      "no healthy upstream",
      "upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: delayed connect error: 111",
      "upstream connect error or disconnect/reset before headers. reset reason: overflow",
      kong("Service temporarily unavailable"),
    ]),
    ...http(503, "claude_tls_untrusted", "Envoy's own TLS", [
      "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end",
    ]),
    ...http(504, transient, "time", [
      kong("The upstream server is timing out"),
      "upstream request timeout",
      "stream timeout",
      kong("Endpoint request timed out"),
    ]),
    ...http(502, transient, "answers", [
      kong("An invalid response was received from the upstream server"),
      "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
    ]),
    ...http(413, "claude_prompt_too_long", "sizes", [
      kong("Request size limit exceeded"),
      "<html><head><title>413 Request Entity Too Large</title></head><body><center><h1>413 Request Entity Too Large</h1></center></body></html>",
      "payload too large",
      JSON.stringify({ error: { type: "request_too_large", message: "Request exceeds the maximum size" } }),
    ]),
  ],
  "Cloudflare, nginx, load balancers, squid, portals": [
    ...http(403, denied, "Cloudflare's refusals", [
      "error code: 1010",
      "error code: 1006",
      "error code: 1009",
    ]),
    ...http(429, transient, "Cloudflare's rates", ["error code: 1015"]),
    ...http(520, transient, "Cloudflare", ["error code: 520"]),
    ...http(521, transient, "Cloudflare", ["error code: 521"]),
    ...http(522, transient, "Cloudflare", ["error code: 522"]),
    ...http(523, transient, "Cloudflare", ["error code: 523"]),
    ...http(524, transient, "Cloudflare", ["error code: 524"]),
    ...http(530, transient, "Cloudflare", ["error code: 1033"]),
    ...http(502, transient, "nginx and load balancers", [
      "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>",
      '<html><head><meta http-equiv="content-type" content="text/html;charset=utf-8"><title>502 Server Error</title></head><body text=#000000 bgcolor=#ffffff><h1>Error: Server Error</h1><h2>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.</h2></body></html>',
    ]),
    ...http(503, transient, "load balancers and squid", [
      "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>",
      "<!DOCTYPE html><html><head><title>ERROR: The requested URL could not be retrieved</title></head><body><p>Connection to 160.79.104.10 failed.</p></body></html>",
    ]),
    ...http(400, wrong, "nginx", [
      "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>",
      "Client sent an HTTP request to an HTTPS server.",
    ]),
    ...own(denied, "proxies with a login or list", [
      "API Error: Connection error. Proxy response (407) !== 200 when HTTP Tunneling",
      "API Error: Connection error. Proxy response (403) !== 200 when HTTP Tunneling",
      "API Error: Connection error. tunneling socket could not be established, statusCode=407",
      "API Error: Connection error. tunneling socket could not be established, statusCode=403",
      "API Error: Proxy CONNECT aborted: 407 Proxy Authentication Required",
      "API Error: curl: (56) CONNECT tunnel failed, response 403",
      'API Error: Post "https://api.anthropic.com/v1/messages": Proxy Authentication Required',
      "API Error: ProxyConnectionError: HTTP CONNECT failed with status 403",
    ]),
    ...own(transient, "proxies that are ill", [
      "API Error: Connection error. Proxy response (502) !== 200 when HTTP Tunneling",
      "API Error: Connection error. Proxy response (503) !== 200 when HTTP Tunneling",
      "API Error: curl: (56) CONNECT tunnel failed, response 504",
      "API Error: connect ECONNREFUSED 10.0.0.3:3128",
      "API Error: Proxy connection ended before receiving CONNECT response",
      "API Error: Proxy connection timed out",
    ]),
  ],
};

export const ownSourceWords: Readonly<Record<string, readonly Wording[]>> = {
  "the API's own errors": [
    ...http(401, login, "401", [
      said("authentication_error", "invalid x-api-key"),
      said(
        "authentication_error",
        "OAuth token has expired. Please obtain a new token or refresh your existing token.",
      ),
      said("authentication_error", "OAuth token has been revoked. Please obtain a new token."),
      said("authentication_error", "OAuth authentication is currently not supported."),
      said("authentication_error", "Invalid bearer token"),
      said("authentication_error", "x-api-key header is required"),
      said("authentication_error", "Invalid authentication credentials"),
      said("authentication_error", "Your API key has expired."),
    ]),
    ...http(403, denied, "403", [
      said("permission_error", "OAuth authentication is currently not allowed for this organization."),
      said("permission_error", "Your account does not have access to Claude Code. Please run /login."),
      said("permission_error", "Your API key does not have permission to use the specified resource."),
      said("forbidden", "Request not allowed"),
      said("permission_error", "IP address not allowed by organization policy"),
    ]),
    ...http(429, transient, "429 of a rate", [
      said(
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 30,000 input tokens per minute (org: o, model: claude-opus-4-5). For details, refer to: https://docs.claude.com/en/api/rate-limits.",
      ),
      said(
        "rate_limit_error",
        "Number of request tokens has exceeded your per-minute rate limit (https://docs.claude.com/en/api/rate-limits); see the response headers for current usage.",
      ),
      said(
        "rate_limit_error",
        "Number of concurrent connections has exceeded your rate limit. Please try again later or contact sales.",
      ),
      said(
        "rate_limit_error",
        "This request would exceed your account's rate limit. Please try again later.",
      ),
      said(
        "rate_limit_error",
        "This request would exceed the acceleration limits of your organization. Please gradually ramp up your usage.",
      ),
      said("rate_limit_error", "Error"),
      said("rate_limit_error", "Server is temporarily limiting requests (not your usage limit)"),
    ]),
    ...http(429, "claude_plan_gate", "429 of a plan", [
      said("rate_limit_error", "Extra usage is required for long context requests."),
      said("rate_limit_error", "Usage credits are required for long context requests."),
    ]),
    ...http(400, "claude_plan_gate", "400 of a plan", [
      said("invalid_request_error", "The long context beta is not yet available for this subscription."),
    ]),
    ...http(400, invalid, "400 that a new session meets again", [
      said(
        "invalid_request_error",
        "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude-opus-4-1",
      ),
      said("invalid_request_error", "`temperature` may only be set to 1 when thinking is enabled."),
      said(
        "invalid_request_error",
        "tools.3.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12",
      ),
      said("invalid_request_error", "tools: Tool names must be unique."),
      said(
        "invalid_request_error",
        "tools.11.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
      ),
      said("invalid_request_error", "A maximum of 4 blocks with cache_control may be provided. Found 5."),
      said("invalid_request_error", "metadata.user_id: String should have at most 256 characters"),
      said("invalid_request_error", "thinking.budget_tokens: Input should be greater than or equal to 1024"),
      said("invalid_request_error", "`max_tokens` must be greater than `thinking.budget_tokens`."),
      said("invalid_request_error", "Thinking may not be enabled when tool_choice forces tool use."),
      said("invalid_request_error", "This model does not support the effort parameter."),
      said("invalid_request_error", "adaptive thinking is not supported on this model"),
      said("invalid_request_error", "context_management: Extra inputs are not permitted"),
    ]),
    ...http(
      400,
      invalid,
      "400 of a stored conversation",
      [
        said(
          "invalid_request_error",
          "messages.3: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_01. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
        ),
        said(
          "invalid_request_error",
          "messages.0.content.1: unexpected `tool_use_id` found in `tool_result` blocks: toolu_01. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
        ),
        said(
          "invalid_request_error",
          "messages.7.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.",
        ),
        said("invalid_request_error", "messages: text content blocks must be non-empty"),
        said(
          "invalid_request_error",
          "messages.5.content.2.image.source.base64: image exceeds 5 MB maximum: 6012345 bytes > 5242880 bytes",
        ),
        said(
          "invalid_request_error",
          "messages.9.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
        ),
        said("invalid_request_error", "Image does not match the provided media type image/png"),
        said(
          "invalid_request_error",
          'messages: roles must alternate between "user" and "assistant", but found multiple "user" roles in a row',
        ),
        said(
          "invalid_request_error",
          "messages.12.content.0.text.cache_control: cache_control cannot be set for empty text blocks",
        ),
        said(
          "invalid_request_error",
          "This model does not support assistant message prefill. The conversation must end with a user message.",
        ),
        said("invalid_request_error", "messages.2.content.0: Invalid `signature` in `thinking` block"),
        said(
          "invalid_request_error",
          "The request body is not valid JSON: unexpected end of hex escape: line 1 column 34211",
        ),
        said(
          "invalid_request_error",
          "messages.4.content.1.document.source.base64.data: The PDF specified was not valid.",
        ),
        said("invalid_request_error", "A maximum of 100 PDF pages may be provided."),
        said("invalid_request_error", "messages.1.content: Input should be a valid list"),
        said(
          "invalid_request_error",
          "too many total text bytes: 10101010 > 9000000; messages.3.content.0: too long",
        ),
      ],
      clear,
    ),
    ...http(400, "claude_prompt_too_long", "400 of the window", [
      said("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
      said(
        "invalid_request_error",
        "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again",
      ),
    ]),
    ...http(400, "claude_refusal", "content that is filtered", [
      said("invalid_request_error", "Output blocked by content filtering policy"),
    ]),
    ...http(404, "model_not_found", "404", [said("not_found_error", "model: claude-3-opus-20240229")]),
    ...http(529, transient, "529", [said("overloaded_error", "Overloaded")]),
    ...http(500, transient, "500", [said("api_error", "Internal server error")]),
    ...http(504, transient, "504", [said("timeout_error", "Request timed out")]),
  ],
  "Claude Code's own": [
    ...own(
      "provider_quota",
      "limits with times",
      ["You've hit your session limit · resets 8:30pm (Asia/Tokyo)"],
      { notBefore: "2026-06-11T11:30:00.000Z" },
    ),
    ...own(
      "provider_quota",
      "limits with times",
      ["You've hit your weekly limit · resets Jul 31, 2am (UTC)"],
      { notBefore: "2026-07-31T02:00:00.000Z" },
    ),
    ...own("provider_quota", "limits with times", ["You've hit your weekly limit · resets Sep 15 at 7pm"], {
      notBefore: "2026-09-15T19:00:00.000Z",
    }),
    ...own(
      "provider_quota",
      "limits with times",
      ["You've hit your weekly limit · resets Jul 27 at 4:30am (Asia/Calcutta)"],
      { notBefore: "2026-07-26T23:00:00.000Z" },
    ),
    ...own("provider_quota", "limits with times", ["Opus weekly limit reached ∙ resets Oct 24"], {
      notBefore: "2026-10-24T00:00:00.000Z",
    }),
    ...own("provider_quota", "limits with times", ["Claude AI usage limit reached|1760004000"], {
      notBefore: "2025-10-09T10:00:00.000Z",
    }),
    ...own("provider_quota", "limits of others", [
      "You've hit your org's monthly usage limit",
      "You've reached your organization's monthly spend limit",
      "You're out of extra usage · resets 5pm (UTC)",
      "You've hit your limit for Fable · resets 9pm (UTC)",
      "Your group's weekly usage limit has been reached",
      "Limit reached · resets in 2h 5m · /upgrade to increase your usage limit",
    ]),
    ...own(transient, "capacity, which is no quota", [
      "API Error: Server is temporarily limiting requests (not your usage limit) · Rate limited",
      "API Error: Request rejected (429) · this may be a temporary capacity issue — check status.claude.com",
      "API Error: Repeated 529 Overloaded errors · check status.claude.com",
      "API Error: Opus is experiencing high load, please use /model to switch to Sonnet",
      "API Error: Stream idle timeout - partial response received",
      "API Error: Response stalled mid-stream. The response above may be incomplete.",
      "API Error: Connection closed mid-response. The response above may be incomplete.",
      "API Error: The server had an error while processing your request",
    ]),
    ...own(login, "logins", [
      "Invalid API key · Fix external API key",
      "Not logged in · Please run /login",
      "OAuth token revoked · Please run /login",
      "Login expired · Please run /login",
      "Please run /login · API Error: 401 OAuth token has expired",
      "Failed to authenticate. API Error: 401 Invalid authentication credentials",
      "Failed to authenticate: OAuth session expired and could not be refreshed",
      "Your ANTHROPIC_API_KEY is invalid or was revoked",
      "AWS credentials expired · run `aws sso login`",
      "Google Cloud credentials expired · run `gcloud auth application-default login`",
      "Session expired. Please run /login to sign in again.",
    ]),
    ...own(denied, "rights", [
      "Your organization has disabled Claude subscription access for Claude Code · Use an Anthropic API key instead, or ask your admin to enable access",
      "Your organization does not have access to Claude. Please login again or contact your administrator.",
      "Failed to authenticate. API Error: 403 Request not allowed",
      "Your account does not have access to Claude Code. Please run /login.",
      "Claude Code might not be available in your country. Check supported countries at https://anthropic.com/supported-countries",
      "API Error: 400 This organization has been disabled. An organization admin can appeal",
      "Your account has been disabled after an automatic review of your recent activities.",
    ]),
    ...own("claude_billing", "money", [
      "Credit balance is too low",
      "Credit balance too low · Add funds: https://platform.claude.com/settings/billing",
      "Your API usage credits are exhausted. Add funds to continue.",
    ]),
    ...own("claude_plan_gate", "plans", [
      "API Error: Extra usage is required for 1M context · run /extra-usage to enable, or /model to switch to standard context",
      "Claude Opus is not available with the Claude Pro plan. If you have updated your subscription plan recently, run /logout and /login for the plan to take effect.",
      "Fast mode requires extra usage · enable it at claude.ai/settings/usage",
    ]),
    ...own("claude_prompt_too_long", "size", [
      "Prompt is too long",
      "Conversation too long. Press esc twice to go up a few messages and try again.",
      "Request too large (max 32MB). Double press esc to go back and try with a smaller file.",
      "Context limit reached · /compact or /clear to continue",
    ]),
    ...own(
      invalid,
      "history",
      [
        "PDF too large (max 100 pages, 20 MB). Try reading the file a different way (e.g., extract text with pdftotext).",
        "PDF is password protected. Try using a CLI tool to extract or convert the PDF.",
        "The PDF file was not valid. Try converting it to text first (e.g., pdftotext).",
        "Image was too large. Double press esc to go back and try again with a smaller image.",
        "API Error: 400 due to tool use concurrency issues. Run /rewind to recover the conversation.",
        "API Error: an image in the conversation exceeds the dimension limit for many-image requests (2000px). Start a new session with fewer images.",
        "API Error: 400 Could not process image",
      ],
      clear,
    ),
    ...own("claude_refusal", "refusals", [
      "API Error: Claude Code is unable to respond to this request, which appears to violate our Usage Policy (https://www.anthropic.com/legal/aup). Please double press esc to edit your last message or start a new session for Claude Code to assist with a different task.",
    ]),
    ...own("claude_max_output_tokens", "output", [
      "API Error: Claude's response exceeded the 32000 output token maximum. To configure this behavior, set the CLAUDE_CODE_MAX_OUTPUT_TOKENS environment variable.",
    ]),
    ...own("model_not_found", "models", [
      "There's an issue with the selected model (claude-opus-9). It may not exist or you may not have access to it. Run /model to pick a different model.",
      "The model claude-opus-9 is not available on your bedrock deployment. Try /model to switch to claude-opus-4-1",
    ]),
    ...own("llm_api_error", "answers without sense", [
      "API Error: API returned an empty or malformed response (HTTP 200) — check for a proxy or gateway intercepting the request",
      "API Error: Cannot read properties of undefined (reading 'input_tokens')",
      "API Error: request ended without sending any chunks",
      "API Error: The model's tool call could not be parsed (retry also failed).",
    ]),
  ],
};
