import { numberOf, objectOf, stringOf } from "./json.ts";
import type { StreamEvent, TextEvent } from "./types/message-events.ts";

interface OpenBlock {
  readonly channel: TextEvent["channel"];
  snapshot: string;
}

/** Blocks being streamed by one agent (the main loop, or one sub-agent). */
interface OpenMessage {
  readonly messageId: string | null;
  readonly blocks: Map<number, OpenBlock>;
}

/** Bounds of hostile input; a message has tens of blocks, a run tens of agents at a time. */
const MOST_AGENTS = 1000;
const MOST_BLOCKS = 1000;

export interface StreamedText {
  /** The `text` event that follows a stream event, if it carries text. */
  next(event: StreamEvent): TextEvent | null;
}

/** Joins the deltas of `--include-partial-messages` to growing snapshots, apart for each agent and block. */
export function createStreamedText(maxLength: number): StreamedText {
  const messages = new Map<string | null, OpenMessage>();

  function open(event: StreamEvent): OpenMessage {
    const message: OpenMessage = { messageId: event.messageId, blocks: new Map() };
    messages.delete(event.parentToolUseId);
    messages.set(event.parentToolUseId, message);
    const oldest = messages.size > MOST_AGENTS ? messages.keys().next() : null;
    if (oldest !== null && oldest.done !== true) messages.delete(oldest.value);
    return message;
  }

  function openBlock(event: StreamEvent, channel: TextEvent["channel"]): OpenBlock | null {
    if (event.index === null) return null;
    const message = messages.get(event.parentToolUseId) ?? open(event);
    const known = message.blocks.get(event.index);
    if (known !== undefined && known.channel === channel) return known;
    if (message.blocks.size >= MOST_BLOCKS) return null;
    const block: OpenBlock = { channel, snapshot: "" };
    message.blocks.set(event.index, block);
    return block;
  }

  function append(event: StreamEvent, channel: TextEvent["channel"], delta: string): TextEvent | null {
    const block = openBlock(event, channel);
    if (block === null || event.index === null) return null;
    block.snapshot = (block.snapshot + delta).slice(0, maxLength);
    return {
      type: "text",
      lineBytes: 0,
      channel,
      parentToolUseId: event.parentToolUseId,
      messageId: event.messageId ?? messages.get(event.parentToolUseId)?.messageId ?? null,
      index: event.index,
      delta,
      snapshot: block.snapshot,
    };
  }

  function next(event: StreamEvent): TextEvent | null {
    switch (event.eventType) {
      case "message_start":
        open(event);
        return null;
      case "content_block_start": {
        if (event.index === null) return null;
        messages.get(event.parentToolUseId)?.blocks.delete(event.index);
        const block = objectOf(event.event["content_block"]);
        const text = block === null ? null : stringOf(block["text"]);
        // Usually empty; where a gateway puts the first words here they are part of the text.
        return text === null || text === "" ? null : append(event, "text", text);
      }
      case "content_block_delta": {
        const delta = objectOf(event.event["delta"]);
        if (delta === null) return null;
        const text = stringOf(delta["text"]);
        if (text !== null) return append(event, "text", text);
        const thinking = stringOf(delta["thinking"]);
        return thinking === null ? null : append(event, "thinking", thinking);
      }
      case "content_block_stop": {
        const index = numberOf(event.event["index"]);
        if (index !== null) messages.get(event.parentToolUseId)?.blocks.delete(index);
        return null;
      }
      case "message_stop":
        messages.delete(event.parentToolUseId);
        return null;
      case null:
      default:
        return null;
    }
  }

  return { next };
}
