import { createEncodingFront } from "./encoding.ts";
import { StreamParserError } from "./errors.ts";
import { frameOf, readFrame } from "./frames.ts";
import { createLineReader, DEFAULT_MAX_LINE_BYTES } from "./lines.ts";
import { readMixedLine } from "./parse-line.ts";
import type { PrefixMemory } from "./parse-line.ts";
import { retractionOf } from "./read/retraction.ts";
import { createRepeats } from "./repeats.ts";
import { createStreamedText } from "./streamed-text.ts";
import type { ClaudeEvent } from "./types/event.ts";
import { createUnfolder } from "./unfold.ts";

export interface StreamParserOptions {
  /** Bytes, 1 to 268435456, default 67108864. A longer line comes as `overflow`; no more than this is ever held of a line. */
  readonly maxLineBytes?: number;
}

export interface StreamParser {
  /**
   * The events of the lines that `chunk` completes. Any cut is right, also within a character. A `Uint8Array` may be reused
   * after the call. Throws a `StreamParserError` for what is neither text nor bytes and after `end`, and for nothing else.
   */
  push(chunk: string | Uint8Array): ClaudeEvent[];
  /** The events of an unfinished last line. A second call gives none. */
  end(): ClaudeEvent[];
}

/**
 * Reads the output of `claude -p --output-format stream-json --verbose`, in chunks of any size, and what became of it on the way:
 * UTF-16, a list of frames, frames that a pretty-printer spread over lines, a log's prefix before each line, several frames on one
 * line. A frame that came before comes as `repeated`.
 */
export function createStreamParser(options: StreamParserOptions = {}): StreamParser {
  const maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
  const streamedText = createStreamedText(maxLineBytes);
  const repeats = createRepeats();
  const prefix: PrefixMemory = { last: null };
  let events: ClaudeEvent[] = [];
  let ended = false;

  function add(event: ClaudeEvent, text: string): void {
    const once = repeats.only(event, text);
    events.push(once);
    const retraction = retractionOf(once);
    if (retraction !== null) events.push(retraction);
    const streamed = once.type === "stream_event" ? streamedText.next(once) : null;
    if (streamed !== null) events.push(streamed);
  }

  const unfolder = createUnfolder(
    {
      frame: (frame, text, lineBytes) => add(readFrame(frame, lineBytes), text),
      line: (text, lineBytes) => readMixedLine({ text, lineBytes, isUnfinished: false }, prefix, add),
    },
    maxLineBytes,
  );

  function take(text: string, lineBytes: number, isUnfinished: boolean): void {
    if (unfolder.isHolding && unfolder.take(text, lineBytes)) return;
    const frame = frameOf(text);
    if (frame !== null) add(readFrame(frame, lineBytes), text);
    else if (!unfolder.take(text, lineBytes)) readMixedLine({ text, lineBytes, isUnfinished }, prefix, add);
  }

  const reader = createLineReader(
    {
      line: (text, lineBytes) => take(text, lineBytes, false),
      overflow: (head, lineBytes, bound) => {
        unfolder.release();
        events.push({ type: "overflow", lineBytes, head, maxLineBytes: bound });
      },
      rest: (text, lineBytes) => take(text, lineBytes, true),
    },
    maxLineBytes,
  );
  const front = createEncodingFront((bytes) => reader.push(bytes));

  function taken(): ClaudeEvent[] {
    const given = events;
    events = [];
    return given;
  }

  return {
    push(chunk) {
      if (ended) throw new StreamParserError("push was called after end: a parser reads one stream");
      if (typeof chunk !== "string" && !isBytes(chunk)) {
        throw new StreamParserError(`push takes a string or a Uint8Array, got ${kindOf(chunk)}`);
      }
      front.push(chunk);
      return taken();
    },
    end() {
      if (ended) return [];
      ended = true;
      front.end();
      reader.end();
      unfolder.release();
      return taken();
    },
  };
}

/** Also one of another realm, which `instanceof` does not know. */
function isBytes(chunk: unknown): boolean {
  return chunk instanceof Uint8Array || Object.prototype.toString.call(chunk) === "[object Uint8Array]";
}

function kindOf(value: unknown): string {
  if (value === null || typeof value !== "object") return String(value === null ? null : typeof value);
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
