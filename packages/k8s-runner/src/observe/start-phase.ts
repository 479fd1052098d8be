/** What a run that has not started yet waits for, how long it may, and what it means when it waited too long. Pure. */

import { mainContainer } from "../manifest/names.ts";
import type { Supervision } from "../manifest/supervision.ts";
import type { EventEvidence } from "../types/evidence.ts";
import type { RunFailure } from "../types/exit.ts";
import { jobState, podCreationFailure } from "./job-state.ts";
import type { View } from "./view.ts";

export type StartPhaseName = "queue" | "pod-creation" | "scheduling" | "image" | "config" | "init" | "start";

export interface StartPhase {
  readonly name: StartPhaseName;
  /** `null`: as long as it takes. 0: no waiting can help. */
  readonly budgetSeconds: number | null;
}

/** `null`: it runs, or it ended, or it is being ended. */
export function startPhase({ job, podState, pod }: View, { budgets }: Supervision): StartPhase | null {
  if (job === null) return null;
  if (podState === null || pod === null) return withoutPod(jobState(job).kind, budgets);
  switch (podState.kind) {
    case "gated":
      return { name: "queue", budgetSeconds: budgets.queueSeconds };
    case "unscheduled":
    case "unschedulable":
      return { name: "scheduling", budgetSeconds: budgets.schedulingSeconds };
    case "image-waiting":
      return { name: "image", budgetSeconds: podState.final ? 0 : budgets.imagePullSeconds };
    case "config-waiting":
    case "start-failing":
      return { name: "config", budgetSeconds: budgets.configSeconds };
    case "initializing":
    case "init-restarting":
      return { name: "init", budgetSeconds: budgets.initSeconds };
    case "preparing":
      return { name: "start", budgetSeconds: budgets.startSeconds };
    case "running":
    case "ended":
      return null;
  }
}

function withoutPod(
  kind: ReturnType<typeof jobState>["kind"],
  budgets: Supervision["budgets"],
): StartPhase | null {
  if (kind === "suspended") return { name: "queue", budgetSeconds: budgets.queueSeconds };
  return kind === "active" ? { name: "pod-creation", budgetSeconds: budgets.podCreationSeconds } : null;
}

export function startFailure(
  phase: StartPhase,
  view: View,
  { queueName }: Supervision,
  waitedSeconds: number,
  events: readonly EventEvidence[],
): RunFailure {
  const state = view.podState;
  switch (phase.name) {
    case "queue":
      return { kind: "queue-timeout", queueName, waitedSeconds };
    case "pod-creation":
      return podCreationFailure(events) ?? timeout("pod-creation", null, waitedSeconds);
    case "scheduling": {
      const message = state?.kind === "unschedulable" ? state.message : null;
      const volume = state?.kind === "unschedulable" && state.volume;
      return { kind: volume ? "volume-unavailable" : "unschedulable", message, waitedSeconds };
    }
    case "image": {
      if (state?.kind !== "image-waiting") return timeout("image", null, waitedSeconds);
      const { image, reason, message, invalid, final } = state;
      const other = state.container === mainContainer ? {} : { container: state.container };
      return invalid
        ? { kind: "image-invalid", image, ...other, reason, message }
        : { kind: "image-pull-failed", image, ...other, final, reason, message, waitedSeconds };
    }
    case "config":
      return state?.kind === "start-failing"
        ? { kind: "container-start-failed", reason: state.reason, message: state.message, exitCode: null }
        : configError(state?.kind === "config-waiting" ? state : null);
    case "init":
      return timeout("init", initWords(state), waitedSeconds);
    case "start":
      return mountFailure(events, waitedSeconds) ?? timeout("start", lastWarning(events), waitedSeconds);
  }
}

function initWords(state: View["podState"]): string | null {
  if (state?.kind === "initializing") return state.container;
  if (state?.kind !== "init-restarting") return null;
  return [state.container, state.reason, state.message].filter((word) => word !== null).join(": ");
}

function configError(state: { readonly reason: string; readonly message: string | null } | null): RunFailure {
  return {
    kind: "container-config-error",
    reason: state?.reason ?? "CreateContainerConfigError",
    message: state?.message ?? null,
  };
}

/** While volumes are made ready the container only says `ContainerCreating`; the reason is in the pod's events. */
export function mountFailure(events: readonly EventEvidence[], waitedSeconds: number): RunFailure | null {
  const event = events.findLast(({ reason }) => reason === "FailedMount" || reason === "FailedAttachVolume");
  if (event === undefined) return null;
  const { reason, message } = event;
  if (isMissingObject(message)) return { kind: "container-config-error", reason, message };
  return { kind: "volume-unavailable", message, waitedSeconds };
}

export function isMissingObject(message: string): boolean {
  return /\b(?:secret|configmap)s? "[^"]{1,300}" not found|references non-existent (?:secret|config) key/i.test(
    message,
  );
}

function lastWarning(events: readonly EventEvidence[]): string | null {
  return events.findLast(({ type }) => type === "Warning")?.message ?? null;
}

function timeout(phase: string, message: string | null, waitedSeconds: number): RunFailure {
  return { kind: "start-timeout", phase, message, waitedSeconds };
}
