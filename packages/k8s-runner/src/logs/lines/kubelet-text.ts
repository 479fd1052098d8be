/** The kubelet writes its own errors into the body of a log answer, without timestamp and newline, behind status 200. */

import type { LogLine } from "./record.ts";

export type KubeletText =
  /** The node has no inotify instance left for another follow; plain reads still work. */
  | { readonly kind: "cannot-follow"; readonly message: string }
  /** The files of the container are gone, or cannot be read now. */
  | { readonly kind: "unreadable"; readonly message: string }
  /** The rest of a line whose first part lies before `sinceTime`, or words that we do not know. */
  | { readonly kind: "other"; readonly message: string };

const CANNOT_FOLLOW = /fsnotify|inotify|too many open files/i;
const UNREADABLE =
  /unable to retrieve container logs|failed to (?:open|read|get|find|try resolving|reopen)|no such file|rpc error|error dialing|container .* (?:not found|not running)/i;
const SHOWN_BYTES = 300;
const decoder = new TextDecoder();

/** Untimestamped text of an answer; a line of output always has a timestamp, so none can be taken for the kubelet's words. */
export function readKubeletText(line: LogLine | null): KubeletText | null {
  if (line === null || line.kind === "line") return null;
  const message = decoder.decode(line.text.subarray(0, SHOWN_BYTES)).trim();
  if (CANNOT_FOLLOW.test(message)) return { kind: "cannot-follow", message };
  if (UNREADABLE.test(message)) return { kind: "unreadable", message };
  return { kind: "other", message };
}
