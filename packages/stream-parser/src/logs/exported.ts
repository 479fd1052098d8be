import { isOwnFrame } from "../frames.ts";
import { isObject, parseObject } from "../json.ts";
import type { JsonValue } from "../json.ts";
import { createUnfolder } from "../unfold.ts";

/** Deeper than the exports of collectors go: Elasticsearch's `hits.hits[]._source.message`, OpenTelemetry's log records. */
const MOST_DEPTH = 10;

/**
 * The frames in a document that a collector exported, in its order: records in lists, each with the frame as an object or as a
 * string in a field whose name is the collector's own; what is marked as standard error is left out. Empty where the document is a
 * frame itself, or holds none.
 */
export function framesWithin(document: JsonValue): readonly string[] {
  if (isObject(document) && isOwnFrame(document)) return [];
  const found: string[] = [];
  collect(document, found, 0);
  return found;
}

function collect(value: JsonValue, found: string[], depth: number): void {
  if (depth > MOST_DEPTH) return;
  if (typeof value === "string") {
    const frame = value.includes('"type"') ? parseObject(value) : null;
    if (frame !== null && isOwnFrame(frame)) found.push(value.replaceAll(/[\r\n]+/g, " "));
  } else if (Array.isArray(value)) {
    for (const element of value) collect(element, found, depth + 1);
  } else if (isObject(value) && value["stream"] !== "stderr") {
    // What stands in a frame is the model's or a tool's.
    if (isOwnFrame(value)) found.push(JSON.stringify(value));
    else for (const inner of Object.values(value)) collect(inner, found, depth + 1);
  }
}

export interface DocumentReader {
  take(line: string): void;
  /** Whether the last line of a log belongs to a document, which then holds it. */
  holds(last: string): boolean;
  end(): void;
}

/** Takes lines: those of an indented document that holds frames give the frames, all others come out as they are. */
export function createDocumentReader(
  frame: (text: string) => void,
  line: (text: string) => void,
  mostBytes: number,
): DocumentReader {
  const documents = createUnfolder(
    {
      frame(document) {
        for (const text of framesWithin(document)) frame(text);
      },
      line,
    },
    mostBytes,
    (document) => framesWithin(document).length > 0,
  );
  const holds = (text: string): boolean => documents.take(text, text.length);
  return {
    take(text) {
      if (!holds(text)) line(text);
    },
    holds,
    end: () => documents.release(),
  };
}
