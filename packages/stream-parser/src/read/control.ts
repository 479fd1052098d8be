import { objectOf, stringOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";

export function readControl(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const type = frame["type"];
  const body = objectOf(type === "control_response" ? frame["response"] : frame["request"]);
  return {
    type: type === "control_response" || type === "control_cancel_request" ? type : "control_request",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    requestId: stringOf(frame["request_id"]) ?? (body && stringOf(body["request_id"])),
    subtype: body && stringOf(body["subtype"]),
    body,
  };
}
