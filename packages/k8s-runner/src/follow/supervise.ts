/** One run from its release to its ending. Watches only wake it; fresh reads decide. */

import type { Job } from "../cluster/wire.ts";
import { isoTime } from "../clock.ts";
import { annotations, mainContainer } from "../manifest/names.ts";
import { parseSupervision } from "../manifest/supervision.ts";
import { eventsBetween } from "../observe/run-events.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import { hasStarted, startedAt } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunExit, RunFailure } from "../types/exit.ts";
import type { LogCursor, RunRef } from "../types/run.ts";
import { createConclusion } from "../end/conclude.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { EventQueue } from "../async/event-queue.ts";
import { createHealth } from "./health.ts";
import { createRunOutput, spoolPathOf } from "./run-output.ts";
import type { RunOutput } from "./run-output.ts";
import { createStarting } from "./start-budgets.ts";
import { createStopping } from "../end/stopping.ts";
import type { StopRequest } from "../end/stop.ts";
import { createTracker } from "./known-state.ts";
import { createWake } from "../async/wake.ts";

export interface SuperviseOptions {
  readonly ref: RunRef;
  readonly job: Job;
  readonly events: EventQueue;
  readonly cursor: LogCursor | null;
  /** Only watch and read. */
  readonly observe: boolean;
}

export interface Supervised {
  readonly output: RunOutput;
  readonly exit: Promise<RunExit>;
  stop(
    request: Omit<StopRequest, "requestedAt" | "graceSeconds"> & { readonly graceSeconds?: number },
  ): Promise<RunExit>;
  /** Still ours to change. */
  supervising(): boolean;
}

/** Even with nothing to wait for, look again now and then. */
const longestSleepMilliseconds = 30_000;
/** A watch that misses something must not leave a run hanging. */
const readAgainMilliseconds = 120_000;
/** Without a watch (not allowed, or out of reach) there is nothing else to go by. */
const unwatchedMilliseconds = 10_000;
/** A watch that begins behind the deletion of a Job never tells of it. */
const removedMilliseconds = 2000;

export function supervise(context: RunnerContext, options: SuperviseOptions): Supervised {
  const { clock, identity, closing } = context;
  const { ref, job, events, cursor } = options;
  const supervision = parseSupervision(job.metadata?.annotations?.[annotations.supervision]);
  const tracker = createTracker(context, ref, job);
  const wake = createWake(clock);
  const emit = (event: RunEventBody): void => events.push({ ...event, at: isoTime(clock) });
  // An observer beside the supervisor must not take its file over.
  const spoolPath = options.observe ? null : spoolPathOf(context, ref.jobUid);
  const output = createRunOutput(context, { tracker, events, cursor, spoolPath, signal: closing });
  const stopping = createStopping(context, { ref, supervision, emit });
  const starting = createStarting(context, { ref, supervision, emit });
  const health = createHealth(context, { ref, emit });
  const conclusion = createConclusion(context, { ref, supervision, tracker, output, stopping });
  let observing = options.observe;
  let readAt = clock.now();
  let told: View = tracker.view();

  async function run(): Promise<RunExit> {
    const unsubscribe = tracker.subscribe(wake.ring);
    if (!options.observe) context.active.set(ref.jobUid, { endedAt: null });
    try {
      for (;;) {
        tracker.update();
        tell();
        const exit = await look();
        if (exit !== null) return exit;
        await wake.wait(nextLook(), closing);
      }
    } finally {
      unsubscribe();
      if (!options.observe) context.active.set(ref.jobUid, { endedAt: clock.now() });
    }
  }
  /** `null`: it goes on. */
  async function look(): Promise<RunExit | null> {
    if (nextRead() <= 0) {
      readAt = clock.now();
      await tracker.read(closing);
      tell();
    }
    const view = tracker.view();
    const isKnown = view.pod !== null && view.contested.length === 0;
    if (isKnown && hasStarted(view.pod, mainContainer)) output.start(ref.namespace, view.pod);
    await health.check(view);
    const contested = observing ? null : contest(view);
    if (contested !== null) return conclusion.giveUp(contested);
    const exit = await conclusion.whenEnded();
    if (exit !== null) {
      tell();
      return exit;
    }
    if (observing) return null;
    stopAtDeadline(view);
    await stopping.act(view);
    const failure = stopping.requested() === null ? await starting.check(view) : null;
    return failure === null ? null : conclusion.giveUp(failure);
  }
  /** To follow one of several pods would be to believe whoever made it. */
  function contest({ contested }: View): RunFailure | null {
    const [firstPod, secondPod] = contested;
    return firstPod === undefined || secondPod === undefined
      ? null
      : { kind: "pod-replaced", firstPod, secondPod };
  }
  function nextRead(): number {
    const watched = tracker.watched() ? readAgainMilliseconds : unwatchedMilliseconds;
    return readAt + (stopping.removing() ? removedMilliseconds : watched) - clock.now();
  }
  function tell(): void {
    const view = tracker.view();
    for (const event of eventsBetween(told, view, mainContainer)) emit(event);
    if (view.podState?.kind === "ended" && told.podState?.kind !== "ended") output.nudge();
    told = view;
    if (observing || view.supervisor === null || view.supervisor === identity) return;
    observing = true;
    emit({ type: "supervision-lost", newSupervisor: view.supervisor });
  }
  function stopAtDeadline(view: View): void {
    const leftMilliseconds = deadlineLeft(view);
    if (leftMilliseconds === null || leftMilliseconds > 0) return;
    const reason = `it ran for ${supervision.deadlineSeconds} s, its deadline`;
    stopping.request({ by: "deadline", reason });
  }
  function deadlineLeft(view: View): number | null {
    const started = startedAt(view.pod, mainContainer);
    if (supervision.deadlineSeconds === null || started === null || stopping.requested() !== null)
      return null;
    return Date.parse(started) + supervision.deadlineSeconds * 1000 - clock.now();
  }
  function nextLook(): number {
    const waits = [
      observing ? null : deadlineLeft(tracker.view()),
      observing || stopping.requested() !== null ? null : starting.nextMilliseconds(),
      observing ? null : stopping.nextMilliseconds(),
      conclusion.nextMilliseconds(),
      nextRead(),
      health.nextMilliseconds(),
    ];
    return Math.max(0, Math.min(longestSleepMilliseconds, ...waits.filter((wait) => wait !== null)));
  }

  const exit = run().then(
    (ended) => {
      output.abandon();
      return ended;
    },
    (error: unknown) => {
      output.abandon(error);
      throw error;
    },
  );
  // It is also told by `output`; a caller that reads only that must not bring down the process.
  exit.catch(() => undefined);
  return {
    output,
    exit,
    supervising: () => !observing,
    stop(request) {
      if (!observing) stopping.request(request);
      wake.ring();
      return exit;
    },
  };
}
