/** Waiting for the container: each phase has a budget, and Kubernetes' events are told meanwhile. */

import type { Supervision } from "../manifest/supervision.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import { isMissingObject, mountFailure, startFailure, startPhase } from "../observe/start-phase.ts";
import type { StartPhase } from "../observe/start-phase.ts";
import type { View } from "../observe/view.ts";
import type { EventEvidence } from "../types/evidence.ts";
import type { RunFailure } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { readEvents } from "../end/gather-evidence.ts";
import { eventsMilliseconds, firstEventsMilliseconds } from "../timings.ts";
import { createPendingEvents } from "./pending-events.ts";

export interface Starting {
  /** A failure when a budget is used up. */
  check(view: View): Promise<RunFailure | null>;
  nextMilliseconds(): number | null;
}

export interface StartingOptions {
  readonly ref: RunRef;
  readonly supervision: Supervision;
  readonly emit: (event: RunEventBody) => void;
}

export function createStarting(
  context: RunnerContext,
  { ref, supervision, emit }: StartingOptions,
): Starting {
  const { clock, closing } = context;
  const startedAt = clock.now();
  let image = "";
  const pending = createPendingEvents(() => image, supervision.queueName);
  let current: { readonly phase: StartPhase; readonly since: number } | null = null;
  let eventsAt = startedAt + firstEventsMilliseconds;
  let events: readonly EventEvidence[] = [];
  let queued = false;

  async function readAgain(view: View): Promise<void> {
    const answer = await readEvents(context, ref, view, closing);
    eventsAt = clock.now() + eventsMilliseconds;
    events = answer.events;
    for (const event of pending.take(events)) emit(event);
  }
  function tellQueue(phase: StartPhase): void {
    if (phase.name !== "queue" || queued) return;
    queued = true;
    emit({ type: "job-queued", queueName: supervision.queueName, message: null });
  }
  return {
    async check(view) {
      const phase = startPhase(view, supervision);
      if (phase === null) {
        current = null;
        return null;
      }
      image = view.pod?.containers.find(({ init }) => !init)?.image ?? image;
      // The same phase goes on although its reason changes: a pull fails and backs off in turns.
      current = { phase, since: current?.phase.name === phase.name ? current.since : clock.now() };
      tellQueue(phase);
      if (clock.now() >= eventsAt) await readAgain(view);
      const waitedSeconds = Math.round((clock.now() - current.since) / 100) / 10;
      const budgetSeconds = budgetOf(phase, supervision, events);
      if (budgetSeconds === null || waitedSeconds < budgetSeconds) return null;
      await readAgain(view);
      return startFailure(phase, view, supervision, waitedSeconds, events);
    },
    nextMilliseconds() {
      if (current === null) return null;
      const budgetSeconds = budgetOf(current.phase, supervision, events);
      const untilEvents = eventsAt - clock.now();
      if (budgetSeconds === null) return untilEvents;
      return Math.min(untilEvents, current.since + budgetSeconds * 1000 - clock.now());
    },
  };
}

/** A volume of a Secret that does not exist is a matter of configuration, not of a slow disk. */
function budgetOf(
  phase: StartPhase,
  { budgets }: Supervision,
  events: readonly EventEvidence[],
): number | null {
  if (phase.name !== "start") return phase.budgetSeconds;
  const failure = mountFailure(events, 0);
  const missing = failure?.kind === "container-config-error" && isMissingObject(failure.message ?? "");
  return missing ? budgets.configSeconds : phase.budgetSeconds;
}
