import type { TextRule } from "./rule.ts";

/** A server of tools is no API of models. */
const notTheApi = /\bmcp server|\btool permission/i;

/** Connections that were not made, broke or stayed silent, by the words of whatever program held them. */
export const transportRules: readonly TextRule[] = [
  {
    code: "claude_transient_upstream",
    pattern:
      /connection (?:error|refused|dropped|reset|closed)|unable to connect\b|failed to connect to|failedtoopensocket|is the computer able to access|typo in the url or port|temporary failure in name resolution|network (?:error|is unreachable|connection lost)|socket (?:connection was )?closed|tunneling socket could not|\bUND_ERR_[A-Z_]{3,40}\b|(?:request|response|stream|connection|read|body|headers?|connect) (?:idle )?time(?:d |-)?out|(?:response|stream) stalled|stream (?:was )?(?:closed|aborted|reset)|partial response received|socket hang up|fetch failed|\b(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EPIPE|ENOTFOUND|EAI_AGAIN|EAI_FAIL)\b/i,
    unless: notTheApi,
    seenIn: "1.0.128 – 2.1.330",
    example: "API Error: Unable to connect to API (ECONNREFUSED)",
  },
  {
    code: "claude_transient_upstream",
    // Node's system errors, and those of its name lookups and of HTTP/2.
    pattern:
      /\b(?:ENETRESET|EADDRNOTAVAIL|ENOTCONN|ENOBUFS|EALREADY|ECANCELED|ESERVFAIL|ETIMEOUT|EREFUSED|EBADRESP|EAI_(?:NODATA|NONAME|SYSTEM|MEMORY|ADDRFAMILY)|DNS_E[A-Z]{4,12}|NGHTTP2_[A-Z_]{3,40}|ERR_(?:STREAM_PREMATURE_CLOSE|STREAM_DESTROYED|HTTP2_[A-Z_]{3,40}|SOCKET_[A-Z_]{3,40})|ABORT_ERR)\b|premature close|prematurely closed|other side closed|(?:stream|client|socket) (?:is |was )(?:closed|destroyed)|pending stream has been cancel|(?:error: |")(?:typeerror: )?(?:terminated|aborted)(?:\s*$|")|operation (?:was aborted|(?:has )?timed out)|match content-length/i,
    unless: notTheApi,
    seenIn: "Node, undici, Bun",
    example: "API Error: connect EADDRNOTAVAIL 10.0.0.9:443 - Local (0.0.0.0:0)",
  },
  {
    code: "claude_transient_upstream",
    // The clients that gateways are written with.
    pattern:
      /i\/o timeout|no such host|server misbehaving|no route to host|(?:deadline|max retries) exceeded|cannot assign requested address|broken pipe|(?:unexpected |": |read: )EOF\b|\bstream error: stream id|name or service not known|(?:could not|couldn't|failed to) (?:resolve|lookup) (?:host|address|proxy)|\b(?:Read|Connect|Write|Pool)(?:Timeout|Error)\b|incomplete chunked read|connect call failed|empty reply from server|recv failure|send failure|unknownhostexception|sockettimeoutexception|dns error|proxy connection (?:ended|closed|timed out|failed)|connect tunnel failed, response 5\d\d|cannot connect to host/i,
    unless: notTheApi,
    seenIn: "gateways written in Go, Python, Rust, Java; curl",
    example: "API Error: dial tcp 160.79.104.10:443: i/o timeout",
  },
  {
    code: "claude_transient_upstream",
    // Bedrock names its errors within a stream, where there is no status any more.
    pattern:
      /\b(?:throttling|model(?:stream)?error|model(?:timeout|notready)|internal(?:server)?|service(?:unavailable)?)_?exception\b/i,
    seenIn: "Bedrock",
    example: "API Error: ModelNotReadyException: Model is not ready for inference.",
  },
];
