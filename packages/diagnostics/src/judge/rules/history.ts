import type { TextRule } from "./rule.ts";

/** 400, also where a release tells none; with another status the place in a message means something else. */
function refusedAsInvalid(status: number | null): boolean {
  return status === null || status === 400 || status === 422;
}

/**
 * The stored conversation itself is refused: every run that resumes the session sends the same messages and fails alike, until
 * it is begun anew.
 */
export const historyRules: readonly TextRule[] = [
  {
    code: "claude_invalid_request",
    session: "clear",
    pattern: /diagnostics\.previous_message_id/i,
    seenIn: "2.1.220",
    example:
      "API Error: 400 diagnostics.previous_message_id: must be the id of an earlier message (starts with msg_)",
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    pattern:
      /due to tool use concurrency issues|tool ?results? blocks? cannot be|in conversation history|orphaned tool_result|duplicate tool_use id|tool_use` ids (?:were found|must be unique)|tool_use ids (?:were found|must be unique)|unexpected `?tool_use_id`?|tool_result` blocks|must be followed by tool messages|prece{1,2}ding message with '?tool_calls|messages? with role '?tool\b|function call turn|no tool output found for function call|was provided without its required (?:following|preceding) item|tool_call_ids? (?:did not|not found|is not found)/i,
    seenIn: "1.0.1 – 2.1.330; gateways of OpenAI's protocol",
    example: "API Error: 400 due to tool use concurrency issues. Run /rewind to recover the conversation.",
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    pattern:
      /could not process image|image was too large|image dimensions? exceed|image (?:in the conversation )?exceeds|unable to resize image|(?:does not match|match) the provided image|image\.source|unsupported image|invalid image (?:format|data|url)/i,
    seenIn: "1.0.60 – 2.1.330",
    example:
      'API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"Could not process image"}}',
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    pattern:
      /pdf too large|pdf (?:is|specified (?:is|was)) (?:password protected|not valid|invalid)|pdf file (?:was|is) (?:not valid|invalid)|maximum of \d{1,4} pdf pages|pdf\.source|document\.source/i,
    seenIn: "1.0.110 – 2.1.330",
    example: "PDF too large (max 100 pages, 32 MB). Try reading the file a different way.",
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    pattern:
      /`?thinking`? (?:or `?redacted_thinking`? )?blocks?[^\n]{0,60}(?:cannot be modified|must|found)|invalid `?(?:signature|data)`? in `?(?:redacted_)?thinking|signature`? in `?thinking|thinking\.signature|cannot be `?thinking`?|expected `?thinking`? or|thought[_ ]signature|reasoning_content[^\n]{0,60}must be passed/i,
    seenIn: "1.0.60 – 2.1.330; gateways",
    example:
      "API Error: 400 messages.43.content.7: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.",
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    pattern:
      /text content blocks must be non-empty|content blocks must contain non-whitespace|for empty text blocks|final assistant content cannot end|must precede an '?assistant|roles must alternate|invalid encrypted_(?:content|index)|failed to decrypt web search|server_tool_use\.name|(?:no low|invalid high|lone|unpaired)[- ]surrogate|surrogate in string|must have a text parameter|\bcontents\[\d{1,5}\]|expected last role|invalid_request_message_order|messages? ?参数(?:非法|错误|无效)|messages parameter is (?:illegal|invalid|malformed)|request body is not valid json[^\n]{0,40}(?:escape|unicode|utf-?8|control char|invalid char)/i,
    seenIn: "1.0.60 – 2.1.330",
    example:
      "API Error: 400 The request body is not valid JSON: no low surrogate in string: line 1 column 228416 (char 228415)",
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    // A gateway that passes on an upstream's 400 as a status of its own.
    pattern:
      /(?:\b400\b|invalid_request|invalid_argument)[\s\S]{0,600}(?:\bmessages[.[]\d{1,5}\b|\*{3}\.content\.\d)/i,
    unless: /(?:cache_control|context_management)\S{0,40}: extra inputs are not permitted/i,
    seenIn: "gateways in front of the API or of Vertex",
    example:
      'API Error: 429 {"error":{"message":"All 2 attempts failed. Last error: HTTP 400 Bad Request: messages.5.content.0.thinking.signature: Field required"}}',
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    // A field that a gateway does not know comes back in every new session, too.
    pattern: /\bmessages[.[]\d{1,5}\b/i,
    unless: /(?:cache_control|context_management)\S{0,40}: extra inputs are not permitted/i,
    status: refusedAsInvalid,
    seenIn: "1.0.1 – 2.1.330",
    example: "API Error: 400 messages.1.content.0.type: unexpected value",
  },
];
