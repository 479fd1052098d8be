/** The log of one container, once and whole, however often its connection, its file or its reader breaks. */

import { tmpdir } from "node:os";
import { isoTime } from "../clock.ts";
import type { LogCursor } from "../types/run.ts";
import { createNudge } from "./follow/follow-context.ts";
import type {
  ContainerVerification,
  LogClock,
  LogDefects,
  LogEvent,
  LogEventDetail,
  LogTimings,
} from "./follow/follow-context.ts";
import type { LogSource, LogTarget } from "../cluster/log-source.ts";
import { applyEntry, restoreStart } from "./spool/restore.ts";
import type { RestoredStart } from "./spool/restore.ts";
import { createSpool } from "./spool/spool.ts";
import type { SpoolOptions } from "./spool/spool.ts";
import { readToEnd } from "./read-to-end.ts";
import type { LogCompletion } from "./read-to-end.ts";
import type { RecordedOutput } from "./record/output-record.ts";
import { createWindow } from "./lines/window.ts";

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

export function createLogFollower(options: LogFollowerOptions): LogFollower {
  const { target, clock, signal, recorded = null } = options;
  const cursor = options.cursor?.podUid === target.podUid ? options.cursor : null;
  const emit = (event: LogEventDetail): void => options.onEvent({ ...event, at: isoTime(clock) });
  const spool = createSpool(options.spool ?? { overflowFolder: tmpdir() }, target, (message) =>
    emit({ type: "warning", message }),
  );
  const nudge = createNudge();
  const consumed = createWindow(cursor);
  const started = restoreStart(spool, cursor);
  const taken = Promise.withResolvers<void>();
  let heardAt: number | null = null;

  const completion = readToEnd(options, started, {
    spool,
    nudge,
    emit,
    onLines: () => (heardAt = clock.now()),
  });
  // A caller that only reads the output is told there.
  completion.catch(() => undefined);
  return {
    output: output(),
    cursor: () => consumed.toCursor(target.podUid),
    replay: started.then(({ replay }) => replay),
    completion,
    heardAt: () => heardAt,
    nudge: () => nudge.notify(),
    removeSpool: () => spool.remove(),
    closed: closeFiles(),
  };

  async function* output(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const entry = await spool.take();
        if (entry === null) break;
        applyEntry(entry, consumed);
        if (entry.kind === "lines" && entry.text.length > 0) yield entry.text;
      }
      // Whoever took all of it needs nobody to keep it any more.
      recorded?.record?.release();
    } finally {
      taken.resolve();
    }
  }

  /** The files are needed until the output is taken, or nobody will take it. */
  async function closeFiles(): Promise<void> {
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    await Promise.race([taken.promise, aborted]);
    await completion.catch(() => undefined);
    await spool.close();
  }
}
