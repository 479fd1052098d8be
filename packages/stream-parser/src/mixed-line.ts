import { isOwnFrame } from "./frames.ts";
import { isDecoration } from "./decoration.ts";
import type { JsonObject } from "./json.ts";
import { parseObject } from "./json.ts";

/** A part of a line: a frame, or what stands around frames. */
export type Piece =
  | { readonly frame: JsonObject; readonly text: string }
  | { readonly frame: null; readonly text: string };

/** Characters that may be looked at in vain, for what looks like the beginning of a frame: a hostile line would cost its square. */
const MOST_VAIN_WORK = 4_000_000;

/**
 * The frames in a line that is not one frame, with the text around them: two frames without a line end between them, a list of
 * frames on one line, a frame behind a log's prefix or behind words without a line end, words glued to a frame's end. `null` when
 * there is none. A frame that stands in the middle of text is none: it may be a part of another one that was torn.
 */
export function piecesOf(line: string): readonly Piece[] | null {
  const pieces: Piece[] = [];
  let work = line.length + Math.min(8 * line.length, MOST_VAIN_WORK);
  let textStart = 0;
  let at = line.indexOf("{");
  while (at !== -1 && work > 0) {
    const { end, closed } = objectAt(line, at);
    work -= end - at;
    const text = closed ? line.slice(at, end) : "";
    const frame = closed ? parseObject(text) : null;
    if (frame !== null && isOwnFrame(frame)) {
      if (at > textStart) pieces.push({ frame: null, text: line.slice(textStart, at) });
      pieces.push({ frame, text });
      textStart = end;
    }
    // An object that is closed is passed over as a whole: what lies within it is a part of it.
    at = line.indexOf("{", closed ? end : at + 1);
  }
  if (pieces.length === 0) return null;
  if (textStart < line.length) pieces.push({ frame: null, text: line.slice(textStart) });
  return isSurrounded(pieces) ? null : pieces;
}

/** Words both before and after the frames. */
function isSurrounded(pieces: readonly Piece[]): boolean {
  const first = pieces.at(0);
  const last = pieces.at(-1);
  return (
    first?.frame === null && last?.frame === null && !isDecoration(first.text) && !isDecoration(last.text)
  );
}

/** Where the object that begins at `start` ends, or where it turned out to be none. */
function objectAt(text: string, start: number): { readonly end: number; readonly closed: boolean } {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) {
      index = endOfString(text, index);
      if (index === -1) return { end: text.length, closed: false };
      if (!mayFollowString(text, index + 1)) return { end: index, closed: false };
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      depth++;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
      depth--;
      if (depth === 0) return { end: index + 1, closed: true };
    }
  }
  return { end: text.length, closed: false };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** The closing quote of the string that opens at `start`, or -1. */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}

/** A frame torn within a string is found out here, not at the end of the line. */
function mayFollowString(text: string, at: number): boolean {
  let next = at;
  while (text.charCodeAt(next) === 0x20) next++;
  return next >= text.length || ":,}]".includes(text.charAt(next));
}
