/** Which container is which in a pod, and whether the pod is over: said once, for all tables. */

import type { ContainerEvidence, ContainerStateEvidence, PodEvidence } from "../types/evidence.ts";

export function mainOf(pod: PodEvidence | null, main: string): ContainerEvidence | undefined {
  return pod?.containers.find(({ name, init }) => name === main && !init);
}

export function mainState(pod: PodEvidence | null, main: string): ContainerStateEvidence {
  return mainOf(pod, main)?.state ?? { kind: "unknown" };
}

/** Its phase is final: the kubelet starts nothing in it any more. */
export function podIsOver(pod: { readonly phase?: string | null } | null | undefined): boolean {
  return pod?.phase === "Succeeded" || pod?.phase === "Failed";
}

/** The main container has ended, whatever still runs beside it. */
export function mainHasEnded(pod: PodEvidence | null, main: string): boolean {
  return mainState(pod, main).kind === "terminated";
}

/**
 * An init container with `restartPolicy: Always` runs beside the main container for as long as that does, and the kubelet starts
 * it again whenever it ends. Service meshes and secret agents are injected like that.
 */
export function isSidecar({ init, restartPolicy }: ContainerEvidence): boolean {
  return init && restartPolicy === "Always";
}

/**
 * An init container with a restart policy of its own (`OnFailure`, or rules for certain exit codes) may be started again after it
 * has failed, although the pod's policy is `Never`. Only the end of the pod says that it will not be.
 */
export function mayRestart(container: ContainerEvidence, pod: PodEvidence): boolean {
  return container.init && container.restartPolicy !== null && !podIsOver(pod);
}

/** Init containers that must succeed before the main container may start. */
export function preparations(pod: PodEvidence | null): readonly ContainerEvidence[] {
  return (pod?.containers ?? []).filter((container) => container.init && !isSidecar(container));
}

/**
 * The kubelet, or the container runtime after a restart, no longer knows how the container ended: the exit code beside it is
 * only a placeholder.
 */
export function isLostTrack(state: ContainerStateEvidence): boolean {
  if (state.kind !== "terminated") return false;
  return state.reason === "ContainerStatusUnknown" || (state.reason === "Unknown" && state.exitCode === 255);
}

/** Somebody had the pod ended through the API: deleted, preempted, drained, tainted away. */
export function isTakenAway(pod: PodEvidence): boolean {
  const disruption = disruptionOf(pod);
  return pod.deletionTimestamp !== null || (disruption !== undefined && disruption.reason !== byKubelet);
}

/** Its kubelet ended the pod: eviction, deadline, shutdown. It says so only when every container has ended. */
export function isEndedByKubelet(pod: PodEvidence): boolean {
  return pod.reason !== null || disruptionOf(pod)?.reason === byKubelet;
}

const byKubelet = "TerminationByKubelet";

/** Kueue's own condition, on a pod that it queues by itself: its workload had to make room, or its place was taken away. */
export const queueTarget = "TerminationTarget";

export function disruptionOf(pod: PodEvidence | null) {
  const targets = (pod?.conditions ?? []).filter(({ status }) => status === "True");
  return (
    targets.find(({ type }) => type === "DisruptionTarget") ??
    targets.find(({ type, reason }) => type === queueTarget && reason?.startsWith("WorkloadEvicted") === true)
  );
}
