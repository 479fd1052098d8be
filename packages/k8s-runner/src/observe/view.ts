/** All that is known of a run at one moment. Pure data. */

import type { Job, Pod } from "../cluster/wire.ts";
import { annotations } from "../manifest/names.ts";
import type { JobEvidence, PodEvidence, RunTimings } from "../types/evidence.ts";
import { isTakenAway, mainState, preparations } from "./containers.ts";
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
  /** When the kubelet took the pod on, by its node's clock. */
  readonly acceptedAt: string | null;
  /** Between SIGTERM and SIGKILL, as the kubelet keeps it: the pod's own, or that of its deletion. */
  readonly podGraceSeconds: number | null;
  /** Its command was seen to run, or to have run: the kubelet may forget that, as when it refuses the pod after a restart. */
  readonly ran: boolean;
  /** The command still ran when its pod was taken away through the API. `null`: that did not happen, or nobody saw which came first. */
  readonly cutOff: boolean | null;
  /** The ending was told, and its consumer is finished with it. */
  readonly concluded: boolean;
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
    acceptedAt: pod?.status?.startTime ?? null,
    podGraceSeconds: pod === undefined ? null : graceOf(pod),
    ran: hasCertainlyRun(evidence, main),
    cutOff: evidence === null ? null : cutOffOf(evidence, main),
    concluded: job?.metadata?.annotations?.[annotations.concludedAt] !== undefined,
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
  acceptedAt: null,
  podGraceSeconds: null,
  ran: false,
  cutOff: null,
  concluded: false,
  otherPods: [],
  contested: [],
};

/** What is gone from the API stays in view as it was last seen: it is the evidence. */
export function lastSeen(before: View, now: View): View {
  const samePod = now.pod === null || now.pod.uid === before.pod?.uid;
  return {
    ...now,
    ran: now.ran || (samePod && before.ran),
    cutOff: samePod ? (before.cutOff ?? now.cutOff) : now.cutOff,
    concluded: now.concluded || before.concluded,
    job: now.job ?? before.job,
    jobDeadlineSeconds: now.jobDeadlineSeconds ?? before.jobDeadlineSeconds,
    releasedAt: now.releasedAt ?? before.releasedAt,
    supervisor: now.supervisor ?? before.supervisor,
    ...(now.pod === null && now.contested.length === 0
      ? {
          pod: before.pod,
          podState: before.podState,
          podDeadlineSeconds: before.podDeadlineSeconds,
          acceptedAt: before.acceptedAt,
          podGraceSeconds: before.podGraceSeconds,
        }
      : {}),
    otherPods: now.otherPods.length === 0 ? before.otherPods : now.otherPods,
  };
}

function graceOf({ metadata, spec }: Pod): number {
  return Math.max(metadata?.deletionGracePeriodSeconds ?? 0, spec?.terminationGracePeriodSeconds ?? 0);
}

/** Which came first: the end of the command, or that its pod was taken away. One view tells only while one of the two is missing. */
function cutOffOf(pod: PodEvidence, main: string): boolean | null {
  const { kind } = mainState(pod, main);
  if (kind === "running" && isTakenAway(pod)) return true;
  return kind === "terminated" && !isTakenAway(pod) ? false : null;
}

/** The kubelet gives a container that it never made the same unknown state as one that it lost: that one tells nothing. */
function hasCertainlyRun(pod: PodEvidence | null, main: string): boolean {
  const state = mainState(pod, main);
  const unknown = state.kind === "terminated" && state.reason === "ContainerStatusUnknown";
  return !unknown && hasStarted(pod, main);
}

/** The command of the run has begun, as far as anybody has seen. */
export function hasBegun({ pod, ran }: View, main: string): boolean {
  return ran || hasStarted(pod, main);
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

/** No container starts before every init container has succeeded; sidecars need not. */
function initialized(pod: PodEvidence | null): boolean {
  return preparations(pod).every(({ state }) => state.kind !== "terminated" || state.exitCode === 0);
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
