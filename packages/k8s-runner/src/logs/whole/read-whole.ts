/**
 * One plain read (no `follow`) of the whole file or of its end, everything new in it delivered. A plain read reads one file once,
 * from some place to its end, so the sequence of its lines is the truth; it may only be cut short.
 */

import { EVERYTHING, collect, skipping } from "./decider.ts";
import type { Decider } from "./decider.ts";
import { createReplay, locate } from "../lines/align.ts";
import { describeMark } from "./other-file.ts";
import type { Reach } from "../follow/reach.ts";
import { crossByRecord } from "../record/bridge.ts";
import { isPlaced, usableRecord } from "../record/recorded.ts";
import type { RecordedLog } from "../record/recorded.ts";
import type { ForeignFile } from "./other-file.ts";
import { isCutStamp, readKubeletText } from "../lines/kubelet-text.ts";
import type { KubeletText } from "../lines/kubelet-text.ts";
import type { LogClock, LogEventDetail } from "../follow/follow-context.ts";
import type { LogSource, LogTarget } from "../../cluster/log-source.ts";
import { readLog } from "../read.ts";
import type { ReadEnd } from "../read.ts";
import type { LogLine, StampedLine } from "../lines/record.ts";
import type { StampWatch } from "../lines/stamp-watch.ts";
import type { LogSink } from "../spool/sink.ts";
import type { Spool } from "../spool/spool.ts";
import { cutBy, failureOf, lastLineOf } from "./read-ended.ts";
import type { LastLine, SnapshotEnd } from "./read-ended.ts";
import { formatTimestamp } from "../lines/line-mark.ts";
import type { LineMark } from "../lines/line-mark.ts";

export interface SnapshotOptions {
  readonly source: LogSource;
  readonly target: LogTarget;
  readonly sink: LogSink;
  /** Remembers from one snapshot to the next what could not be placed. */
  readonly foreign: ForeignFile;
  readonly stamps: StampWatch;
  readonly clock: LogClock;
  /** All output, beside the log; `null`: there is none. */
  readonly recorded: RecordedLog | null;
  readonly spool: Spool;
  readonly emit: (event: LogEventDetail) => void;
}

interface PassOptions {
  /** Called before the first line is delivered: a gap without the line behind it would be all that is known. */
  readonly onFirst?: (line: LineMark) => void;
  /** Only the last so many records of the file. */
  readonly records?: number | null;
}

/** Between two reads that are to agree; a node that cuts what it sends is given time to do otherwise. */
const AGAIN_MILLISECONDS = 300;

/** Rejects only with `signal.reason`. */
export async function takeSnapshot(
  options: SnapshotOptions,
  reach: Reach,
  signal: AbortSignal,
): Promise<SnapshotEnd> {
  const { foreign, clock } = options;
  for (;;) {
    const { agreeing } = foreign;
    const end = await readFile(options, reach, signal);
    // Waits that grow would have a reader that never lives long never know the file for another one.
    if (end.kind !== "cut" || foreign.agreeing <= agreeing) return end;
    await clock.sleep(AGAIN_MILLISECONDS, signal);
  }
}

