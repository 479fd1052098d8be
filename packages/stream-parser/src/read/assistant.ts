import { isObject, numberOf, stringOf, stringsOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import { readContent } from "./content.ts";
import { readUsage } from "./usage.ts";

const NO_MESSAGE: JsonObject = {};

export function readAssistant(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const message = isObject(frame["message"]) ? frame["message"] : NO_MESSAGE;
  const model = stringOf(message["model"]);
  return {
    type: "assistant",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    parentToolUseId: stringOf(frame["parent_tool_use_id"]),
    agentId: stringOf(frame["agent_id"]),
    subagentType: stringOf(frame["subagent_type"]),
    taskDescription: stringOf(frame["task_description"]),
    messageId: stringOf(message["id"]),
    model,
    synthetic: model === "<synthetic>",
    content: readContent(message["content"]),
    stopReason: stringOf(message["stop_reason"]),
    usage: readUsage(message["usage"]),
    timestamp: stringOf(frame["timestamp"]),
    requestId: stringOf(frame["request_id"]) ?? stringOf(frame["requestId"]),
    error: stringOf(frame["error"]),
    isApiErrorMessage: frame["is_api_error_message"] === true,
    apiErrorStatus: numberOf(frame["api_error_status"]),
    apiErrorType: stringOf(frame["api_error_type"]),
    apiError: stringOf(frame["api_error"]),
    aborted: frame["aborted"] === true,
    supersedes: stringsOf(frame["supersedes"]),
  };
}
