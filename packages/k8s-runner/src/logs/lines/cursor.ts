/** Lines of a window as a cursor keeps them: plain JSON, as short as may be. */

import type { LogCursor } from "../../types/run.ts";
import { cursorStart } from "./kept-marks.ts";
import { formatTimestamp } from "./line-mark.ts";
import type { LineMark } from "./line-mark.ts";
import type { LongLine } from "./long-line.ts";
import type { MarkQueue } from "./mark-queue.ts";

type Key = LogCursor["window"][number];
type LongKey = NonNullable<LogCursor["longLine"]>;

export function toKey({ seconds, nanoseconds, hash }: LineMark): Key {
  return [seconds, `${nanoseconds.toString(36)}.${hash.toString(36)}`];
}

export function fromKey([seconds, key]: Key): LineMark {
  const [nanoseconds = "", hash = ""] = key.split(".");
  return { seconds, nanoseconds: parseInt(nanoseconds, 36), hash: parseInt(hash, 36) };
}

function toLongKey({ length, end }: LongLine): LongKey {
  return [length, Buffer.from(end).toString("base64")];
}

export function fromLongKey([length, end]: LongKey): LongLine {
  return { length, end: Buffer.from(end, "base64") };
}

/** What a window knows beside its lines. */
export interface WindowFacts {
  readonly podUid: string;
  readonly bytes: number;
  /** Lines are known by their place in the file. */
  readonly counted: boolean;
  readonly longLine: LongLine | null;
  /** Every line that the window gave up is older than this second. */
  readonly exactFrom: number;
  readonly newestSecond: number;
}

export function writeCursor(marks: MarkQueue, facts: WindowFacts): LogCursor {
  const { podUid, bytes, counted, longLine, exactFrom, newestSecond } = facts;
  const from = cursorStart(marks);
  const last = marks.last();
  return {
    version: 1,
    podUid,
    bytes,
    window: Array.from({ length: marks.length - from }, (_, index) => toKey(marks.at(from + index))),
    sinceSecond: from === 0 ? exactFrom : Math.max(exactFrom, newestSecond + 1),
    ...(longLine === null ? {} : { longLine: toLongKey(longLine) }),
    ...(counted ? { counted: true } : {}),
    lastTimestamp: last === null ? null : formatTimestamp(last),
  };
}
