/** One run from its release to its ending. Watches only wake it; fresh reads decide. */

import { createWake } from "../async/wake.ts";
import type { LateWork } from "../end/late-work.ts";
import type { RunFiles } from "../files/run-files.ts";
import { mainContainer } from "../manifest/names.ts";
import { eventsBetween } from "../observe/run-events.ts";
import { hasStarted } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { RunnerContext } from "../runner-context.ts";
import {
  longestSleepMilliseconds,
  readAgainMilliseconds,
  removedMilliseconds,
  unwatchedMilliseconds,
} from "../timings.ts";
import type { RunExit, RunFailure } from "../types/exit.ts";
import type { RunOutput } from "./run-output.ts";
import { createWatchman } from "./watchman.ts";
import type { StopWish, SuperviseOptions, Watchman } from "./watchman.ts";

export interface Supervised {
  readonly output: RunOutput;
  readonly files: RunFiles;
  readonly record: RunRecord;
  readonly exit: Promise<RunExit>;
  readonly late: LateWork;
  stop(wish: StopWish): Promise<RunExit>;
  /** Still ours to change. */
  supervising(): boolean;
}

export function supervise(context: RunnerContext, options: SuperviseOptions): Supervised {
  const wake = createWake(context.clock);
  const watchman = createWatchman(context, options, wake.ring);
  const { output, files, record, late } = watchman;
  if (options.stop !== undefined) requestStop(watchman, options.stop);
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
    record,
    exit,
    late,
    supervising: () => !watchman.observing,
    stop(wish) {
      if (!watchman.observing) requestStop(watchman, wish);
      wake.ring();
      return exit;
    },
  };
}

function requestStop({ stopping, tracker }: Watchman, wish: StopWish): void {
  stopping.request(wish, tracker.view());
  if (wish.workSeconds !== undefined) stopping.hurry(wish.workSeconds);
}

async function untilEnded(watchman: Watchman, wake: ReturnType<typeof createWake>): Promise<RunExit> {
  const { context, options, tracker } = watchman;
  const { closing, active } = context;
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
    if (!options.observe) harvested(watchman);
  }
}

/** From now on the slot is good for its next run, unless something of this one is still on its way. */
function harvested({ context: { active, clock }, options: { ref }, late }: Watchman): void {
  const done = (): void => void active.set(ref.jobUid, { endedAt: clock.now() });
  if (!late.isOnItsWay()) return done();
  const doneLater = (): void => {
    // It may have been cleaned up meanwhile.
    if (active.has(ref.jobUid)) done();
  };
  late.whole().then(doneLater, doneLater);
}

/** `null`: it goes on. */
async function look(watchman: Watchman): Promise<RunExit | null> {
  const { context, options, tracker, output, record, health, deadline, conclusion, stopping } = watchman;
  let current = tracker.watched();
  if (nextRead(watchman) <= 0) {
    watchman.readAt = context.clock.now();
    current = (await tracker.read(context.closing)).kind === "ok";
    tell(watchman);
  }
  const view = tracker.view();
  deadline.see(view, current);
  const isKnown = view.pod !== null && view.contested.length === 0;
  if (isKnown && isPrinting(view, watchman)) output.start(options.ref.namespace, view.pod);
  if (!watchman.observing) record.act(view, stopping.asked());
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

/** The container whose log is followed may start a moment after the command. */
function isPrinting(view: View, { record: { container }, stopping }: Watchman): boolean {
  return container === mainContainer ? stopping.hasBegun(view) : hasStarted(view.pod, container);
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
