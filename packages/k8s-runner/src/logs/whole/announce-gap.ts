/** What is told of lines that a rotation took before they were read. */

import { formatTimestamp } from "../lines/line-mark.ts";
import type { LineMark } from "../lines/line-mark.ts";
import type { RecordedLog } from "../record/recorded.ts";
import type { SnapshotOptions } from "./pass.ts";

/** Before what stands in the file now: `next` is its first line. */
export function announceGap({ sink, recorded }: SnapshotOptions, next: LineMark): void {
  const last = sink.window.last();
  const stepped =
    last !== null &&
    (next.seconds < last.seconds || (next.seconds === last.seconds && next.nanoseconds < last.nanoseconds));
  sink.gap({
    after: last === null ? null : formatTimestamp(last),
    before: formatTimestamp(next),
    reason: stepped ? "clock-stepped" : "rotated",
    message: stepped
      ? `the log was rotated and its node's clock set back; lines between the two timestamps may be missing${unrecorded(recorded)}`
      : `the log was rotated before it was read to its end; lines between the two timestamps may be missing${unrecorded(recorded)}`,
  });
}

function unrecorded(recorded: RecordedLog | null): string {
  const reason = recorded?.lost ?? null;
  return reason === null ? "" : `, and could not be had from the record of the output: ${reason}`;
}
