import { withoutPrefix } from "../decoration.ts";
import { isOwnFrame } from "../frames.ts";
import { endOfString } from "../mixed-line.ts";
import { isObject, parseObject, stringOf } from "../json.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { framesWithin } from "./exported.ts";

/** A line of a run's output, or a part of one, as a log holds it. */
export interface LogLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** The line goes on in the next one of its stream. */
  readonly isPart: boolean;
}

/** A collector may wrap what a runtime wrapped. */
const MOST_LAYERS = 3;
/** containerd and CRI-O: time, stream, `F` for a full line or `P` for a part. */
const CRI_LINE =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP])(?::\S*)? /;
/** Where collectors put the line: Fluent Bit, Vector, Loki, journald, Google's and Amazon's, Datadog, OpenTelemetry. */
const LINE_FIELDS: readonly string[] = [
  "log",
  "message",
  "msg",
  "MESSAGE",
  "textPayload",
  "jsonPayload",
  "line",
  "body",
  "content",
  "@message",
  // Relays that pass the frames on in events of their own.
  "data",
  "payload",
  "event",
  "record",
  "raw",
  "text",
  "chunk",
];

/** What the log's own form holds; a line without one as it is. */
export function unwrap(line: string): LogLine {
  let found: LogLine = {
    stream: "stdout",
    text: line.endsWith("\r") ? line.slice(0, -1) : line,
    isPart: false,
  };
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const inner = layerOf(found);
    if (inner === null) break;
    found = inner;
  }
  if (found.text !== line) return found;
  // A frame behind the prefix is read by the parser; a line of words is easier to recognise without it.
  return { ...found, text: withoutPrefix(found.text) };
}

function layerOf(outer: LogLine): LogLine | null {
  const { text } = outer;
  const cri = CRI_LINE.exec(text);
  if (cri !== null) {
    return {
      stream: cri[1] === "stderr" ? "stderr" : "stdout",
      text: text.slice(cri[0].length),
      isPart: cri[2] === "P",
    };
  }
  if (text.startsWith('"')) {
    const inner = parseString(text);
    if (inner !== null) return { ...outer, text: withoutLineEnd(inner) };
  }
  if (text.startsWith("[")) return ofRecording(outer) ?? ofList(outer);
  if (!text.startsWith("{")) return ofLogfmt(outer) ?? ofTable(outer);
  if (PAGE_START.test(text)) return ofPage(outer);
  const object = parseObject(text);
  if (object === null || isOwnFrame(object)) return null;
  const inner = ofObject(object, outer) ?? ofDocument(object, outer);
  // An object with a type of its own wraps something only if that is a frame for sure.
  return inner === null || typeof object["type"] !== "string" || holdsFrame(inner.text) ? inner : null;
}

