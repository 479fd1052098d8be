/** All that is known of a run at one moment. Pure data. */

import type { Job, Pod } from "../cluster/wire.ts";
import { annotations } from "../manifest/names.ts";
import type { ContainerStateEvidence, JobEvidence, PodEvidence, RunTimings } from "../types/evidence.ts";
import { jobEvidence, podEvidence } from "./evidence.ts";
import { podState } from "./pod-state.ts";
import type { PodState } from "./pod-state.ts";

export interface View {
  readonly job: JobEvidence | null;
  readonly jobDeadlineSeconds: number | null;
  readonly releasedAt: string | null;
  readonly supervisor: string | null;
  /** The pod that is followed. */
  readonly pod: PodEvidence | null;
  readonly podState: PodState | null;
  readonly podDeadlineSeconds: number | null;
  /** Newest first. */
  readonly otherPods: readonly PodEvidence[];
  /** Several pods may be the run's, and none is followed yet: there is no telling which one is. Their names, oldest first. */
  readonly contested: readonly string[];
}

/** `followed`: UID of the pod whose log is read; without one, the newest pod is it. `pods`: newest first. */
export function viewOf(job: Job | null, pods: readonly Pod[], main: string, followed: string | null): View {
  const candidates = pods.filter((pod) => !isPassedBy(podEvidence(pod), main));
  const contested = followed === null && candidates.length > 1;
  const only = followed === null && !contested ? (candidates[0] ?? pods[0]) : undefined;
  const pod = pods.find(({ metadata }) => metadata?.uid === followed) ?? only;
  const evidence = pod === undefined ? null : podEvidence(pod);
  return {
    job: job === null ? null : jobEvidence(job),
    jobDeadlineSeconds: job?.spec?.activeDeadlineSeconds ?? null,
    releasedAt: job?.metadata?.annotations?.[annotations.releasedAt] ?? null,
    supervisor: job?.metadata?.annotations?.[annotations.supervisor] ?? null,
    pod: evidence,
    podState: evidence === null ? null : podState(evidence, main),
    podDeadlineSeconds: pod?.spec?.activeDeadlineSeconds ?? null,
    otherPods: pods.filter((other) => other !== pod).map(podEvidence),
    contested: contested ? candidates.map(({ metadata }) => metadata?.name ?? "").toReversed() : [],
  };
}

/** Deleted before its command ran: another pod may stand in its place, and nothing is repeated. */
function isPassedBy(pod: PodEvidence, main: string): boolean {
  return pod.deletionTimestamp !== null && !hasStarted(pod, main);
}

export const emptyView: View = {
  job: null,
  jobDeadlineSeconds: null,
  releasedAt: null,
  supervisor: null,
  pod: null,
  podState: null,
  podDeadlineSeconds: null,
  otherPods: [],
  contested: [],
};

/** What is gone from the API stays in view as it was last seen: it is the evidence. */
export function lastSeen(before: View, now: View): View {
  return {
    ...now,
    job: now.job ?? before.job,
    jobDeadlineSeconds: now.jobDeadlineSeconds ?? before.jobDeadlineSeconds,
    releasedAt: now.releasedAt ?? before.releasedAt,
    supervisor: now.supervisor ?? before.supervisor,
    ...(now.pod === null && now.contested.length === 0
      ? { pod: before.pod, podState: before.podState, podDeadlineSeconds: before.podDeadlineSeconds }
      : {}),
    otherPods: now.otherPods.length === 0 ? before.otherPods : now.otherPods,
  };
}

export function mainState(pod: PodEvidence | null, main: string): ContainerStateEvidence {
  return pod?.containers.find(({ name, init }) => name === main && !init)?.state ?? { kind: "unknown" };
}

const neverRanReasons: ReadonlySet<string> = new Set(["StartError", "ContainerCannotRun"]);

/** `false` only when it is certain that the command never ran. */
export function hasStarted(pod: PodEvidence | null, main: string): boolean {
  const state = mainState(pod, main);
  switch (state.kind) {
    case "running":
      return true;
    case "terminated":
      if (state.reason === "ContainerStatusUnknown") return initialized(pod);
      return state.startedAt !== null && !neverRanReasons.has(state.reason ?? "");
    case "waiting":
    case "unknown":
      return false;
  }
}

/** No container starts before every init container has succeeded. */
function initialized(pod: PodEvidence | null): boolean {
  const inits = (pod?.containers ?? []).filter(({ init, state }) => init && state.kind === "terminated");
  return inits.every(({ state }) => state.kind === "terminated" && state.exitCode === 0);
}

/** When its process began, as far as that is known. */
export function startedAt(pod: PodEvidence | null, main: string): string | null {
  const state = mainState(pod, main);
  return state.kind === "running" || state.kind === "terminated" ? state.startedAt : null;
}

export function timingsOf({ job, pod, releasedAt }: View, main: string): RunTimings {
  const state = mainState(pod, main);
  const scheduled = pod?.conditions.find(({ type, status }) => type === "PodScheduled" && status === "True");
  return {
    createdAt: job?.createdAt ?? null,
    releasedAt,
    scheduledAt: scheduled?.lastTransitionTime ?? null,
    startedAt: startedAt(pod, main),
    finishedAt: state.kind === "terminated" ? state.finishedAt : null,
  };
}
