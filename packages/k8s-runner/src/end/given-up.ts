/** What was known of a run when it was given up, and what has become of it since. Pure. */

import { mainContainer } from "../manifest/names.ts";
import { mainState } from "../observe/containers.ts";
import { hasStarted } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunFailure } from "../types/exit.ts";
import type { EventsAnswer, NodeAnswer } from "./gather-evidence.ts";

export interface GivingUp {
  readonly failure: RunFailure;
  /** As it was before anything was removed. */
  readonly view: View;
  readonly events: EventsAnswer;
  readonly node: NodeAnswer;
  /** Why nothing of it can start any more although its Job is still there; whichever way its ending is seen then. */
  held: string | null;
  /** It cannot be kept from starting. */
  mayStillStart: boolean;
}

/** The kubelet gives a container that it never made the same unknown state as one that it lost: what was seen before decides. */
export function startedMeanwhile(before: View, after: View): boolean {
  const state = mainState(after.pod, mainContainer);
  const unknown = state.kind === "terminated" && state.reason === "ContainerStatusUnknown";
  const others = [...before.otherPods, ...after.otherPods];
  return (
    after.ran ||
    hasStarted(unknown ? before.pod : after.pod, mainContainer) ||
    others.some((pod) => hasStarted(pod, mainContainer))
  );
}

/** What keeps a run from starting is part of the evidence for it. */
export function withRemark(events: EventsAnswer, giving: GivingUp | null): EventsAnswer {
  const held = giving?.held ?? null;
  return held === null ? events : { ...events, unavailable: [...events.unavailable, held] };
}
