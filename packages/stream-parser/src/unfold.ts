import { withoutPrefix } from "./decoration.ts";
import { isOwnFrame } from "./frames.ts";
import { parseObject } from "./json.ts";
import type { JsonObject } from "./json.ts";

export interface UnfoldSink {
  frame(frame: JsonObject, text: string, lineBytes: number): void;
  /** A line that turned out to be no part of a frame. */
  line(text: string, lineBytes: number): void;
}

export interface Unfolder {
  readonly isHolding: boolean;
  /** True: the line begins or continues an indented frame and is held, or ended it. */
  take(text: string, lineBytes: number): boolean;
  /** Gives back what is held. */
  release(): void;
}

interface Line {
  readonly text: string;
  /** Without what a log put before it. */
  readonly bare: string;
  readonly lineBytes: number;
}

interface Held {
  readonly indentation: string;
  readonly lines: Line[];
  bytes: number;
}

const OPENING = /^(\s*)\{\s*$/;

/**
 * Frames that a pretty-printer spread over lines, as they stand in a file of `--output-format json` or behind `jq`. A line that is
 * nothing but a brace opens one; it goes on while lines are indented more deeply, so a stray brace on standard error holds nothing
 * back beyond the next line that is not. `isWanted` says which objects are taken; the lines of the others go on as they came.
 */
export function createUnfolder(
  sink: UnfoldSink,
  mostBytes: number,
  isWanted: (object: JsonObject) => boolean = isOwnFrame,
): Unfolder {
  let held: Held | null = null;

  function release(): void {
    const lines = held?.lines ?? [];
    held = null;
    for (const { text, lineBytes } of lines) sink.line(text, lineBytes);
  }

  function open(line: Line): boolean {
    const indentation = OPENING.exec(line.bare)?.[1];
    if (indentation === undefined) return false;
    held = { indentation, lines: [line], bytes: line.lineBytes };
    return true;
  }

  /** The last line is the closing brace, perhaps with what separates it from the next element. */
  function close(whole: Held): void {
    const text = `${whole.lines
      .slice(0, -1)
      .map(({ bare }) => bare)
      .join("\n")}\n}`;
    const frame = parseObject(text);
    if (frame === null || !isWanted(frame)) {
      release();
      return;
    }
    held = null;
    sink.frame(frame, text, whole.bytes);
  }

  function take(text: string, lineBytes: number): boolean {
    const bare = withoutPrefix(text);
    const line = { text, bare, lineBytes };
    if (held === null) return open(line);
    const rest = bare.startsWith(held.indentation) ? bare.slice(held.indentation.length) : "";
    const isInner = rest.startsWith(" ") || rest.startsWith("\t");
    const isEnd = /^\}[\s,\]]*$/.test(rest);
    if ((!isInner && !isEnd) || held.bytes + lineBytes > mostBytes) {
      release();
      return open(line);
    }
    held.lines.push(line);
    held.bytes += lineBytes;
    if (isEnd) close(held);
    return true;
  }

  return {
    get isHolding() {
      return held !== null;
    },
    take,
    release,
  };
}
