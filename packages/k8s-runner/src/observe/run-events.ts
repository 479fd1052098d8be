/** Two views → what has happened between them. Pure. */

import type { RunEvent } from "../types/events.ts";
import type { PodEvidence } from "../types/evidence.ts";
import { disruptionOf, isSidecar, mainState } from "./containers.ts";
import type { PodState } from "./pod-state.ts";
import type { View } from "./view.ts";

/** A run event before it has its time. */
export type RunEventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "at"> : never) : never;

export function eventsBetween(before: View, after: View, main: string): readonly RunEventBody[] {
  return [
    ...podEvents(before.pod, after.pod),
    ...contestEvents(before, after),
    ...stateEvents(before.podState, after.podState, after.pod),
    ...initEvents(before.pod, after.pod),
    ...containerEvents(before.pod, after.pod, main),
    ...disruptionEvents(before.pod, after.pod),
  ];
}

function podEvents(before: PodEvidence | null, after: PodEvidence | null): readonly RunEventBody[] {
  if (after === null) return [];
  const isNew = before?.uid !== after.uid;
  const wasScheduled = !isNew && before?.nodeName !== null;
  return [
    ...(isNew ? [{ type: "pod-created", podName: after.name } as const] : []),
    ...(after.nodeName !== null && !wasScheduled
      ? [{ type: "pod-scheduled", podName: after.name, nodeName: after.nodeName } as const]
      : []),
  ];
}

/** A pod that is only passing away is told by what happens to the run. */
function contestEvents(before: View, after: View): readonly RunEventBody[] {
  const known = new Set([before.pod, ...before.otherPods].map((pod) => pod?.uid));
  return after.otherPods
    .filter(({ uid, deletionTimestamp }) => !known.has(uid) && deletionTimestamp === null)
    .map(({ name }) => ({ type: "pod-contested", podName: name }));
}

function stateEvents(
  before: PodState | null,
  after: PodState | null,
  pod: PodEvidence | null,
): readonly RunEventBody[] {
  if (after === null || sameState(before, after)) return [];
  switch (after.kind) {
    case "gated":
      return [{ type: "pod-gated", message: after.message }];
    case "unschedulable":
      return [{ type: "pod-unschedulable", message: after.message }];
    case "image-waiting": {
      const { image, reason, message } = after;
      return [{ type: "image-pull-retrying", image, reason, message }];
    }
    case "config-waiting":
    case "start-failing": {
      const { reason, message } = after;
      const waiting = pod?.containers.find(
        ({ state }) => state.kind === "waiting" && state.reason === reason,
      );
      return [{ type: "container-waiting", container: waiting?.name ?? "", reason, message }];
    }
    case "init-restarting":
      return [
        {
          type: "container-waiting",
          container: after.container,
          reason: after.reason ?? "Error",
          message: after.message,
        },
      ];
    case "unscheduled":
    case "preparing":
    case "initializing":
    case "running":
    case "ended":
      return [];
  }
}

/** The scheduler's counts change with every node that comes and goes; the rest of its words do not. */
function sameState(before: PodState | null, after: PodState): boolean {
  return before !== null && fingerprint(before) === fingerprint(after);
}

function fingerprint(state: PodState): string {
  return JSON.stringify(state).replaceAll(/\d+/g, "n");
}

function initEvents(before: PodEvidence | null, after: PodEvidence | null): readonly RunEventBody[] {
  const events: RunEventBody[] = [];
  for (const container of after?.containers ?? []) {
    const { name, init, state } = container;
    if (!init) continue;
    const old = before?.containers.find((earlier) => earlier.init && earlier.name === name)?.state.kind;
    const again = isSidecar(container) && container.restartCount > 0;
    if (state.kind === "running" && old !== "running" && !again)
      events.push({ type: "init-container-started", container: name });
    // A sidecar never finishes: the kubelet starts it again, or it ends after the run.
    if (state.kind === "terminated" && old !== "terminated" && !isSidecar(container))
      events.push({ type: "init-container-finished", container: name });
  }
  return events;
}

function containerEvents(
  before: PodEvidence | null,
  after: PodEvidence | null,
  main: string,
): readonly RunEventBody[] {
  if (after === null) return [];
  const old = mainState(before, main).kind;
  const state = mainState(after, main);
  const hadStarted = old === "running" || old === "terminated";
  const events: RunEventBody[] = [];
  if (
    !hadStarted &&
    (state.kind === "running" || (state.kind === "terminated" && state.startedAt !== null))
  ) {
    const { name: podName, nodeName } = after;
    events.push({ type: "container-started", podName, nodeName, startedAt: state.startedAt });
  }
  if (state.kind === "terminated" && old !== "terminated")
    events.push({ type: "container-terminated", exitCode: state.exitCode, reason: state.reason });
  return events;
}

function disruptionEvents(before: PodEvidence | null, after: PodEvidence | null): readonly RunEventBody[] {
  const now = disruptionOf(after);
  if (now === undefined || disruptionOf(before) !== undefined) return [];
  return [{ type: "pod-disrupted", reason: now.reason ?? "", message: now.message }];
}
