import type { FailureCode } from "../codes.ts";

/**
 * What Claude Code says in words only. Used inside a failed result, and on the error lines of a run that never got to content;
 * an answer of the model is never searched, because `unauthorized` in an answer is an answer.
 */
export interface TextRule {
  readonly code: FailureCode;
  readonly pattern: RegExp;
  /** Releases that were seen to say it. */
  readonly seenIn: string;
  /** A real text; the tests hold the pattern against it. */
  readonly example: string;
  /** Where the ending decides what to do with the session, instead of the catalogue. */
  readonly session?: "clear";
}

/**
 * These win over the structured fields, which are blunter in just these cases: a spend limit comes as HTTP 400 of an unknown
 * class, a full context window as `max_output_tokens`, a poisoned session as an ordinary HTTP 400.
 */
export const decisiveTextRules: readonly TextRule[] = [
  {
    code: "session_unavailable",
    pattern: /no conversation found with session id/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "No conversation found with session ID: 00000000-0000-4000-8000-000000000000",
  },
  {
    code: "session_unavailable",
    pattern: /--resume requires a valid session id|is not a uuid and does not match any session title/i,
    seenIn: "2.1.330",
    example:
      'Error: --resume requires a valid session ID or session title when used with --print. Usage: claude -p --resume <session-id|title>. Provided value "not-a-session" is not a UUID and does not match any session title.',
  },
  {
    code: "claude_session_in_use",
    pattern: /session id [^\n]{1,100} is already in use/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "Error: Session ID 22222222-2222-4222-8222-222222222222 is already in use.",
  },
  {
    code: "provider_quota",
    pattern: /you'?ve hit your [^\n]{0,60}limit|you’ve hit your [^\n]{0,60}limit/i,
    seenIn: "2.0.77 – 2.1.330",
    example: "You've hit your 5-hour limit · resets Nov 24, 6am (UTC)",
  },
  {
    code: "provider_quota",
    pattern: /spending cap reached/i,
    seenIn: "1.0.128",
    example: "Spending cap reached resets Nov 24, 6am",
  },
  {
    code: "provider_quota",
    pattern: /reached your specified api usage limits/i,
    seenIn: "2.1.330",
    example:
      "API Error: 400 You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
  },
  {
    code: "provider_quota",
    pattern:
      /(?:usage|session|weekly|5-hour|opus|sonnet) (?:limit|cap) (?:reached|exceeded)|out of extra usage/i,
    seenIn: "1.0.128 (Claude AI usage limit reached|1732514400)",
    example: "Claude AI usage limit reached|1795500000",
  },
  {
    code: "claude_billing",
    pattern: /credit balance is too low/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "Credit balance is too low",
  },
  {
    code: "claude_prompt_too_long",
    pattern: /context window limit|model_context_window_exceeded|exceeds? the (?:model'?s )?context window/i,
    seenIn: "2.1.330",
    example: "API Error: The model has reached its context window limit.",
  },
  {
    code: "claude_prompt_too_long",
    pattern:
      /prompt is too long|input is too long for requested model|input length and `?max_tokens`? exceed/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "Prompt is too long",
  },
  {
    code: "claude_invalid_request",
    pattern: /diagnostics\.previous_message_id/i,
    seenIn: "2.1.220",
    example:
      "API Error: 400 diagnostics.previous_message_id: must be the id of an earlier message (starts with msg_)",
    session: "clear",
  },
  {
    code: "claude_invalid_request",
    pattern: /400 due to tool use concurrency issues/i,
    seenIn: "2.0.77",
    example: "API Error: 400 due to tool use concurrency issues. Run /rewind to recover the conversation.",
    session: "clear",
  },
  {
    code: "claude_invalid_request",
    pattern: /could not process image/i,
    seenIn: "2.0.77 – 2.1.330",
    example:
      'API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"Could not process image"}}',
    session: "clear",
  },
];

/** Read when no structured field decides: releases without the fields, and errors whose class is `unknown`. */
export const fallbackTextRules: readonly TextRule[] = [
  {
    code: "claude_auth_required",
    pattern:
      /invalid api key|not logged in|please run \/login|apikeyhelper failed|oauth token (?:has expired|revoked)/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "Invalid API key · Please run /login",
  },
  {
    code: "claude_auth_required",
    pattern:
      /authentication_error|could not load credentials|security token included in the request is (?:expired|invalid)/i,
    seenIn: "1.0.128",
    example:
      'API Error: 401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
  },
  {
    code: "claude_access_denied",
    pattern:
      /permission_error|account (?:is )?on hold|organization (?:has been disabled|does not have access)/i,
    seenIn: "1.0.128, 2.0.77",
    example:
      'API Error: 403 {"type":"error","error":{"type":"permission_error","message":"Your organization does not have access to this model."}}',
  },
  {
    code: "claude_refusal",
    pattern:
      /unable to respond to this request, which appears to violate our usage policy|safeguards flagged this message/i,
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
    pattern:
      /issue with the selected model|not_found_error[^\n]{0,40}model|model[^\n]{0,80}(?:does not exist|not found)/i,
    seenIn: "1.0.128 – 2.1.330",
    example:
      'API Error: 404 {"type":"error","error":{"type":"not_found_error","message":"model: claude-nope-9"},"request_id":"req_fake5"}',
  },
  {
    code: "claude_transient_upstream",
    pattern:
      /overloaded_error|rate_limit_error|api_error"|internal server error|service unavailable|bad gateway/i,
    seenIn: "1.0.128 – 2.1.110",
    example: 'API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
  },
  {
    code: "claude_transient_upstream",
    pattern:
      /connection (?:error|refused|dropped|reset|closed)|unable to connect to api|request timed out|socket hang up|fetch failed|\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)\b/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "API Error: Unable to connect to API (ECONNREFUSED)",
  },
  {
    code: "k8s_container_start_failed",
    pattern:
      /^exec \S{1,200}: (?:argument list too long|no such file or directory|permission denied|exec format error)|exec user process caused/i,
    seenIn: "containerd 1.6, whose words come as the container's own output",
    example: "exec /bin/sh: argument list too long",
  },
  {
    code: "llm_api_error",
    pattern:
      /unexpected end of json input|json parse error|unterminated string|unexpected token .{1,40} in json|is not valid json|malformed (?:response|stream)|empty (?:response|or malformed)/i,
    seenIn: "2.1.330",
    example: "API Error: JSON Parse error: Unterminated string",
  },
  {
    code: "llm_api_error",
    pattern: /(?:request|stream) ended without /i,
    seenIn: "the API client of 2.0.77",
    example: "API Error: request ended without sending any chunks",
  },
];

/**
 * What a command line that has not begun can say. A configuration that "is not valid JSON" and a proxy that refuses the
 * connection are no answers of the model's API then.
 */
const sayableBeforeStart: ReadonlySet<FailureCode> = new Set([
  "claude_auth_required",
  "claude_access_denied",
  "k8s_container_start_failed",
]);

export const startTextRules: readonly TextRule[] = fallbackTextRules.filter(({ code }) =>
  sayableBeforeStart.has(code),
);

/** The HTTP status in a text: releases to 2.0 tell it nowhere else. */
const statusPattern = /\bAPI Error:? \(?(\d{3})\b|Request rejected \((\d{3})\)/i;

export function statusInText(text: string): number | null {
  const match = statusPattern.exec(text);
  const digits = match?.[1] ?? match?.[2];
  return digits === undefined ? null : Number(digits);
}

export function matchText(rules: readonly TextRule[], text: string): TextRule | null {
  return rules.find(({ pattern }) => pattern.test(text)) ?? null;
}
