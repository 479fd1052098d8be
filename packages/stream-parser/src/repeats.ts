import type { ClaudeEvent } from "./types/event.ts";

/** Frames remembered, about 100 bytes each: more than any run's log that is read again after a reconnect holds. */
const MOST_REMEMBERED = 50_000;

export interface Repeats {
  /** `event`, or the event that stands for it when the same frame came before. `line` is the frame's text. */
  only(event: ClaudeEvent, line: string): ClaudeEvent;
}

/**
 * A log that is read again after a reconnect, or two readers of one stream, give the same frames twice. Claude Code gives every
 * frame a random UUID of its own; ids of another shape, which gateways and tests make up, count only together with the frame's text.
 */
export function createRepeats(): Repeats {
  const seen = new Set<string>();
  return {
    only(event, line) {
      if (!("raw" in event) || event.uuid === null) return event;
      const isUuid = looksLikeUuid(event.uuid);
      // Pieces of streamed text may well be equal, so a made-up id cannot tell them apart.
      if (!isUuid && event.type === "stream_event") return event;
      const key = isUuid ? event.uuid : `${event.uuid} ${fingerprint(line)}`;
      if (seen.has(key)) {
        const { lineBytes, uuid, sessionId, raw, type: eventType } = event;
        return { type: "repeated", lineBytes, uuid, sessionId, raw, eventType };
      }
      seen.add(key);
      if (seen.size > MOST_REMEMBERED) forgetOldest(seen);
      return event;
    },
  };
}

/** Its shape alone: every frame passes here, and a regular expression would cost as much as all the rest. */
function looksLikeUuid(text: string): boolean {
  return text.length === 36 && text[8] === "-" && text[13] === "-" && text[18] === "-" && text[23] === "-";
}

/** 32 bits of FNV-1a: together with the id enough to tell one frame from another. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

function forgetOldest(seen: Set<string>): void {
  const oldest = seen.values().next();
  if (oldest.done !== true) seen.delete(oldest.value);
}
