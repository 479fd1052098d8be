import { createLineReader, DEFAULT_MAX_LINE_BYTES } from "./lines.ts";
import { frameOf, readFrame, readLine } from "./parse-line.ts";
import type { StreamParserOptions } from "./parser.ts";
import { retractionOf } from "./read/retraction.ts";
import { emptySummary } from "./summary/empty.ts";
import { withoutBulk } from "./summary/bulk.ts";
import { settleOwnSpend } from "./summary/spend.ts";
import { foldEvent } from "./summary/summarize.ts";
import type { ClaudeEvent } from "./types/event.ts";
import type { RunSummary } from "./types/summary.ts";

/**
 * The summary of a whole stream, equal to the fold of `summarize` over its events, in less time than it takes to parse every
 * line: the bulk of large lines, a tool's output above all, is left out before parsing. What is left out is not checked to be
 * valid JSON.
 */
export async function summarizeStream(
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  options: StreamParserOptions = {},
): Promise<RunSummary> {
  const maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
  const empty = emptySummary();
  const draft = { ...empty };

  function fold(event: ClaudeEvent): void {
    foldEvent(draft, event);
    const retraction = retractionOf(event);
    if (retraction !== null) foldEvent(draft, retraction);
  }

  const reader = createLineReader(
    {
      line: (text, lineBytes) => fold(readShort(text, lineBytes)),
      overflow: (head, lineBytes) => fold({ type: "overflow", lineBytes, head, maxLineBytes }),
      rest: (text, bytes) =>
        fold(frameOf(text) === null ? { type: "partial", lineBytes: bytes, text } : readLine(text, bytes)),
    },
    maxLineBytes,
  );
  for await (const chunk of chunks) reader.push(chunk);
  reader.end();
  settleOwnSpend(draft, empty.tracking);
  return draft;
}

function readShort(text: string, lineBytes: number): ClaudeEvent {
  const short = withoutBulk(text);
  const frame = short === null ? null : frameOf(short);
  return frame === null ? readLine(text, lineBytes) : readFrame(frame, lineBytes);
}
