import { StreamParserError } from "./errors.ts";
import { createLineReader, DEFAULT_MAX_LINE_BYTES } from "./lines.ts";
import type { LineSink } from "./lines.ts";
import { frameOf, readLine } from "./parse-line.ts";
import { retractionOf } from "./read/retraction.ts";
import { createStreamedText } from "./streamed-text.ts";
import type { ClaudeEvent } from "./types/event.ts";

export interface StreamParserOptions {
  /** Bytes, 1 to 268435456, default 67108864. A longer line comes as `overflow`; no more than this is ever held of a line. */
  readonly maxLineBytes?: number;
}

export interface StreamParser {
  /**
   * The events of the lines that `chunk` completes. Any cut is right, also within a character. A `Uint8Array` may be reused
   * after the call. Throws a `StreamParserError` after `end`, and for nothing else.
   */
  push(chunk: string | Uint8Array): ClaudeEvent[];
  /** The events of an unfinished last line. A second call gives none. */
  end(): ClaudeEvent[];
}

/** Reads the output of `claude -p --output-format stream-json --verbose`, in chunks of any size. */
export function createStreamParser(options: StreamParserOptions = {}): StreamParser {
  const maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
  const streamedText = createStreamedText(maxLineBytes);
  let events: ClaudeEvent[] = [];
  let ended = false;

  function add(event: ClaudeEvent): void {
    events.push(event);
    const retraction = retractionOf(event);
    if (retraction !== null) events.push(retraction);
    const text = event.type === "stream_event" ? streamedText.next(event) : null;
    if (text !== null) events.push(text);
  }

  const sink: LineSink = {
    line: (text, lineBytes) => add(readLine(text, lineBytes)),
    overflow: (head, lineBytes) => add({ type: "overflow", lineBytes, head, maxLineBytes }),
    rest: (text, bytes) =>
      add(frameOf(text) === null ? { type: "partial", lineBytes: bytes, text } : readLine(text, bytes)),
  };
  const reader = createLineReader(sink, maxLineBytes);

  function take(): ClaudeEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return {
    push(chunk) {
      if (ended) throw new StreamParserError("push was called after end: a parser reads one stream");
      reader.push(chunk);
      return take();
    },
    end() {
      if (ended) return [];
      ended = true;
      reader.end();
      return take();
    },
  };
}
