import { numberOf, stringOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";

export function readHookStarted(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "hook_started",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    hookId: stringOf(frame["hook_id"]),
    hookName: stringOf(frame["hook_name"]),
    hookEvent: stringOf(frame["hook_event"]),
  };
}

export function readHookOutput(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: frame["subtype"] === "hook_progress" ? "hook_progress" : "hook_response",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    hookId: stringOf(frame["hook_id"]),
    hookName: stringOf(frame["hook_name"]),
    hookEvent: stringOf(frame["hook_event"]),
    stdout: stringOf(frame["stdout"]) ?? "",
    stderr: stringOf(frame["stderr"]) ?? "",
    output: stringOf(frame["output"]) ?? "",
    exitCode: numberOf(frame["exit_code"]),
    outcome: stringOf(frame["outcome"]),
  };
}
