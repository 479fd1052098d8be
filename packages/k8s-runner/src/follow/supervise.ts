/** One run from its release to its ending. Watches only wake it; fresh reads decide. */

import type { Job } from "../cluster/wire.ts";
import { isoTime } from "../clock.ts";
import { annotations, mainContainer } from "../manifest/names.ts";
import { parseSupervision } from "../manifest/supervision.ts";
import type { Supervision } from "../manifest/supervision.ts";
import { eventsBetween } from "../observe/run-events.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import { hasBegun } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunExit, RunFailure, StopBy } from "../types/exit.ts";
import type { LogCursor, RunRef } from "../types/run.ts";
import { createConclusion } from "../end/conclude.ts";
import type { Conclusion } from "../end/conclude.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { EventQueue } from "../async/event-queue.ts";
import { createDeadline } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { createHealth } from "./health.ts";
import type { Health } from "./health.ts";
import { createRunOutput, spoolPathOf } from "./run-output.ts";
import type { RunOutput } from "./run-output.ts";
import { createRunFiles } from "../files/run-files.ts";
import type { RunFiles } from "../files/run-files.ts";
import type { CopiedFolders } from "../types/copies.ts";
import { createStarting } from "./start-budgets.ts";
import type { Starting } from "./start-budgets.ts";
import { createStopping } from "../end/stopping.ts";
import type { Stopping } from "../end/stopping.ts";
import { createTracker } from "./known-state.ts";
import type { Tracker } from "./known-state.ts";
import { createWake } from "../async/wake.ts";
import {
  longestSleepMilliseconds,
  readAgainMilliseconds,
  removedMilliseconds,
  unwatchedMilliseconds,
} from "../timings.ts";

