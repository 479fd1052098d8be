import { objectsOf, stringOf, stringsOf, sessionIdOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { ClaudeEvent } from "../types/event.ts";

export function readInit(frame: JsonObject, lineBytes: number): ClaudeEvent {
  return {
    type: "init",
    lineBytes,
    uuid: stringOf(frame["uuid"]),
    sessionId: sessionIdOf(frame),
    raw: frame,
    model: stringOf(frame["model"]),
    cliVersion: stringOf(frame["claude_code_version"]),
    cwd: stringOf(frame["cwd"]),
    permissionMode: stringOf(frame["permissionMode"]),
    apiKeySource: stringOf(frame["apiKeySource"]),
    tools: stringsOf(frame["tools"]),
    mcpServers: objectsOf(frame["mcp_servers"]).map((server) => ({
      name: stringOf(server["name"]) ?? "",
      status: stringOf(server["status"]) ?? "",
    })),
    slashCommands: stringsOf(frame["slash_commands"]),
    agents: stringsOf(frame["agents"]),
    skills: stringsOf(frame["skills"]),
    outputStyle: stringOf(frame["output_style"]),
    pluginErrors: objectsOf(frame["plugin_errors"]).map((error) => ({
      plugin: stringOf(error["plugin"]),
      type: stringOf(error["type"]),
      message: stringOf(error["message"]) ?? "",
    })),
  };
}
