import { isObject, objectOf, objectsOf, stringOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { ToolResultMeta } from "../types/message-events.ts";
import { readContent } from "./content.ts";

export function readUser(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const message = frame["message"];
  return {
    type: "user",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    parentToolUseId: stringOf(frame["parent_tool_use_id"]),
    agentId: stringOf(frame["agent_id"]),
    subagentType: stringOf(frame["subagent_type"]),
    taskDescription: stringOf(frame["task_description"]),
    content: readContent(isObject(message) ? message["content"] : undefined),
    timestamp: stringOf(frame["timestamp"]),
    isSynthetic: frame["isSynthetic"] === true,
    isReplay: frame["isReplay"] === true,
    toolUseResult: frame["tool_use_result"] ?? null,
    toolResultMeta: objectsOf(frame["tool_result_meta"]).map(readMeta),
    refusedMessageId: stringOf(frame["refused_message_id"]),
  };
}

function readMeta(meta: JsonObject): ToolResultMeta {
  const permission = objectOf(meta["permission_decision"]);
  return {
    toolUseId: stringOf(meta["id"]),
    decision: permission && stringOf(permission["decision"]),
    source: permission && stringOf(permission["source"]),
    nonExecutionKind: stringOf(meta["non_execution_kind"]),
  };
}
