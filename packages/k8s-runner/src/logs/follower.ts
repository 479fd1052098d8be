/** The log of one container, once and whole, however often its connection, its file or its reader breaks. */

import { tmpdir } from "node:os";
import { isoTime } from "../clock.ts";
import type { LogGap } from "../types/evidence.ts";
import type { LogCursor } from "../types/run.ts";
import { DEFAULT_TIMINGS, createNudge } from "./follow/follow-context.ts";
import type {
  ContainerVerification,
  LogClock,
  LogDefects,
  LogEvent,
  LogEventDetail,
  LogTimings,
} from "./follow/follow-context.ts";
import { createForeignFile } from "./whole/other-file.ts";
import type { LogSource, LogTarget } from "../cluster/log-source.ts";
import { followToEnd } from "./follow/until-ended.ts";
import { createSink } from "./spool/sink.ts";
import type { LogSink } from "./spool/sink.ts";
import { applyEntry, restoreStart } from "./spool/restore.ts";
import type { RestoredStart } from "./spool/restore.ts";
import { createSpool } from "./spool/spool.ts";
import type { SpoolOptions } from "./spool/spool.ts";
import { createRecordedLog } from "./record/recorded.ts";
import type { RecordedOutput } from "./record/output-record.ts";
import { createStampWatch } from "./lines/stamp-watch.ts";
import { createWindow } from "./lines/window.ts";
import { formatTimestamp } from "./lines/line-mark.ts";
import type { DeliveredWindow } from "./lines/window.ts";

export interface LogFollowerOptions {
  readonly source: LogSource;
  readonly target: LogTarget;
  /** Go on behind it. A cursor of another pod is ignored. */
  readonly cursor?: LogCursor;
  /** A fresh read of the pod, by UID. Called only when the answer decides something. */
  readonly verify: () => Promise<ContainerVerification>;
  readonly onEvent: (event: LogEvent) => void;
  readonly clock: LogClock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Lets go of everything; `completion` and `output` reject with its reason. */
  readonly signal: AbortSignal;
  readonly timings?: Partial<LogTimings>;
  readonly spool?: SpoolOptions;
  /** The output is in a file beside the log, too. */
  readonly recorded?: RecordedOutput | null;
  /** For tests of the tests. */
  readonly defects?: LogDefects;
}

export interface LogCompletion {
  /** The whole log was read and verified by a second read. */
  readonly complete: boolean;
  readonly gaps: readonly LogGap[];
  /** Of the whole output, a cursor's or a spool's part included. */
  readonly bytes: number;
  /** At most 20, at most 4 KiB each. */
  readonly lastLines: readonly string[];
}

export interface LogFollower {
  /** Can be iterated once. A chunk is a run of whole lines; only the very last line may lack its newline. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Behind the chunk that the consumer took last. */
  cursor(): LogCursor;
  /** Resolves when everything is read, whether or not it was consumed. Rejects only with `signal.reason`. */
  readonly completion: Promise<LogCompletion>;
  /** When the last new line came, by our clock; `null`: none has come to this process. */
  heardAt(): number | null;
  /** A hint that the container ended or the pod was deleted: the pod is read at once. Not for every change of the pod. */
  nudge(): void;
  /** `spool`: the output starts with what an earlier process read; `cursor`: behind it; else with what the log API still has. */
  readonly replay: Promise<RestoredStart["replay"]>;
  /** Removes what is kept for an adopter. Call it when nobody will adopt the run any more. */
  removeSpool(): Promise<void>;
  /** Every file is let go of: after the output was taken to its end, or an abort. */
  readonly closed: Promise<void>;
}

const FLUSH_MILLISECONDS = 1000;

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

export function createLogFollower(options: LogFollowerOptions): LogFollower {
  const { source, target, verify, clock, random, signal } = options;
  const cursor = options.cursor?.podUid === target.podUid ? options.cursor : null;
  const emit = (event: LogEventDetail): void => options.onEvent({ ...event, at: isoTime(clock) });
  const spool = createSpool(options.spool ?? { overflowFolder: tmpdir() }, target, (message) =>
    emit({ type: "warning", message }),
  );
  const nudge = createNudge();
  const consumed = createWindow(cursor);
  const started = restoreStart(spool, cursor);
  const consumer = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let heardAt: number | null = null;

  const completion = run();
  // A caller that only reads the output is told there.
  completion.catch(() => undefined);
  void closeFiles();
  return {
    output: output(),
    cursor: () => consumed.toCursor(target.podUid),
    replay: replay(),
    completion,
    heardAt: () => heardAt,
    nudge: () => nudge.notify(),
    removeSpool: () => spool.remove(),
    closed: closed.promise,
  };

  async function replay(): Promise<RestoredStart["replay"]> {
    return (await started).replay;
  }

  async function run(): Promise<LogCompletion> {
    try {
      const { window, gaps, lastLines, complete: known } = await started;
      signal.throwIfAborted();
      const sink = createSink({
        window,
        spool,
        gaps,
        lastLines,
        header: options.recorded?.header ?? null,
        onLines: () => (heardAt = clock.now()),
        onGap: (gap) => emit({ type: "gap", ...gap }),
      });
      const complete = known || (await follow(sink));
      if (complete && !known) spool.write({ kind: "complete" });
      spool.end();
      await settled();
      return { complete, gaps: sink.gaps, bytes: window.bytes, lastLines: sink.lastLines() };
    } catch (error) {
      spool.end(error);
      throw error;
    }
  }

  /** Whoever is told the ending may rely on the file. A disk that hangs must not keep it back. */
  async function settled(): Promise<void> {
    const enough = new AbortController();
    const late = clock.sleep(FLUSH_MILLISECONDS, enough.signal).catch(() => undefined);
    await Promise.race([spool.flushed(), late]);
    enough.abort();
  }

  function follow(sink: LogSink): Promise<boolean> {
    const { window } = sink;
    const stamps = createStampWatch({
      isCounted: () => window.counted,
      nothingDelivered: () => window.length === 0,
      onUnstamped: () => sink.gap(withoutTimestamps(window)),
    });
    return followToEnd({
      source,
      target,
      sink,
      stamps,
      foreign: createForeignFile(),
      spool,
      recorded: options.recorded == null ? null : createRecordedLog(options.recorded),
      verify,
      emit,
      clock,
      random,
      nudge,
      timings: { ...DEFAULT_TIMINGS, ...options.timings },
      signal,
      defects: options.defects ?? {},
    });
  }

  async function* output(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const entry = await spool.take();
        if (entry === null) break;
        applyEntry(entry, consumed);
        if (entry.kind === "lines" && entry.text.length > 0) yield entry.text;
      }
      // Whoever took all of it needs nobody to keep it any more.
      options.recorded?.record?.release();
    } finally {
      consumer.resolve();
    }
  }

  /** The files are needed until the output is taken, or nobody will take it. */
  async function closeFiles(): Promise<void> {
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([consumer.promise, aborted]);
    await completion.catch(() => undefined);
    await spool.close();
    closed.resolve();
  }
}
