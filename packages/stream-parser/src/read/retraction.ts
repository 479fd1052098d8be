import type { ClaudeEvent } from "../types/event.ts";
import type { RetractionEvent } from "../types/message-events.ts";

/** The earlier output that `event` makes void, as an event of its own that follows it. */
export function retractionOf(event: ClaudeEvent): RetractionEvent | null {
  if (event.type === "assistant") return uuids("superseded", event.supersedes);
  if (event.type === "model_refusal_fallback") return uuids("refused", event.retractedMessageUuids);
  if (event.type !== "stream_event" || event.abandonedBlocks === null) return null;
  return { type: "retraction", lineBytes: 0, reason: "abandoned", ...event.abandonedBlocks };
}

function uuids(reason: "superseded" | "refused", retracted: readonly string[]): RetractionEvent | null {
  return retracted.length === 0 ? null : { type: "retraction", lineBytes: 0, reason, uuids: retracted };
}
