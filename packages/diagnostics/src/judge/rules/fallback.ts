import type { FailureCode } from "../../codes.ts";
import type { TextRule } from "./rule.ts";
import { transportRules } from "./transport.ts";

/** What the API answers: its refusals, its limits, its illnesses. */
const answerRules: readonly TextRule[] = [
  {
    code: "claude_auth_required",
    pattern:
      /invalid api key|not logged in|(?:log|sign) in again|refresh token was already used|(?:access |oauth )?token could not be refreshed|please run \/login|apikeyhelper (?:failed|script is failing)|oauth (?:token|session) (?:has expired|expired|revoked)|login expired|invalid auth(?:entication)? (?:token|credentials)|could not resolve authentication method/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "Invalid API key · Please run /login",
  },
  {
    code: "claude_auth_required",
    pattern:
      /authentication_error|(?:aws|google cloud) credentials expired|(?:aws|google cloud|foundry) authentication failed/i,
    seenIn: "1.0.128",
    example:
      'API Error: 401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
  },
  {
    code: "claude_access_denied",
    pattern: /permission_error|gateway refused the request/i,
    seenIn: "1.0.128, 2.0.77",
    example:
      'API Error: 403 {"type":"error","error":{"type":"permission_error","message":"Your credential may not do this."}}',
  },
  {
    code: "claude_refusal",
    pattern:
      /unable to respond to this request, which appears to violate our usage policy|safeguards flagged this message|blocked by (?:the |our |its )?content filter|content[- ]?(?:management|filtering|filter|safety) polic(?:y|ies)|content_?policy_?violation|\bcontent_filter\b/i,
    seenIn: "1.0.128 – 2.1.330",
    example:
      "API Error: Claude Code is unable to respond to this request, which appears to violate our Usage Policy (https://www.anthropic.com/legal/aup).",
  },
  {
    code: "claude_max_output_tokens",
    pattern: /response exceeded the \d{1,9} output token maximum/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "API Error: Claude's response exceeded the 32000 output token maximum.",
  },
  {
    code: "model_not_found",
    pattern: /not_found_error[^\n]{0,40}model|model[^\n]{0,80}not found/i,
    seenIn: "1.0.128 – 2.1.330",
    example:
      'API Error: 404 {"type":"error","error":{"type":"not_found_error","message":"model: claude-nope-9"},"request_id":"req_fake5"}',
  },
  {
    code: "claude_transient_upstream",
    pattern:
      /overloaded|rate_limit_error|rate[- ]limit (?:was |is |has been )?(?:reached|exceeded|hit)|too many requests|at capacity|(?:is )?temporarily unavailable|experiencing high (?:load|demand)|api_error"|temporarily limiting requests|server had an error|internal server error|service unavailable|bad gateway/i,
    seenIn: "1.0.128 – 2.1.110",
    example: 'API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
  },
];

/** What was sent or came back in a form that cannot be read. */
const malformedRules: readonly TextRule[] = [
  {
    code: "claude_invalid_request",
    // What was sent, not what came back.
    pattern:
      /request body (?:is not valid|is not|could not be parsed as|must be) (?:valid )?json|(?:could not|failed to|cannot|unable to) parse (?:the )?(?:json )?request body/i,
    seenIn: "the API, gateways",
    example: "The request body is not valid JSON: EOF while parsing a value at line 1 column 0",
  },
  {
    code: "llm_api_error",
    pattern:
      /unexpected end of json input|json parse error|unterminated string|unexpected token .{1,40} in json|is not valid json|in json at position|malformed (?:response|stream)|\bzlib ?error|(?:brotli|zstd|zlib)?decompression ?error|incorrect header check|unexpected end of file|empty (?:response|or malformed)|content block (?:is not|not found|type mismatch)|\bevent order\b/i,
    seenIn: "2.1.330",
    example: "API Error: JSON Parse error: Unterminated string",
  },
  {
    code: "llm_api_error",
    // The answer lacked a part that every answer has, and the client stumbled over it.
    pattern:
      /^API Error\b[^\n]{0,200}(?:undefined is not an? |null is not an? |cannot (?:read propert|destructure|convert undefined)|is not (?:a function|iterable)|unexpected (?:event|message|response) type)/i,
    seenIn: "1.0.60 – 2.1.330 behind gateways",
    example: "API Error: undefined is not an object (evaluating '$.input_tokens')",
  },
  {
    code: "llm_api_error",
    pattern: /(?:request|stream) ended (?:without|before) /i,
    seenIn: "the API client of 2.0.77",
    example: "API Error: request ended without sending any chunks",
  },
];

/** Read when no structured field decides: releases without the fields, and errors whose class is `unknown`. */
export const fallbackTextRules: readonly TextRule[] = /* @__PURE__ */ [
  answerRules,
  transportRules,
  malformedRules,
].flat();

/**
 * What a command line that has not begun can say. A configuration that "is not valid JSON" and a proxy that refuses the
 * connection are no answers of the model's API then.
 */
const sayableBeforeStart: ReadonlySet<FailureCode> = new Set([
  "claude_auth_required",
  "claude_access_denied",
]);

export const startTextRules: readonly TextRule[] = /* @__PURE__ */ fallbackTextRules.filter(({ code }) =>
  sayableBeforeStart.has(code),
);
