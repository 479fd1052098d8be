import { isDecoration } from "./decoration.ts";
import { StreamParserError } from "./errors.ts";
import { frameOf, readFrame } from "./frames.ts";
import { piecesOf } from "./mixed-line.ts";
import type { Piece } from "./mixed-line.ts";
import { retractionOf } from "./read/retraction.ts";
import type { ClaudeEvent } from "./types/event.ts";
import { utf8Length } from "./utf8.ts";

/**
 * The events of one whole line, with or without its line end. No text makes it throw, and it remembers nothing: streamed text comes as
 * `stream_event` only, without the growing `text` events that a parser made by `createStreamParser` adds; a frame that comes twice
 * is given twice; and a frame that a pretty-printer spread over lines is noise.
 */
export function parseLine(line: string): ClaudeEvent[] {
  if (typeof line !== "string") throw new StreamParserError(`parseLine takes a string, got ${typeof line}`);
  const events: ClaudeEvent[] = [];
  const text = line.endsWith("\n") ? line.slice(0, -1) : line;
  readLine({ text, lineBytes: utf8Length(line), isUnfinished: false }, (event) => {
    events.push(event);
    const retraction = retractionOf(event);
    if (retraction !== null) events.push(retraction);
  });
  return events;
}

export interface Line {
  /** Without its line end. */
  readonly text: string;
  /** With it. */
  readonly lineBytes: number;
  /** The stream ended within it: words at its end are the beginning of something. */
  readonly isUnfinished: boolean;
}

/**
 * What stood before the frame of the line before, its numbers aside: a log puts the same words before each of its lines, with
 * another time.
 */
export interface PrefixMemory {
  last: string | null;
}

/** The event, and the text of the frame that it came from. */
export type Emit = (event: ClaudeEvent, text: string) => void;

function readLine(line: Line, emit: Emit): void {
  const frame = frameOf(line.text);
  if (frame !== null) {
    emit(readFrame(frame, line.lineBytes), line.text);
    return;
  }
  readMixedLine(line, { last: null }, emit);
}

/** A line that is not one frame. */
export function readMixedLine(line: Line, prefix: PrefixMemory, emit: Emit): void {
  const pieces = piecesOf(line.text);
  if (pieces === null) emit(wordsOf(line), line.text);
  else readPieces(line, pieces, prefix, emit);
}

/** The line's bytes are shared out among its pieces; what a log put before the frames is dropped, and its bytes are the next one's. */
function readPieces(line: Line, pieces: readonly Piece[], prefix: PrefixMemory, emit: Emit): void {
  const [first] = pieces;
  const before = first === undefined || first.frame !== null ? null : first.text.replaceAll(/\d+/g, "0");
  const kept = pieces.filter(
    (piece) =>
      piece.frame !== null || !(isDecoration(piece.text) || (piece === first && before === prefix.last)),
  );
  prefix.last = before;
  let left = line.lineBytes;
  for (const [index, piece] of kept.entries()) {
    const isLast = index === kept.length - 1;
    const lineBytes = isLast ? left : Math.min(left, utf8Length(piece.text));
    left -= lineBytes;
    const event =
      piece.frame === null
        ? wordsOf({ text: piece.text, lineBytes, isUnfinished: isLast && line.isUnfinished })
        : readFrame(piece.frame, lineBytes);
    emit(event, piece.text);
  }
}

function wordsOf({ text, lineBytes, isUnfinished }: Line): ClaudeEvent {
  if (isUnfinished) return { type: "partial", lineBytes, text };
  return { type: "noise", lineBytes, text: text.endsWith("\r") ? text.slice(0, -1) : text };
}
