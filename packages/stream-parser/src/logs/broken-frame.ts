import { frameOf } from "../frames.ts";
import { piecesOf } from "../mixed-line.ts";

/** Takes lines, gives lines: those that make up one frame as one. */
export interface FrameJoiner {
  take(line: string): void;
  /** The log ends: `last` is its unfinished last line. */
  end(last: string): void;
}

const BEGINS_FRAME = /^\s*\{\s*"/;

/**
 * Collectors and readers with a fixed buffer break a long line into several, at any character. A line that begins a frame and does
 * not end it is held until the lines after it have ended the object, or until one shows that they do not belong to it.
 */
export function createFrameJoiner(
  give: (line: string, lineEnd: string) => void,
  mostCharacters: number,
): FrameJoiner {
  let held: string[] = [];
  let characters = 0;
  let scan = createScan();

  function release(): void {
    const lines = held;
    held = [];
    characters = 0;
    for (const line of lines) give(line, "\n");
  }

  function add(line: string): void {
    held.push(line);
    characters += line.length;
    const state = scan.next(line);
    if (state === "open" && characters <= mostCharacters) return;
    const whole = held.join("");
    if (state !== "closed" || frameOf(whole) === null) {
      release();
      return;
    }
    held = [];
    characters = 0;
    give(whole, "\n");
  }

  function take(line: string): void {
    const begins = BEGINS_FRAME.test(line);
    const isWhole = begins && frameOf(line) !== null;
    // The end of a broken string may look like the beginning of an object, but not like a whole frame.
    if (isWhole || (held.length === 0 && !begins)) {
      release();
      give(line, "\n");
    } else if (held.length > 0) {
      add(line);
    } else if (piecesOf(line) === null) {
      scan = createScan();
      add(line);
    } else {
      give(line, "\n");
    }
  }

  return {
    take,
    end(last) {
      if (held.length > 0 && last !== "") add(last);
      else if (last !== "") give(last, "");
      const unfinished = held.pop();
      release();
      if (unfinished !== undefined) give(unfinished, "");
    },
  };
}

interface Scan {
  /** Whether the object is open after this text, ended with it, or ended before it did. */
  next(text: string): "open" | "closed" | "over";
}

/** Follows an object over several texts without reading any of them twice. */
function createScan(): Scan {
  let depth = 0;
  let hasBegun = false;
  let isInString = false;
  let isEscaped = false;

  function step(unit: string): void {
    if (isEscaped) isEscaped = false;
    else if (isInString && unit === "\\") isEscaped = true;
    else if (unit === '"') isInString = !isInString;
    else if (!isInString && (unit === "{" || unit === "[")) depth++;
    else if (!isInString && (unit === "}" || unit === "]")) depth--;
  }

  return {
    next(text) {
      const trimmed = isInString ? text : text.trimEnd();
      for (let index = 0; index < trimmed.length; index++) {
        step(trimmed.charAt(index));
        if (depth > 0) hasBegun = true;
        else if (hasBegun) return index === trimmed.length - 1 ? "closed" : "over";
      }
      return "open";
    },
  };
}
