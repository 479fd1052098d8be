/** Where a follower starts: at the caller's cursor, behind what an earlier process spooled, or at the first byte. */

import type { LogGap } from "../../types/evidence.ts";
import type { LogCursor } from "../../types/run.ts";
import type { SpoolEntry } from "./frame.ts";
import { lastLineOf } from "../lines/record.ts";
import { keepLast, linesOf } from "../lines/last-lines.ts";
import type { Spool } from "./spool.ts";
import { createWindow } from "../lines/window.ts";
import type { DeliveredWindow } from "../lines/window.ts";

export interface RestoredStart {
  /** Where the output comes from at first. */
  readonly replay: "spool" | "cursor" | "start";
  /** Behind everything that is spooled. */
  readonly window: DeliveredWindow;
  /** Those that an earlier process announced. */
  readonly gaps: readonly LogGap[];
  /** The last ones that are spooled. */
  readonly lastLines: readonly Uint8Array[];
  /** What is spooled is the whole log, verified. */
  readonly complete: boolean;
}

export async function restoreStart(spool: Spool, cursor: LogCursor | null): Promise<RestoredStart> {
  const window = createWindow(null);
  const gaps: LogGap[] = [];
  let lastLines: readonly Uint8Array[] = [];
  let complete = false;
  let entries = 0;
  let reached = cursor === null;
  const opened = await spool.open((entry) => {
    entries++;
    const behindCursor = reached;
    applyEntry(entry, window);
    if (entry.kind === "gap") gaps.push(entry.gap);
    if (entry.kind === "lines") lastLines = keepLast(lastLines, linesOf(entry.text));
    complete ||= entry.kind === "complete";
    if (!reached) reached = cursor !== null && standsAt(window, cursor);
    return behindCursor;
  });
  if (opened && entries > 0 && reached) return { replay: "spool", window, gaps, lastLines, complete };
  // A file that does not start with the first byte, or has a hole, is no replay.
  if (cursor !== null) await spool.remove();
  return {
    replay: cursor === null ? "start" : "cursor",
    window: createWindow(cursor),
    gaps: [],
    lastLines: [],
    complete: false,
  };
}

/** Moves a window behind an entry. */
export function applyEntry(entry: SpoolEntry, window: DeliveredWindow): void {
  if (entry.kind === "gap") window.pass(entry.gap);
  if (entry.kind !== "lines") return;
  if (entry.marks.length === 0) return window.pushFetched(entry.text.length);
  window.pushMarks(entry.marks, entry.text.length);
  if (entry.text.length > 0) window.endsWith(lastLineOf(entry.text));
}

function standsAt(window: DeliveredWindow, cursor: LogCursor): boolean {
  return window.bytes === cursor.bytes && window.toCursor("").lastTimestamp === cursor.lastTimestamp;
}
