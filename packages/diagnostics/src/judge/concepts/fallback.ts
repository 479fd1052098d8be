import type { Concept } from "./concept.ts";

/** Read last, of an error that carries neither a field nor a status nor a phrase that is known. */
export const fallbackConcepts: readonly Concept[] = [
  {
    code: "llm_api_error",
    all: [
      /\b(?:json|tool (?:arguments?|input|calls?)|function call|stop reason|finish reason|response|answer|body|chunks?|events?|message stop|sse)\b/,
      /\b(?:malformed|invalid|unhandled|unparse?able|incomplete|truncated|corrupt(?:ed)?|unexpected end|at position|could not be parsed|(?:cannot|could not|failed to|unable to) (?:parse|decode)|ended (?:without|before))\b/,
    ],
    none: /\bsettings?\b|\bconfig|\bschema\b|request body|\bfile\b/,
    status: (status) => status === null,
  },
  {
    code: "claude_transient_upstream",
    all: [
      /\b(?:connections?|sockets?|web ?sockets?|streams?|upstream|http ?2|network|gateway|server|provider|host|peer|other side|requests?|responses?|dns|tls handshake)\b/,
      /\b(?:closed|lost|reset|refused|dropped|disconnected|terminated|aborted|interrupted|broken|unreachable|unavailable|timed ?out|time-?out|hang ?up|hung up|no response|did not (?:get|receive|respond|answer)|not respond(?:ing)?|goaway|failed unexpectedly)\b/,
    ],
    none: /\bby (?:the )?user\b|\bsession\b|\btool\b/,
    status: (status) => status === null,
    suspected: () => true,
  },
  {
    code: "claude_transient_upstream",
    all: [
      /\b(?:temporar(?:y|ily)|unexpected error|internal error|transient|failure)\b/,
      /\b(?:retry|try (?:again|your request)|again later)\b/,
    ],
    none: /\btool\b/,
    status: (status) => status === null,
    suspected: () => true,
  },
];
