import type { TextRule } from "./rule.ts";

/**
 * A gateway that is ill sends pages of HTML too: those pass by themselves, and a page that refuses a large body speaks of size.
 */
function settled(status: number | null): boolean {
  return status === null || (status < 500 && status !== 408 && status !== 413 && status !== 429);
}

/** What answers at the address is no API of models, or not this one. */
export const serviceRules: readonly TextRule[] = [
  {
    code: "claude_wrong_service",
    pattern:
      /<!doctype html|<(?:html|head|body|div|h[1-6]|title|pre|center|script)[\s>]|unexpected token '?</i,
    status: settled,
    seenIn: "pages of proxies, portals and web servers in place of an answer",
    example: "API Error: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
  },
  {
    code: "claude_wrong_service",
    // Claude Code does not quote such a body, it only says what it was; the status is mostly 200.
    pattern:
      /\bbody (?:is|was|looks like) (?:an? )?html\b|\bhtml (?:page |document )?(?:instead of|rather than) /i,
    status: settled,
    seenIn: "2.1.330",
    example:
      "API Error: API returned an empty or malformed response (HTTP 200) — check for a proxy or gateway intercepting the request. Response: content-type html, body is an HTML page, 1270 bytes, request-id absent.",
  },
  {
    code: "claude_wrong_service",
    pattern:
      /405 (?:not allowed|method not allowed)|\bmethod not allowed\b|\bAPI Error:? \(?405\b|cannot (?:get|post) \/|invalid url \(post|404 page not found|no static resource|no route matches|(?:path|url|uri|endpoint) must (?:be of|have|match|be in) (?:the )?(?:form|format|pattern)\b|unknown (?:request )?(?:url|endpoint|path)\b|route [^\n]{0,60}not found|not found[^\n]{0,80}\/v1\/messages|\/v1\/messages[^\n]{0,60}(?:not found|is not supported)|unexpected endpoint or method|invalid (?:path|endpoint|route):? (?:post )?\//i,
    status: settled,
    seenIn: "web servers, gateways of other protocols",
    example: "API Error: 405 Not Allowed",
  },
  {
    code: "claude_wrong_service",
    pattern:
      /\b30[12378] (?:moved|found|see other|temporary redirect|permanent redirect)|too many redirects|maximum (?:number of )?redirects?|redirect count exceeded|unexpected redirect|network authentication required/i,
    seenIn: "web servers, portals of networks",
    example: "API Error: Connection error. TypeError: redirect count exceeded",
  },
  {
    code: "claude_wrong_service",
    // 501 is no illness: the server will never know the method.
    pattern: /unsupported method \('?post|\b501 (?:not implemented|unsupported method)/i,
    seenIn: "servers of files",
    example: "API Error: 501 Unsupported method ('POST')",
  },
  {
    code: "claude_wrong_service",
    pattern:
      /wrong[_ ]version[_ ]number|plain http request was sent to https|http request to an https server|response has content-type "(?:text|application\/xml)|expected http\/|\bHPE_INVALID_[A-Z_]{3,30}|packet[_ ]length[_ ]too[_ ]long|\bERR_SSL_HTTP_REQUEST|ssl routines:[^\n]{0,60}:https? (?:proxy )?request\b|malformed[_ ]http[_ ](?:response|status|version)|look like a tls handshake|gave http response to https client|failed to parse url|unrecognized[_ ]name\b/i,
    seenIn: "Node, nginx, Go, 2.1.330 with Bedrock",
    example: "API Error: Connection error. (ERR_SSL_WRONG_VERSION_NUMBER)",
  },
];
