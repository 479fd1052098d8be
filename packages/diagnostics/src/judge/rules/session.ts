import type { TextRule } from "./rule.ts";

/** The session that was to be continued. */
export const sessionRules: readonly TextRule[] = [
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
];