export interface StopWish {
  readonly by: StopBy;
  readonly reason: string;
  readonly graceSeconds?: number;
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

export interface Supervised {
  readonly output: RunOutput;
  readonly files: RunFiles;
  readonly exit: Promise<RunExit>;
  stop(wish: StopWish): Promise<RunExit>;
  /** Still ours to change. */
  supervising(): boolean;
}

/** All parts of one run's supervision, and what changes in it. */
interface Watchman {
  readonly context: RunnerContext;
  readonly options: SuperviseOptions;
  readonly supervision: Supervision;
  readonly tracker: Tracker;
  readonly output: RunOutput;
  readonly stopping: Stopping;
  readonly files: RunFiles;
  readonly starting: Starting;
  readonly health: Health;
  readonly deadline: Deadline;
  readonly conclusion: Conclusion;
  readonly emit: (event: RunEventBody) => void;
  observing: boolean;
  readAt: number;
  told: View;
}

export function supervise(context: RunnerContext, options: SuperviseOptions): Supervised {
  const wake = createWake(context.clock);
  const watchman = createWatchman(context, options, wake.ring);
  const { output, files, stopping, tracker } = watchman;
  if (options.stop !== undefined) stopping.request(options.stop, tracker.view());
  const exit = untilEnded(watchman, wake).then(
    (ended) => {
      output.abandon();
      return ended;
    },
    (error: unknown) => {
      output.abandon(error);
      throw error;
    },
  );
  // `output` rejects with it as well; a caller that reads only that must not bring down the process.
  exit.catch(() => undefined);
  return {
    output,
    files,
    exit,
    supervising: () => !watchman.observing,
    stop(wish) {
      if (!watchman.observing) stopping.request(wish, tracker.view());
      wake.ring();
      return exit;
    },
  };
}

function createWatchman(context: RunnerContext, options: SuperviseOptions, changed: () => void): Watchman {
  const { clock, closing } = context;
  const { ref, job, events, cursor, observe } = options;
  const supervision = parseSupervision(job.metadata?.annotations?.[annotations.supervision]);
  const tracker = createTracker(context, ref, job);
  const emit = (event: RunEventBody): void => events.push({ ...event, at: isoTime(clock) });
  // An observer beside the supervisor must not take its file over.
  const spoolPath = observe ? null : spoolPathOf(context, ref.jobUid);
  const output = createRunOutput(context, { tracker, events, cursor, spoolPath, signal: closing });
  const { copies = null } = options;
  const view = (): View => tracker.view();
  const files = createRunFiles(context, { ref, copies, supervision, observe, view, emit, changed });
  const stopping = createStopping(context, { ref, supervision, files, emit });
  return {
    context,
    options,
    supervision,
    tracker,
    output,
    stopping,
    files,
    starting: createStarting(context, { ref, supervision, emit }),
    health: createHealth(context, { ref, emit }),
    deadline: createDeadline(context, supervision.deadlineSeconds, options.fresh ?? false),
    conclusion: createConclusion({ runner: context, ref, supervision, tracker, output, stopping, files }),
    emit,
    observing: observe,
    readAt: clock.now(),
    told: tracker.view(),
  };
}

async function untilEnded(watchman: Watchman, wake: ReturnType<typeof createWake>): Promise<RunExit> {
  const { context, options, tracker } = watchman;
  const { clock, closing, active } = context;
  const { jobUid } = options.ref;
  const unsubscribe = tracker.subscribe(wake.ring);
  if (!options.observe) active.set(jobUid, { endedAt: null });
  try {
    for (;;) {
      tracker.update();
      tell(watchman);
      const exit = await look(watchman);
      if (exit !== null) return exit;
      await wake.wait(nextLook(watchman), closing);
    }
  } finally {
    unsubscribe();
    if (!options.observe) active.set(jobUid, { endedAt: clock.now() });
  }
}

/** `null`: it goes on. */
async function look(watchman: Watchman): Promise<RunExit | null> {
  const { context, options, tracker, output, health, deadline, conclusion, stopping } = watchman;
  let current = tracker.watched();
  if (nextRead(watchman) <= 0) {
    watchman.readAt = context.clock.now();
    current = (await tracker.read(context.closing)).kind === "ok";
    tell(watchman);
  }
  const view = tracker.view();
  deadline.see(view, current);
  const isKnown = view.pod !== null && view.contested.length === 0;
  if (isKnown && hasBegun(view, mainContainer)) output.start(options.ref.namespace, view.pod);
  await health.check(view);
  const contested = watchman.observing ? null : contest(view);
  if (contested !== null) return conclusion.giveUp(contested);
  const exit = await conclusion.whenEnded();
  if (exit !== null) {
    tell(watchman);
    if (exit.kind === "stopped" && exit.forced) stopping.tellForced();
    return exit;
  }
  if (watchman.observing) return null;
  stopAtDeadline(watchman);
  await stopping.act(view);
  const unsent = watchman.files.act(view, stopping.asked());
  if (stopping.requested() !== null) return null;
  const failure =
    conclusion.givenUp() ?? watchman.options.giveUp ?? unsent ?? (await watchman.starting.check(view));
  return failure === null ? null : conclusion.giveUp(failure);
}

/** To follow one of several pods would be to believe whoever made it. */
function contest({ contested }: View): RunFailure | null {
  const [firstPod, secondPod] = contested;
  return firstPod === undefined || secondPod === undefined
    ? null
    : { kind: "pod-replaced", firstPod, secondPod };
}

function tell(watchman: Watchman): void {
  const { tracker, output, emit, told, context } = watchman;
  const view = tracker.view();
  for (const event of eventsBetween(told, view, mainContainer)) emit(event);
  if (view.podState?.kind === "ended" && told.podState?.kind !== "ended") output.nudge();
  watchman.told = view;
  if (watchman.observing || view.supervisor === null || view.supervisor === context.identity) return;
  watchman.observing = true;
  watchman.files.leave();
  emit({ type: "supervision-lost", newSupervisor: view.supervisor });
}

function stopAtDeadline({ deadline, supervision, stopping, tracker }: Watchman): void {
  const left = deadline.leftMilliseconds();
  if (left === null || left > 0) return;
  const reason = `it ran for ${supervision.deadlineSeconds} s, its deadline`;
  stopping.request({ by: "deadline", reason }, tracker.view());
}

function nextRead({ context, tracker, stopping, readAt }: Watchman): number {
  const watched = tracker.watched() ? readAgainMilliseconds : unwatchedMilliseconds;
  return readAt + (stopping.removing() ? removedMilliseconds : watched) - context.clock.now();
}

function nextLook(watchman: Watchman): number {
  const { observing, stopping, starting, conclusion, health, deadline } = watchman;
  const stopped = stopping.requested() !== null;
  const waits = [
    observing || stopped ? null : deadline.leftMilliseconds(),
    observing || stopped ? null : starting.nextMilliseconds(),
    observing ? null : stopping.nextMilliseconds(),
    conclusion.nextMilliseconds(),
    nextRead(watchman),
    health.nextMilliseconds(),
  ];
  return Math.max(0, Math.min(longestSleepMilliseconds, ...waits.filter((wait) => wait !== null)));
}
