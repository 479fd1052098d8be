/** Lines of a window as a cursor keeps them: plain JSON, as short as may be. */

import type { LogCursor } from "../../types/run.ts";
import type { StampedLine } from "./record.ts";

type Mark = Pick<StampedLine, "seconds" | "nanoseconds" | "hash">;
type Key = LogCursor["window"][number];
type LongKey = NonNullable<LogCursor["longLine"]>;

/** The end of a line that the runtime wrote in parts: at a rotation its last part may start the next file, as if it were a line. */
export interface LongLine {
  readonly length: number;
  readonly end: Uint8Array;
}

export function toKey({ seconds, nanoseconds, hash }: Mark): Key {
  return [seconds, `${nanoseconds.toString(36)}.${hash.toString(36)}`];
}

export function fromKey([seconds, key]: Key): Mark {
  const [nanoseconds = "", hash = ""] = key.split(".");
  return { seconds, nanoseconds: parseInt(nanoseconds, 36), hash: parseInt(hash, 36) };
}

export function toLongKey({ length, end }: LongLine): LongKey {
  return [length, Buffer.from(end).toString("base64")];
}

export function fromLongKey([length, end]: LongKey): LongLine {
  return { length, end: Buffer.from(end, "base64") };
}