async function readFile(options: SnapshotOptions, reach: Reach, signal: AbortSignal): Promise<SnapshotEnd> {
  const { source, target, sink, foreign, stamps } = options;
  const { window } = sink;
  // Whether it is another file is told by whole reads alone.
  if (foreign.agreeing > 0) return realign([null]);
  // Without a known line to find in it, the end of a file says nothing of what stands before.
  const records = "records" in reach && window.length > 0 && !window.counted ? reach.records : null;
  const since = "records" in reach ? null : window.since(reach.seconds);
  const replay = createReplay(window, since);
  const passed = await pass(since, replay, { records });
  if (passed.kind !== "mismatch" && !(passed.kind === "cut" && replay.lost())) return passed;
  return realign(since === null || replay.steppedBack() ? [null] : [since, null]);

  /** The answer does not go on where we left it: find out from all its lines, then read it again up to there. */
  async function realign(froms: readonly (number | null)[]): Promise<SnapshotEnd> {
    for (const from of froms) {
      const marks: LineMark[] = [];
      let continues = false;
      const end = await request(from, (lines) => {
        const first = marks.length === 0 ? lines.find((line) => line.kind === "line") : undefined;
        if (first !== undefined) continues = window.continues(first.text);
        return collect(lines, marks);
      });
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
    return passAgain(null, EVERYTHING, announceGap);
  }

  /** What is missing is in the record, or nowhere. */
  async function cross(marks: readonly LineMark[]): Promise<SnapshotEnd> {
    const crossing = await crossByRecord(options, marks, readMarks, signal);
    if (crossing.kind !== "crossed" && crossing.kind !== "lost") return crossing;
    const { kind, file, known } = crossing;
    if (kind === "lost") return passAgain(null, skipping(file, known), announceGap);
    foreign.isHome(file[0] as LineMark);
    return passAgain(null, skipping(file, known));
  }

  async function readMarks(): Promise<readonly LineMark[] | SnapshotEnd> {
    const marks: LineMark[] = [];
    const end = await request(null, (lines) => collect(lines, marks));
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
    const end = await pass(from, decider, onFirst === undefined ? {} : { onFirst });
    return end.kind === "mismatch" ? cutBy(end, true) : end;
  }

  function announceGap(next: LineMark): void {
    const last = window.last();
    const stepped =
      last !== null &&
      (next.seconds < last.seconds || (next.seconds === last.seconds && next.nanoseconds < last.nanoseconds));
    sink.gap({
      after: last === null ? null : formatTimestamp(last),
      before: formatTimestamp(next),
      reason: stepped ? "clock-stepped" : "rotated",
      message: stepped
        ? `the log was rotated and its node's clock set back; lines between the two timestamps may be missing${unrecorded()}`
        : `the log was rotated before it was read to its end; lines between the two timestamps may be missing${unrecorded()}`,
    });
  }

  function unrecorded(): string {
    const reason = options.recorded?.lost ?? null;
    return reason === null ? "" : `, and could not be had from the record of the output: ${reason}`;
  }

  async function pass(
    from: number | null,
    decider: Decider,
    { onFirst, records: lastRecords = null }: PassOptions = {},
  ): Promise<SnapshotEnd | { readonly kind: "mismatch" }> {
    let announce = onFirst;
    let stopped: "mismatch" | "full" | null = null;
    let seen = false;
    let placed = false;
    let first: LineMark | null = null;
    let last: LastLine | null = null;
    let words: KubeletText | null = null;
    const take = (lines: readonly LogLine[]): "stop" | undefined => {
      const fresh: StampedLine[] = [];
      for (const line of lines) {
        const isFirst = !seen;
        seen = true;
        if (line.kind === "unstamped") {
          if (!isFirst) words ??= readKubeletText(line);
          continue;
        }
        placed ||= isPlaced(options, line);
        first ??= line;
        const decision = placed ? decider.next(line) : "mismatch";
        if (decision === "new") fresh.push(line);
        if (decision !== "mismatch") continue;
        stopped = "mismatch";
        break;
      }
      if (fresh.length > 0) {
        announce?.(fresh[0] as LineMark);
        announce = undefined;
        if (sink.deliver(fresh) === "full") stopped ??= "full";
      }
      last = lastLineOf(lines.at(-1), true) ?? last;
      return stopped === null ? undefined : "stop";
    };
    const end = await request(from, take, lastRecords);
    if (stopped !== null) return { kind: stopped };
    const rest = end.kind === "end" ? end.rest : null;
    // Alone in the answer it may also be the rest of a line that is still being written.
    const spoken = readKubeletText(rest);
    if (spoken !== null && (seen || spoken.kind !== "other")) words ??= spoken;
    const failure = failureOf(end, words);
    if (failure !== null) return failure;
    // Only behind a `sinceTime` can an answer start inside a line.
    if (spoken !== null && (from === null || isCutStamp(rest))) return cutBy(end, true);
    const unfinished = rest?.kind === "line" ? rest : null;
    const known = unfinished !== null && !decider.complete() && decider.next(unfinished) === "known";
    if (!decider.complete()) return cutBy(end, seen);
    if (from === null && lastRecords === null && first !== null) foreign.isHome(first);
    foreign.reset();
    if (unfinished !== null) last = lastLineOf(unfinished, false);
    return { kind: "settled", tail: known ? null : unfinished, last };
  }

  function request(
    from: number | null,
    onLines: (lines: readonly LogLine[]) => "stop" | undefined,
    lastRecords: number | null = null,
  ): Promise<ReadEnd> {
    const { namespace, podName, container } = target;
    const place = { namespace, podName, container, follow: false };
    const part = {
      ...(from === null ? {} : { sinceSecond: from }),
      ...(lastRecords === null ? {} : { tailRecords: lastRecords }),
    };
    return readLog(source, { ...place, ...part }, { onLines }, stamps, signal);
  }
}