/** A list of a collector's records on one line; of a list of frames the parser knows itself. */
function ofList(outer: LogLine): LogLine | null {
  const end = outer.text.lastIndexOf("]") + 1;
  if (!/^\[\s*\{\s*"/.test(outer.text) || !/^[,\s]*$/.test(outer.text.slice(end))) return null;
  const list = parseJson(outer.text.slice(0, end));
  if (!Array.isArray(list) || list.some((record) => isObject(record) && isOwnFrame(record))) return null;
  return ofDocument(list as JsonValue, outer);
}

/** The text holds a frame a line. */
function ofDocument(document: JsonValue, outer: LogLine): LogLine | null {
  const frames = framesWithin(document);
  return frames.length === 0 ? null : { ...outer, text: frames.join("\n") };
}

const LOGFMT_FIELD = /(?:^| )(?:msg|message|log|line)="/;

/** A frame in a quoted field of logfmt; other words stay with the fields around them. */
function ofLogfmt(outer: LogLine): LogLine | null {
  const field = LOGFMT_FIELD.exec(outer.text);
  if (field === null) return null;
  const start = field.index + field[0].length - 1;
  const end = endOfString(outer.text, start);
  const inner = end === -1 ? null : parseString(outer.text.slice(start, end + 1));
  return inner === null || !holdsFrame(inner) ? null : { ...outer, text: withoutLineEnd(inner) };
}

const TABLE_FIELD = /(?:^|[,;\t])"(?=\{"")/;

/** A frame in a quoted field of a table with commas, where each quote is doubled. */
function ofTable(outer: LogLine): LogLine | null {
  const field = TABLE_FIELD.exec(outer.text);
  if (field === null) return null;
  const quoted = /^(?:[^"]|"")*/.exec(outer.text.slice(field.index + field[0].length))?.[0] ?? "";
  const inner = quoted.replaceAll('""', '"');
  return holdsFrame(inner) ? { ...outer, text: inner } : null;
}

const PAGE_START = /^\{\s{0,4}&(?:quot|#34|#x22);/i;
const PAGE_ESCAPES: readonly (readonly [RegExp, string])[] = [
  [/&(?:quot|#34|#x22);/gi, '"'],
  [/&(?:apos|#39|#x27);/gi, "'"],
  [/&lt;/gi, "<"],
  [/&gt;/gi, ">"],
  [/&amp;/gi, "&"],
];

/** A frame as it stands in the source of a page. */
function ofPage(outer: LogLine): LogLine | null {
  const inner = PAGE_ESCAPES.reduce((text, [escape, plain]) => text.replaceAll(escape, plain), outer.text);
  return holdsFrame(inner) ? { ...outer, text: inner } : null;
}

/** A terminal's recording (asciicast): the time, the kind of event, and what was written, which ends lines where it likes. */
function ofRecording(outer: LogLine): LogLine | null {
  if (!/^\[\d[\d.e+-]*, ?"/.test(outer.text)) return null;
  const event = parseJson(outer.text);
  if (!Array.isArray(event) || event.length !== 3 || typeof event[2] !== "string") return null;
  return { ...outer, text: event[1] === "o" ? withoutColours(event[2]) : "", isPart: true };
}

/** A terminal's sequences: JSON has none outside of escapes, so what is left is what was written. */
export function withoutColours(text: string): string {
  return text.includes("\u001b") ? text.replaceAll(TERMINAL_SEQUENCE, "") : text;
}

const TERMINAL_SEQUENCE =
  // oxlint-disable-next-line no-control-regex -- they begin with ESC
  /\u001b(?:\[[\d;:?<=>]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][\dA-B]|[=>78cDEHMNOZ])/g;

function holdsFrame(text: string): boolean {
  const frame = parseObject(text);
  return frame !== null && isOwnFrame(frame);
}

function ofObject(object: JsonObject, outer: LogLine): LogLine | null {
  for (const field of LINE_FIELDS) {
    const value = object[field];
    const inner = isObject(value) ? frameText(value) : (stringOf(value) ?? textOfBytes(value));
    if (inner === null) continue;
    // Docker splits a long line: the last part alone ends in the line end.
    const isDocker = field === "log" && typeof object["stream"] === "string" && object["time"] !== undefined;
    return {
      stream: object["stream"] === "stderr" ? "stderr" : outer.stream,
      text: withoutLineEnd(inner),
      isPart: isDocker ? !inner.endsWith("\n") : outer.isPart,
    };
  }
  return null;
}

/** A collector that parsed the line holds the frame itself. */
function frameText(value: JsonObject): string | null {
  return typeof value["type"] === "string" ? JSON.stringify(value) : null;
}

/** journald writes what is long, or not plain ASCII, as the numbers of its bytes. */
function textOfBytes(value: JsonValue | undefined): string | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isByte)) return null;
  return new TextDecoder().decode(Uint8Array.from(value as number[]));
}

function isByte(value: JsonValue): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 256;
}

function parseString(text: string): string | null {
  const value = parseJson(text);
  return typeof value === "string" ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function withoutLineEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, text.endsWith("\r\n") ? -2 : -1) : text;
}
