/** Where a file goes on from what is known of it, told by all its lines: a second read delivers what is new. */

import { locate } from "../lines/align.ts";
import type { LineMark } from "../lines/line-mark.ts";
import type { LogLine } from "../lines/record.ts";
import type { ReadEnd } from "../read.ts";
import { crossByRecord } from "../record/bridge.ts";
import { isPlaced, usableRecord } from "../record/recorded.ts";
import { announceGap } from "./announce-gap.ts";
import { EVERYTHING, collect, skipping } from "./decider.ts";
import type { Decider } from "./decider.ts";
import { describeMark } from "./other-file.ts";
import { pass, request } from "./pass.ts";
import type { SnapshotOptions } from "./pass.ts";
import { cutBy, failureOf } from "./read-ended.ts";
import type { SnapshotEnd } from "./read-ended.ts";

/**
 * The answer does not go on where we left it: find out from all its lines, then read it again up to there. `froms`: seconds from which
 * it is tried, `null` for the whole file.
 */
export async function realign(
  options: SnapshotOptions,
  froms: readonly (number | null)[],
  signal: AbortSignal,
): Promise<SnapshotEnd> {
  const { foreign, sink } = options;
  const { window } = sink;
  for (const from of froms) {
    const marks: LineMark[] = [];
    let continues = false;
    const onLines = (lines: readonly LogLine[]): "stop" | undefined => {
      const first = marks.length === 0 ? lines.find((line) => line.kind === "line") : undefined;
      if (first !== undefined) continues = window.continues(first.text);
      return collect(lines, marks);
    };
    const end = await request(options, { from, onLines }, signal);
    const failure = failureOf(end, null);
    if (failure !== null) return failure;
    const [firstMark] = marks;
    if (firstMark !== undefined && !isPlaced(options, firstMark)) return cross(marks);
    const location = locate(marks, window, from);
    if (location.kind === "cut") return cutBy(end, marks.length > 0);
    // The file starts with the rest of the last line: nothing is missing between the two.
    const goesOn = continues && from === null;
    if (location.kind === "found" && !(location.guessed && goesOn)) {
      if (from === null) foreign.isHome(marks[0] as LineMark);
      return passAgain(from, skipping(marks, location.start, location.ambiguous));
    }
    if (from !== null) continue;
    if (goesOn) return passAgain(null, skipping(marks, 1));
    if (location.kind === "foreign" && !isOther(end, marks)) return cutBy(end, true);
    if (usableRecord(options) !== null) return cross(marks);
  }
  return passAgain(null, EVERYTHING, tellGap);

  function tellGap(next: LineMark): void {
    announceGap(options, next);
  }

  /** What is missing is in the record, or nowhere. */
  async function cross(marks: readonly LineMark[]): Promise<SnapshotEnd> {
    const crossing = await crossByRecord(options, marks, readMarks, signal);
    if (crossing.kind !== "crossed" && crossing.kind !== "lost") return crossing;
    const { kind, file, known } = crossing;
    if (kind === "lost") return passAgain(null, skipping(file, known), tellGap);
    foreign.isHome(file[0] as LineMark);
    return passAgain(null, skipping(file, known));
  }

  async function readMarks(): Promise<readonly LineMark[] | SnapshotEnd> {
    const marks: LineMark[] = [];
    const end = await request(options, { from: null, onLines: (lines) => collect(lines, marks) }, signal);
    return failureOf(end, null) ?? marks;
  }

  function isOther(end: ReadEnd, marks: readonly LineMark[]): boolean {
    if (end.kind !== "end" || end.rest?.kind === "unstamped") return false;
    return foreign.isOther(marks, end.rest === null ? null : describeMark(end.rest));
  }

  async function passAgain(
    from: number | null,
    decider: Decider,
    onFirst?: (line: LineMark) => void,
  ): Promise<SnapshotEnd> {
    const first = onFirst === undefined ? {} : { onFirst };
    const end = await pass(options, { from, decider, ...first }, signal);
    return end.kind === "mismatch" ? cutBy(end, true) : end;
  }
}
