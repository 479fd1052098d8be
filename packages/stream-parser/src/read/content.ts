import { isObject, stringOf } from "../json.ts";
import type { JsonValue } from "../json.ts";
import type { ContentBlock } from "../types/message-events.ts";

/** A message's content: a list of blocks, or a bare string, which is one text block. */
export function readContent(value: JsonValue | undefined): readonly ContentBlock[] {
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (!Array.isArray(value)) return [];
  return (value as readonly JsonValue[]).map(readBlock);
}

function readBlock(block: JsonValue): ContentBlock {
  if (!isObject(block)) return { type: "other", blockType: null, raw: block };
  const blockType = stringOf(block["type"]);
  switch (blockType) {
    case "text":
      return { type: "text", text: stringOf(block["text"]) ?? "" };
    case "thinking":
      return { type: "thinking", text: stringOf(block["thinking"]) ?? "", redacted: false };
    case "redacted_thinking":
      return { type: "thinking", text: "", redacted: true };
    case "tool_use":
      return {
        type: "tool_use",
        id: stringOf(block["id"]) ?? "",
        name: stringOf(block["name"]) ?? "",
        input: block["input"] ?? null,
      };
    case "tool_result":
      return {
        type: "tool_result",
        toolUseId: stringOf(block["tool_use_id"]) ?? "",
        isError: block["is_error"] === true,
        text: textOf(block["content"]),
        content: block["content"] ?? null,
      };
    case null:
    default:
      return { type: "other", blockType, raw: block };
  }
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts: string[] = [];
  for (const part of content as readonly JsonValue[]) {
    if (isObject(part) && typeof part["text"] === "string") texts.push(part["text"]);
  }
  return texts.join("\n");
}
