/** From a hint to the ending: read afresh, decide, and say how it ended. */

import { createBackoff } from "../async/backoff.ts";
import type { Backoff } from "../async/backoff.ts";
import type { FreshAnswer } from "../follow/read-run.ts";
import { mainContainer } from "../manifest/names.ts";
import { wasKilled } from "../observe/ending.ts";
import type { RunExit, RunFailure } from "../types/exit.ts";
import { noNode, readEvents, readNode } from "./gather-evidence.ts";
import type { NodeAnswer } from "./gather-evidence.ts";
import { beginGivingUp, goOnGivingUp } from "./give-up.ts";
import type { GivingUp } from "./given-up.ts";
import { emptyMemory, hintOf, isHeldBack, looksEnded, step } from "./step.ts";
import type { Memory, Observation } from "./step.ts";
import { exitOf } from "./tell.ts";
import type { EndContext } from "./tell.ts";

export interface Conclusion {
  /** `null`: it has not ended. */
  whenEnded(): Promise<RunExit | null>;
  /** It did not start in time: makes sure that it never will. `null`: that is not certain yet; ask again when it is due. */
  giveUp(failure: RunFailure): Promise<RunExit | null>;
  /** What was given up for, until it is certain that nothing runs. */
  givenUp(): RunFailure | null;
  nextMilliseconds(): number | null;
}

interface State {
  readonly context: EndContext;
  readonly backoff: Backoff;
  memory: Memory;
  /** The hint that was followed last. */
  looked: string;
  againAt: number | null;
  givingUp: GivingUp | null;
  giveUpAt: number;
}

export function createConclusion(context: EndContext): Conclusion {
  const { clock } = context.runner;
  const state: State = {
    context,
    backoff: createBackoff({ first: 500, last: 15_000, random: () => clock.random() }),
    memory: emptyMemory,
    looked: "",
    againAt: null,
    givingUp: null,
    giveUpAt: 0,
  };
  return {
    whenEnded: () => whenEnded(state),
    async giveUp(failure) {
      if (clock.now() < state.giveUpAt) return null;
      state.givingUp ??= await beginGivingUp(context, failure);
      const exit = await goOnGivingUp(context, state.givingUp);
      if (exit === null) state.giveUpAt = clock.now() + state.backoff.next();
      return exit;
    },
    givenUp: () => state.givingUp?.failure ?? null,
    nextMilliseconds() {
      const due = [state.againAt, state.givingUp === null ? null : state.giveUpAt];
      const times = due.filter((time) => time !== null);
      return times.length === 0 ? null : Math.max(0, Math.min(...times) - clock.now());
    },
  };
}

async function whenEnded(state: State): Promise<RunExit | null> {
  const { tracker, runner } = state.context;
  const { clock, closing } = runner;
  if (!looksEnded(tracker.view(), tracker.missing()) && !(isHeld(state) && isHeldBack(tracker.view())))
    return null;
  const hint = currentHint(state);
  if (hint === state.looked && state.againAt !== null && clock.now() < state.againAt) return null;
  state.looked = hint;
  state.againAt = null;
  let answer = await tracker.read(closing);
  const extra: { node?: NodeAnswer; killed?: boolean | null } = {};
  for (;;) {
    if (answer.kind === "error") {
      // Forbidden, unauthorized or out of reach for now: nothing can be seen, which says nothing of the run.
      state.againAt = clock.now() + state.backoff.next();
      return null;
    }
    state.backoff.reset();
    state.looked = currentHint(state);
    const { memory, action } = step(state.memory, observationOf(state, answer, extra), clock.now());
    state.memory = memory;
    switch (action.kind) {
      case "wait":
        state.againAt = clock.now() + action.milliseconds;
        return null;
      case "read-node":
        extra.node = await readNode(runner, tracker.view().pod?.nodeName ?? "", closing);
        break;
      case "read-events":
        extra.killed = await askForKill(state);
        break;
      case "look-again":
        answer = await tracker.read(closing);
        break;
      case "conclude":
        return exitOf(state.context, action.ending, extra.node ?? noNode, state.givingUp);
    }
  }
}

/** Where a queue has the Job, it may release it again. */
function isHeld({ context: { stopping, supervision } }: State): boolean {
  return stopping.asked() && supervision.queueName === null;
}

function observationOf(
  state: State,
  answer: Extract<FreshAnswer, { kind: "ok" }>,
  { node, killed }: { readonly node?: NodeAnswer; readonly killed?: boolean | null },
): Observation {
  const { tracker, stopping, supervision, output } = state.context;
  const view = tracker.view();
  const pod = answer.pods.some(({ metadata }) => metadata?.uid === view.pod?.uid);
  return {
    view,
    main: mainContainer,
    stopped: stopping.requested() !== null,
    // A stop of the command alone leaves what runs beside it to us.
    stopGraceSeconds:
      stopping.asked() && !stopping.alone() ? (stopping.requested()?.graceSeconds ?? null) : null,
    held: isHeld(state),
    found: { job: answer.job !== null, pod },
    graceSeconds: supervision.graceSeconds,
    heardAt: output.heardAt(),
    ...(node === undefined ? {} : { node: node.node }),
    ...(killed === undefined ? {} : { killed }),
  };
}

async function askForKill({ context }: State): Promise<boolean | null> {
  const { runner, ref, tracker } = context;
  const { events, unavailable } = await readEvents(runner, ref, tracker.view(), runner.closing);
  return unavailable.length > 0 ? null : wasKilled(events, mainContainer);
}

function currentHint({ context: { tracker } }: State): string {
  return hintOf(tracker.view(), mainContainer, tracker.missing());
}
