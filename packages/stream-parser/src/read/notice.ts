import { stringOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { NoticeType } from "../types/work-events.ts";

const TEXT_FIELDS = ["content", "message", "text", "title", "event", "state", "suggestion"];

/** Registered for the types of `NoticeType` only: the frame's own name is one of them. */
export function readNotice(frame: JsonObject, lineBytes: number): ClaudeEvent {
  const type = (frame["type"] === "system" ? frame["subtype"] : frame["type"]) as NoticeType;
  return {
    type,
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    text: firstText(frame),
  };
}

function firstText(frame: JsonObject): string | null {
  for (const name of TEXT_FIELDS) {
    const value = frame[name];
    if (typeof value === "string") return value;
  }
  return null;
}
