/** One plain read of a log, and what is made of its lines. */

import type { LogSource, LogTarget } from "../../cluster/log-source.ts";
import type { LogClock, LogEventDetail } from "../follow/follow-context.ts";
import { isCutStamp, readKubeletText } from "../lines/kubelet-text.ts";
import type { KubeletText } from "../lines/kubelet-text.ts";
import type { LineMark } from "../lines/line-mark.ts";
import type { LogLine, StampedLine } from "../lines/record.ts";
import type { StampWatch } from "../lines/stamp-watch.ts";
import { readLog } from "../read.ts";
import type { ReadEnd } from "../read.ts";
import { isPlaced } from "../record/recorded.ts";
import type { RecordedLog } from "../record/recorded.ts";
import type { LogSink } from "../spool/sink.ts";
import type { Spool } from "../spool/spool.ts";
import type { Decider } from "./decider.ts";
import type { ForeignFile } from "./other-file.ts";
import { cutBy, failureOf, lastLineOf } from "./read-ended.ts";
import type { LastLine, SnapshotEnd } from "./read-ended.ts";

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

interface Part {
  /** Seconds; `null`: from the file's beginning. */
  readonly from: number | null;
  /** Only the last so many records of the file. */
  readonly records?: number | null;
}

interface PassOptions extends Part {
  readonly decider: Decider;
  /** Called before the first line is delivered: a gap without the line behind it would be all that is known. */
  readonly onFirst?: (line: LineMark) => void;
}

interface Request extends Part {
  readonly onLines: (lines: readonly LogLine[]) => "stop" | undefined;
}

/** One read from `from`, seconds, or from the file's beginning. `mismatch`: it does not go on where we left it. */
export async function pass(
  options: SnapshotOptions,
  { from, decider, onFirst, records = null }: PassOptions,
  signal: AbortSignal,
): Promise<SnapshotEnd | { readonly kind: "mismatch" }> {
  const { sink, foreign } = options;
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
  const end = await request(options, { from, records, onLines: take }, signal);
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
  if (from === null && records === null && first !== null) foreign.isHome(first);
  foreign.reset();
  if (unfinished !== null) last = lastLineOf(unfinished, false);
  return { kind: "settled", tail: known ? null : unfinished, last };
}

export function request(
  { source, target, stamps }: SnapshotOptions,
  { from, records = null, onLines }: Request,
  signal: AbortSignal,
): Promise<ReadEnd> {
  const { namespace, podName, container } = target;
  const place = { namespace, podName, container, follow: false };
  const part = {
    ...(from === null ? {} : { sinceSecond: from }),
    ...(records === null ? {} : { tailRecords: records }),
  };
  return readLog(source, { ...place, ...part }, { onLines }, stamps, signal);
}
