/** Which lines of a follow's answer are new, and their delivery. */

import type { Replay } from "../lines/align.ts";
import type { LineMark } from "../lines/line-mark.ts";
import type { LogLine, StampedLine } from "../lines/record.ts";
import { createSkipWatch } from "../lines/skip-watch.ts";
import { isPlaced } from "../record/recorded.ts";
import type { ConnectionEnd } from "./connection-end.ts";
import type { FollowContext } from "./follow-context.ts";
import type { Hearing } from "./guard-connection.ts";

/** Nobody has logs rotated that are smaller, and so a run that has printed less has lost no file. */
const SMALLEST_FILE_BYTES = 65_536;

/** Delivers what is new of the lines. What it returns ends the follow. */
export type TakeLines = (lines: readonly LogLine[]) => ConnectionEnd | null;

export function createTakeLines(context: FollowContext, replay: Replay, hearing: Hearing): TakeLines {
  const { sink, defects } = context;
  const { window } = sink;
  const skips = createSkipWatch(hearing.openedAt);
  let placed = false;

  function decide(line: StampedLine): "known" | "new" | "mismatch" {
    if (defects.withoutAlignment === true) return "new";
    placed ||= isPlaced(context, line);
    if (!placed) return "mismatch";
    const skipped = skips.skipped(line, hearing.lastByteAt);
    const decision = replay.next(line);
    if (decision !== "new") return decision;
    // A plain read shows whether the file still has the line that came last.
    if (skipped && window.bytes >= SMALLEST_FILE_BYTES && !window.counted) return "mismatch";
    // A kubelet behind a rotation sends a file again from its first byte, in the same answer.
    return window.repeats(line) ? "mismatch" : "new";
  }

  function deliver(fresh: readonly StampedLine[]): ConnectionEnd | null {
    return fresh.length > 0 && sink.deliver(fresh) === "full" ? { kind: "full" } : null;
  }

  return (lines) => {
    let fresh: StampedLine[] = [];
    let end: ConnectionEnd | null = null;
    for (const line of lines) {
      if (line.kind === "unstamped") continue;
      const newest = fresh.at(-1);
      // Only the window can tell a line out of order from a file that is sent again.
      if (newest !== undefined && !isLater(line, newest)) {
        end = deliver(fresh) ?? end;
        fresh = [];
      }
      const decision = decide(line);
      if (decision === "new") fresh.push(line);
      if (decision !== "mismatch") continue;
      end = { kind: "realign" };
      break;
    }
    return deliver(fresh) ?? end;
  };
}

function isLater(line: LineMark, than: LineMark): boolean {
  if (line.seconds !== than.seconds) return line.seconds > than.seconds;
  return line.nanoseconds > than.nanoseconds;
}
