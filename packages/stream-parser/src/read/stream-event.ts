import { isObject, numberOf, objectOf, stringOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { AbandonedBlocks } from "../types/message-events.ts";
import { readUsage } from "./usage.ts";

const NO_EVENT: JsonObject = {};

export function readStreamEvent(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const event = isObject(frame["event"]) ? frame["event"] : NO_EVENT;
  const message = objectOf(event["message"]);
  return {
    type: "stream_event",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    eventType: stringOf(event["type"]),
    event,
    parentToolUseId: stringOf(frame["parent_tool_use_id"]),
    messageId: message === null ? stringOf(frame["api_message_id"]) : stringOf(message["id"]),
    index: numberOf(event["index"]),
    usage: readUsage(message === null ? event["usage"] : message["usage"]),
    model: message === null ? null : stringOf(message["model"]),
    timeToFirstTokenMs: numberOf(frame["ttft_ms"]),
    abandonedBlocks: readAbandoned(objectOf(frame["abandoned_blocks"])),
  };
}

function readAbandoned(blocks: JsonObject | null): AbandonedBlocks | null {
  if (blocks === null) return null;
  return {
    messageId: stringOf(blocks["api_message_id"]),
    fromBlockIndex: numberOf(blocks["from_block_index"]) ?? 0,
  };
}
