import { createEncodingFront } from "../encoding.ts";
import { createLineReader, DEFAULT_MAX_LINE_BYTES } from "../lines.ts";
import { createStreamParser } from "../parser.ts";
import type { StreamParser, StreamParserOptions } from "../parser.ts";
import type { ClaudeEvent } from "../types/event.ts";
import { utf8Length } from "../utf8.ts";
import { createFrameJoiner } from "./broken-frame.ts";
import { createDocumentReader } from "./exported.ts";
import { unwrap, withoutColours } from "./unwrap.ts";
import type { LogLine } from "./unwrap.ts";

/**
 * Reads a run's output out of a saved log: what `createStreamParser` reads, and also what wraps each line in a form of its own: files
 * of the container runtimes (containerd's and CRI-O's, Docker's), JSON of log collectors, a JSON string per line, a table with
 * commas, a terminal's recording, colours, and the documents that collectors export, indented or not. Parts of a split line are joined, also where nothing marks them, and what is marked as
 * standard error is noise, whatever it looks like. For saved logs only: a live stream is never wrapped, and a program's own JSON
 * that carries a frame in it would be taken for a wrapper here.
 */
export function createLogParser(options: StreamParserOptions = {}): StreamParser {
  const maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
  const parser = createStreamParser(options);
  /** Parts of lines whose end has not come, by stream. */
  const parts = { stdout: "", stderr: "" };
  let events: ClaudeEvent[] = [];

  function take(line: LogLine): void {
    const { stream, text, isPart } = line;
    const lineEnd = isPart ? text.lastIndexOf("\n") : -1;
    if (lineEnd !== -1) {
      // A part of a terminal's output ends lines, and begins the next one.
      for (const ended of text.slice(0, lineEnd).split(/\r?\n/)) take({ stream, text: ended, isPart: false });
      parts[stream] = text.slice(lineEnd + 1);
      return;
    }
    const whole = parts[stream] + text;
    if (isPart && whole.length < maxLineBytes) {
      parts[stream] = whole;
      return;
    }
    parts[stream] = "";
    // A document on one line holds several frames.
    if (stream === "stdout") for (const frame of whole.split("\n")) joiner.take(frame);
    else giveWords(whole);
  }

  function giveWords(text: string): void {
    if (text !== "") events.push({ type: "noise", lineBytes: utf8Length(text) + 1, text });
  }

  const joiner = createFrameJoiner((line, lineEnd) => {
    for (const event of parser.push(line + lineEnd)) events.push(event);
  }, maxLineBytes);

  const documents = createDocumentReader(
    (text) => take({ stream: "stdout", text, isPart: false }),
    (line) => take(unwrap(line)),
    maxLineBytes,
  );

  const reader = createLineReader(
    {
      line: (text) => documents.take(withoutColours(text)),
      rest: (coloured) => {
        const text = withoutColours(coloured);
        if (documents.holds(text)) return;
        const line = unwrap(text);
        // An unwrapped last line may be cut, a wrapped one is whole.
        if (line.text === text) parts.stdout += text;
        else take(line);
      },
      overflow: (head, lineBytes, bound) =>
        events.push({ type: "overflow", lineBytes, head, maxLineBytes: bound }),
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
      // The parser knows what is no chunk, and whether the end has come.
      events.push(...parser.push(typeof chunk === "string" || chunk instanceof Uint8Array ? "" : chunk));
      front.push(chunk);
      return taken();
    },
    end() {
      front.end();
      reader.end();
      documents.end();
      giveWords(parts.stderr);
      joiner.end(parts.stdout);
      parts.stderr = "";
      parts.stdout = "";
      for (const event of parser.end()) events.push(event);
      return taken();
    },
  };
}
