/** Evidence as a test writes it: what is not said is as in a pod that runs well. */

import type {
  ConditionEvidence,
  ContainerEvidence,
  ContainerStateEvidence,
  EventEvidence,
  JobEvidence,
  PodEvidence,
} from "../../src/index.ts";
import { emptyView } from "../../src/observe/view.ts";
import type { View } from "../../src/observe/view.ts";
import { podState } from "../../src/observe/pod-state.ts";

export const at = "2026-01-01T00:00:00Z";

export const running: ContainerStateEvidence = { kind: "running", startedAt: at };
export const nothingYet: ContainerStateEvidence = { kind: "unknown" };

export function waiting(reason: string | null, message: string | null = null): ContainerStateEvidence {
  return { kind: "waiting", reason, message };
}

export function ended(
  exitCode: number,
  state: Partial<Extract<ContainerStateEvidence, { kind: "terminated" }>> = {},
): ContainerStateEvidence {
  return {
    kind: "terminated",
    exitCode,
    signal: null,
    reason: exitCode === 0 ? "Completed" : "Error",
    message: null,
    startedAt: at,
    finishedAt: at,
    ...state,
  };
}

export function container(
  state: ContainerStateEvidence,
  more: Partial<ContainerEvidence> = {},
): ContainerEvidence {
  return {
    name: "main",
    init: false,
    restartPolicy: null,
    started: null,
    image: "registry.example/agent:1",
    restartCount: 0,
    state,
    resources: { requests: {}, limits: {} },
    ...more,
  };
}

export function init(
  state: ContainerStateEvidence,
  more: Partial<ContainerEvidence> = {},
): ContainerEvidence {
  return container(state, { name: "prepare", init: true, ...more });
}

export function sidecar(
  state: ContainerStateEvidence,
  more: Partial<ContainerEvidence> = {},
): ContainerEvidence {
  return init(state, { name: "proxy", restartPolicy: "Always", started: state.kind === "running", ...more });
}

export function pod(containers: readonly ContainerEvidence[], more: Partial<PodEvidence> = {}): PodEvidence {
  return {
    name: "run-x-1",
    uid: "pod-1",
    phase: "Running",
    reason: null,
    message: null,
    nodeName: "node-1",
    createdAt: at,
    deletionTimestamp: null,
    conditions: [],
    containers,
    ...more,
  };
}

export function condition(
  type: string,
  reason: string | null = null,
  more: Partial<ConditionEvidence> = {},
): ConditionEvidence {
  return { type, status: "True", reason, message: null, lastTransitionTime: at, ...more };
}

export function disrupted(reason: string | null, message: string | null = null): Partial<PodEvidence> {
  return { conditions: [condition("DisruptionTarget", reason, { message })] };
}

export function job(more: Partial<JobEvidence> = {}): JobEvidence {
  return {
    name: "run-x",
    uid: "job-1",
    namespace: "default",
    createdAt: at,
    suspended: false,
    deletionTimestamp: null,
    active: 1,
    failed: 0,
    succeeded: 0,
    conditions: [],
    ...more,
  };
}

export function event(reason: string, message = "", more: Partial<EventEvidence> = {}): EventEvidence {
  return {
    type: "Warning",
    reason,
    message,
    count: 1,
    firstSeen: at,
    lastSeen: at,
    object: "Pod/run-x-1",
    source: null,
    ...more,
  };
}

export function view(more: Partial<View> = {}): View {
  const podOf = more.pod ?? null;
  return {
    ...emptyView,
    job: job(),
    podState: podOf === null ? null : podState(podOf, "main"),
    ...more,
  };
}
