/** From what is restored to a log that is verified, and everything that was read handed on. */

import type { LogGap } from "../types/evidence.ts";
import { DEFAULT_TIMINGS } from "./follow/follow-context.ts";
import type { FollowContext, LogDefects, LogTimings } from "./follow/follow-context.ts";
import { followToEnd } from "./follow/until-ended.ts";
import { formatTimestamp } from "./lines/line-mark.ts";
import { createStampWatch } from "./lines/stamp-watch.ts";
import type { DeliveredWindow } from "./lines/window.ts";
import type { RecordedOutput } from "./record/output-record.ts";
import { createRecordedLog } from "./record/recorded.ts";
import type { RestoredStart } from "./spool/restore.ts";
import { createSink } from "./spool/sink.ts";
import type { LogSink } from "./spool/sink.ts";
import type { Spool } from "./spool/spool.ts";
import { createForeignFile } from "./whole/other-file.ts";

export interface LogCompletion {
  /** The whole log was read and verified by a second read. */
  readonly complete: boolean;
  readonly gaps: readonly LogGap[];
  /** Of the whole output, a cursor's or a spool's part included. */
  readonly bytes: number;
  /** At most 20, at most 4 KiB each. */
  readonly lastLines: readonly string[];
}

export interface ReadingOptions extends Pick<
  FollowContext,
  "source" | "target" | "verify" | "clock" | "random" | "signal"
> {
  readonly recorded?: RecordedOutput | null;
  readonly timings?: Partial<LogTimings>;
  readonly defects?: LogDefects;
}

/** What the reading shares with the one that takes the output. */
interface Shared extends Pick<FollowContext, "spool" | "nudge" | "emit"> {
  /** New lines have come to this process. */
  readonly onLines: () => void;
}

const FLUSH_MILLISECONDS = 1000;

/** Rejects only with the signal's reason, or with an error of ours; the output ends with the same. */
export async function readToEnd(
  options: ReadingOptions,
  started: Promise<RestoredStart>,
  shared: Shared,
): Promise<LogCompletion> {
  const { spool, emit, onLines } = shared;
  try {
    const { window, gaps, lastLines, complete: known } = await started;
    options.signal.throwIfAborted();
    const sink = createSink({
      window,
      spool,
      gaps,
      lastLines,
      header: options.recorded?.header ?? null,
      onLines,
      onGap: (gap) => emit({ type: "gap", ...gap }),
    });
    const complete = known || (await followToEnd(contextOf(options, sink, shared)));
    if (complete && !known) spool.write({ kind: "complete" });
    spool.end();
    await flushed(spool, options);
    return { complete, gaps: sink.gaps, bytes: window.bytes, lastLines: sink.lastLines() };
  } catch (error) {
    spool.end(error);
    throw error;
  }
}

function contextOf(options: ReadingOptions, sink: LogSink, shared: Shared): FollowContext {
  const { source, target, verify, clock, random, signal, recorded = null } = options;
  const { spool, nudge, emit } = shared;
  const { window } = sink;
  return {
    source,
    target,
    sink,
    stamps: createStampWatch({
      isCounted: () => window.counted,
      nothingDelivered: () => window.length === 0,
      onUnstamped: () => sink.gap(withoutTimestamps(window)),
    }),
    foreign: createForeignFile(),
    spool,
    recorded: recorded === null ? null : createRecordedLog(recorded),
    verify,
    emit,
    clock,
    random,
    nudge,
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    signal,
    defects: options.defects ?? {},
  };
}

function withoutTimestamps(window: DeliveredWindow): LogGap {
  const last = window.last();
  return {
    after: last === null ? null : formatTimestamp(last),
    before: null,
    reason: "no-timestamps",
    message:
      "the node writes its log without timestamps: lines may be missing or come twice wherever the log has to be asked for again",
  };
}

/** Whoever is told the ending may rely on the file. A disk that hangs must not keep it back. */
async function flushed(spool: Spool, { clock }: Pick<ReadingOptions, "clock">): Promise<void> {
  const enough = new AbortController();
  const late = clock.sleep(FLUSH_MILLISECONDS, enough.signal).catch(() => undefined);
  await Promise.race([spool.flushed(), late]);
  enough.abort();
}
