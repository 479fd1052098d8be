import { isObject } from "./json.ts";
import type { ContentBlock } from "./types/message-events.ts";
import type { ToolInputs } from "./types/tool-inputs.ts";

/**
 * Whether `block` calls the tool of this name; then its `input` has the tool's type. The model wrote the input, so a field may
 * still be missing or of another type where the tool's result is an error.
 */
export function isToolUse<Name extends keyof ToolInputs>(
  block: ContentBlock,
  name: Name,
): block is Extract<ContentBlock, { type: "tool_use" }> & {
  readonly name: Name;
  readonly input: ToolInputs[Name];
} {
  return block.type === "tool_use" && block.name === name && isObject(block.input);
}
