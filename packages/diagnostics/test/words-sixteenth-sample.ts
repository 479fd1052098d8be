import type { Wording } from "./words.ts";

/** A sixteenth sample, of what other programs recognise in Claude Code's words: limits that are cut, logins, and words of Claude Code without a status. */
export const sixteenthSample: Readonly<Record<string, readonly Wording[]>> = {
 "accounts, limits, addresses, sixteenth sample": [
  {
   "text": "5-hour limit reached · resets 4pm (Atlantic/Canary) · /upgrade to Max or turn on /extra-usage\n     /upgrade to increase your usage limit.",
   "status": 429,
   "code": "provider_quota",
   "now": "2026-06-10T12:00:00Z",
   "notBefore": "2026-06-10T15:00:00.000Z",
   "from": "a terminal's copy of 2.0"
  },
  {
   "text": "session limit reached · resets at 15:30 (UTC)",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2026-06-10T12:00:00Z",
   "notBefore": "2026-06-10T15:30:00.000Z",
   "from": "24 hours with at"
  },
  {
   "text": "Claude usage limit reached. Your limit will reset at 3pm (UTC)",
   "code": "provider_quota",
   "now": "2026-06-10T12:00:00Z",
   "notBefore": "2026-06-10T15:00:00.000Z",
   "from": "will reset, UTC"
  },
  {
   "text": "hit your limit · resets 3:30pm (Asia/Singapore)",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2026-09-18T23:06:25Z",
   "notBefore": "2026-09-19T07:30:00.000Z",
   "from": "cut at its beginning"
  },
  {
   "text": "You've hit your usage limit. To get more access now, send a request to your admin or try again at 12:16 PM.",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2026-06-10T10:00:00Z",
   "notBefore": "2026-06-10T12:16:00.000Z",
   "from": "Codex behind a gateway"
  },
  {
   "text": "Limit reached · resets Dec 17 at 6am (Europe/Oslo)",
   "code": "provider_quota",
   "now": "2025-12-15T10:00:00Z",
   "notBefore": "2025-12-17T05:00:00.000Z",
   "from": "no name of a limit"
  },
  {
   "text": "You've hit your limit · resets 5pm (Not/AZone)",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": null,
   "from": "near miss: a zone that is none"
  },
  {
   "text": "API Error: 429 {\"error\":{\"message\":\"使用次数已达上限，2026-09-18 18:36:35 后可继续使用\",\"code\":\"1308\"}}",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "now": "2026-09-18T10:00:00Z",
   "notBefore": "2026-09-18T18:36:35.000Z",
   "from": "GLM in Chinese"
  },
  {
   "text": "ActionRequiredError: You've reached your usage limit",
   "code": "provider_quota",
   "from": "Cursor"
  },
  {
   "text": "HTTP 402 Payment Required",
   "code": "claude_billing",
   "from": "a status in words"
  },
  {
   "text": "API Error: 429 Too Many Requests",
   "code": "claude_transient_upstream",
   "from": "a rate in words"
  },
  {
   "text": "Error: Not logged in. Run claude auth login to authenticate.",
   "code": "claude_auth_required",
   "from": "2.1, not logged in"
  },
  {
   "text": "Authentication failed: invalid or missing API key",
   "code": "claude_auth_required",
   "from": "a key that lacks"
  },
  {
   "text": "Your session has expired. Please run /login to authenticate.",
   "code": "claude_auth_required",
   "from": "an expired session"
  },
  {
   "text": "Failed to authenticate: OAuth session expired. Please run /login.",
   "code": "claude_auth_required",
   "from": "an expired OAuth session"
  },
  {
   "text": "API Error: 401 The refresh token has expired. Please log out and sign in again.",
   "status": 401,
   "error": "authentication_failed",
   "code": "claude_auth_required",
   "from": "Codex, a refresh token"
  },
  {
   "text": "API Error: 403 Your account does not have access to this model",
   "status": 403,
   "error": "authentication_failed",
   "code": "claude_access_denied",
   "from": "access to a model"
  },
  {
   "text": "API Error: socket connection closed unexpectedly",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "a socket"
  },
  {
   "text": "Daily limit reached · Resets in 3:25:10",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-10T18:25:10.000Z",
   "from": "a countdown"
  },
  {
   "text": "You've used all of your included usage for this week · resets Monday 9am (America/New_York)",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-15T13:00:00.000Z",
   "from": "included usage"
  },
  {
   "text": "API Error: Repeated 529 Overloaded errors. The API is at capacity — this is usually temporary.",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "repeated 529"
  },
  {
   "text": "API Error: 500 Internal server error. This is a server-side issue, usually temporary — try again in a moment.",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "500 in words"
  },
  {
   "text": "claude-opus-4-8 is temporarily unavailable, so auto mode cannot determine the safety of Bash right now. Wait briefly and then try this action again.",
   "error": "unknown",
   "code": "claude_transient_upstream",
   "from": "auto mode"
  },
  {
   "text": "Agent terminated early due to an API error: You've hit your session limit · resets 3:45pm",
   "status": 429,
   "error": "rate_limit",
   "code": "provider_quota",
   "notBefore": "2026-06-10T15:45:00.000Z",
   "from": "a sub-agent's limit that ended the run"
  },
  {
   "text": "Autocompact is thrashing: the context refilled to the limit within 3 turns of the previous compact, 3 times in a row.",
   "error": "unknown",
   "code": "claude_prompt_too_long",
   "session": "clear",
   "from": "compaction that does not help"
  },
  {
   "text": "API Error: 429 Rate limit reached · retrying in 3s",
   "status": 429,
   "error": "rate_limit",
   "code": "claude_transient_upstream",
   "from": "near miss: a limit of a rate"
  }
 ],
 "histories and requests, sixteenth sample": [
  {
   "text": "Unable to resize image — dimensions exceed the 2000x2000px limit and image processing failed. Please resize the image to reduce its pixel dimensions.",
   "error": "invalid_request",
   "code": "claude_invalid_request",
   "session": "clear",
   "from": "an image"
  }
 ]
};
