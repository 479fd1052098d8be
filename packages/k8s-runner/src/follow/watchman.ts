/** All that watches one run, and what is known of it. */

import type { EventQueue } from "../async/event-queue.ts";
import { isoTime } from "../clock.ts";
import type { Job } from "../cluster/wire.ts";
import { createConclusion } from "../end/conclude.ts";
import type { Conclusion } from "../end/conclude.ts";
import { createLateWork } from "../end/late-work.ts";
import type { LateWork } from "../end/late-work.ts";
import { createStopping } from "../end/stopping.ts";
import type { Stopping } from "../end/stopping.ts";
import { foldersOfJob } from "../files/job-folders.ts";
import { createRunFiles } from "../files/run-files.ts";
import type { RunFiles } from "../files/run-files.ts";
import { annotations } from "../manifest/names.ts";
import { parseSupervision } from "../manifest/supervision.ts";
import type { Supervision } from "../manifest/supervision.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import type { View } from "../observe/view.ts";
import { createRunRecord } from "../record/run-record.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { CopiedFolders } from "../types/copies.ts";
import type { RunFailure, StopBy } from "../types/exit.ts";
import type { LogCursor, RunRef } from "../types/run.ts";
import { createDeadline } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { createHealth } from "./health.ts";
import type { Health } from "./health.ts";
import { createTracker } from "./known-state.ts";
import type { Tracker } from "./known-state.ts";
import { createRunOutput, spoolPathOf } from "./run-output.ts";
import type { RunOutput } from "./run-output.ts";
import { createStarting } from "./start-budgets.ts";
import type { Starting } from "./start-budgets.ts";

export interface StopWish {
  readonly by: StopBy;
  readonly reason: string;
  readonly graceSeconds?: number;
  readonly workSeconds?: number;
}

export interface SuperviseOptions {
  readonly ref: RunRef;
  readonly job: Job;
  readonly events: EventQueue;
  readonly cursor: LogCursor | null;
  /** Only watch and read. */
  readonly observe: boolean;
  /** The folders that the run has as copies, where this process was given them. */
  readonly copies?: CopiedFolders | undefined;
  /** It was released just now. */
  readonly fresh?: boolean;
  /** Its start failed half-way, and it could not be seen to be gone: it is removed until that is certain. */
  readonly giveUp?: RunFailure;
  /** Its start was called off half-way, and it could not be seen to be gone. */
  readonly stop?: StopWish;
}

/** All parts of one run's supervision, and what changes in it. */
export interface Watchman {
  readonly context: RunnerContext;
  readonly options: SuperviseOptions;
  readonly supervision: Supervision;
  readonly tracker: Tracker;
  readonly output: RunOutput;
  readonly stopping: Stopping;
  readonly files: RunFiles;
  readonly record: RunRecord;
  readonly starting: Starting;
  readonly health: Health;
  readonly deadline: Deadline;
  readonly conclusion: Conclusion;
  readonly late: LateWork;
  readonly emit: (event: RunEventBody) => void;
  observing: boolean;
  readAt: number;
  told: View;
}

export function createWatchman(
  context: RunnerContext,
  options: SuperviseOptions,
  changed: () => void,
): Watchman {
  const { clock, closing } = context;
  const { ref, job, events, cursor, observe } = options;
  const supervision = parseSupervision(job.metadata?.annotations?.[annotations.supervision]);
  const tracker = createTracker(context, ref, job);
  const emit = (event: RunEventBody): void => events.push({ ...event, at: isoTime(clock) });
  // An observer beside the supervisor must not take its file over.
  const spoolPath = observe ? null : spoolPathOf(context, ref.jobUid);
  const view = (): View => tracker.view();
  const record = createRunRecord(context, {
    ref,
    supervision,
    observe,
    view,
    emit,
    changed: () => output.nudge(),
  });
  const output = createRunOutput(context, { tracker, events, cursor, spoolPath, record, signal: closing });
  const copies = foldersOfJob(job, options.copies ?? null);
  const files = createRunFiles(context, { ref, copies, supervision, observe, view, emit, changed });
  const late = createLateWork();
  const stopping = createStopping(context, { ref, supervision, files, emit });
  return {
    context,
    options,
    supervision,
    tracker,
    output,
    stopping,
    files,
    record,
    starting: createStarting(context, { ref, supervision, emit }),
    health: createHealth(context, { ref, emit }),
    deadline: createDeadline(context, supervision.deadlineSeconds, options.fresh ?? false),
    conclusion: createConclusion({
      runner: context,
      ref,
      supervision,
      tracker,
      output,
      stopping,
      files,
      late,
    }),
    late,
    emit,
    observing: observe,
    readAt: clock.now(),
    told: tracker.view(),
  };
}
