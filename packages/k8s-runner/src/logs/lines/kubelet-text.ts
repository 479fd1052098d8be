/** The kubelet writes its own errors into the body of a log answer, without timestamp and newline, after status 200. */

import type { LogLine } from "./record.ts";

/** The message is ours: what stands in the body may be output, and a message is shown where output is not. */
export type KubeletText =
  /** The node has no inotify instance or watch left for another follow; plain reads still work. */
  | { readonly kind: "cannot-follow"; readonly message: string }
  /** The files of the container are gone, or cannot be read now. */
  | { readonly kind: "unreadable"; readonly message: string }
  /** The rest of a line whose first part lies before `sinceTime`, or words that we do not know. */
  | { readonly kind: "other"; readonly message: string };

interface Row {
  readonly words: RegExp;
  readonly kind: "cannot-follow" | "unreadable";
  readonly message: string;
}

const ROWS: readonly Row[] = [
  {
    words: /fsnotify|inotify|too many open files|failed to watch (?:file|directory) "/i,
    kind: "cannot-follow",
    message: "the node has no inotify instance or watch left to follow this log with",
  },
  {
    words: /unable to retrieve container logs/i,
    kind: "unreadable",
    message: "the kubelet says: unable to retrieve container logs",
  },
  {
    words: /failed to (?:open|read|get|find|try resolving|reopen)|no such file/i,
    kind: "unreadable",
    message: "the kubelet says that it failed to open or read the log file",
  },
  {
    words: /rpc error|error dialing/i,
    kind: "unreadable",
    message: "the kubelet says that it does not reach the container runtime",
  },
  {
    words: /container .{0,200} (?:not found|not running)/i,
    kind: "unreadable",
    message: "the kubelet says that it does not know the container",
  },
];

const LOOKED_AT_BYTES = 300;
const decoder = new TextDecoder();

/** Untimestamped text of an answer; a line of output always has a timestamp, so none can be taken for the kubelet's words. */
export function readKubeletText(line: LogLine | null): KubeletText | null {
  if (line === null || line.kind === "line") return null;
  const text = decoder.decode(line.text.subarray(0, LOOKED_AT_BYTES));
  const row = ROWS.find(({ words }) => words.test(text));
  if (row !== undefined) return { kind: row.kind, message: row.message };
  return { kind: "other", message: "the answer has text without a timestamp" };
}

/** Where no line has a timestamp: whether these are the kubelet's words. */
export function isSpoken(text: Uint8Array): boolean {
  return readKubeletText({ kind: "unstamped", text })?.kind !== "other";
}

/** The beginning of a timestamp: an answer that was cut there. */
const CUT_STAMP = /^(?:\d{1,4}|\d{4}-[-\d:T.+Z]{0,31})$/;

export function isCutStamp(line: LogLine | null): boolean {
  if (line === null || line.kind === "line" || line.text.length > LOOKED_AT_BYTES) return false;
  return CUT_STAMP.test(decoder.decode(line.text).trim());
}
