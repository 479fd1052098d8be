/** Pod → how it ended. A pure table: the first match wins; conditions come before reasons, which may be overwritten. */

import { cloneContainer, setupContainer } from "../manifest/names.ts";
import { cloneFailure } from "../repository/report.ts";
import type { ContainerEvidence, PodEvidence } from "../types/evidence.ts";
import type { RunFailure } from "../types/exit.ts";
import {
  disruptionOf,
  isLostTrack,
  mainOf,
  mainState,
  mayRestart,
  podIsOver,
  preparations,
  queueTarget,
} from "./containers.ts";
import { isLostTaint, isShutdown, saysNodeIsGone } from "./node-words.ts";
import { signalName } from "./signals.ts";
import { hasStarted } from "./view.ts";

export type Ending =
  | { readonly kind: "exited"; readonly exitCode: number; readonly signal: string | null }
  | {
      readonly kind: "failed";
      readonly failure: RunFailure;
      readonly started: boolean;
      readonly exitCode: number | null;
      readonly signal: string | null;
    };

export interface PodEndingContext {
  readonly main: string;
  /** Our own stop asked for it; a deletion is then no stranger's. */
  readonly stopped: boolean;
  readonly nodeTaints: readonly string[];
  readonly podDeadlineSeconds: number | null;
  /** The Job controller is ending the pod, because of the Job's deadline. */
  readonly jobDeadline: { readonly seconds: number | null } | null;
  /** The queue took the Job's place away. */
  readonly suspended: boolean;
  /** The command still ran when its pod was taken away, or ended by its kubelet. `null`: nobody saw which came first. */
  readonly cutOff: boolean | null;
}

/** `null`: it has not ended, or its container's state is still to come. */
export function podEnding(pod: PodEvidence, context: PodEndingContext): Ending | null {
  const container = mainOf(pod, context.main);
  const terminated = container?.state.kind === "terminated" ? container.state : null;
  if (terminated?.exitCode === 0) return endingOfZero(pod, context);
  // Once the main container has run, no init container decides.
  const known = terminated !== null && !isLostTrack(terminated);
  const init = known || container?.state.kind === "running" ? null : initFailure(pod);
  if (terminated === null && !podIsOver(pod) && init === null) return null;
  // Whatever happened to the pod after the command had ended is not why it ended.
  const outside = context.cutOff === false ? null : (disruption(pod, context) ?? statusReason(pod, context));
  const failure =
    outside ?? (init === null ? containerFailure(pod, container, context) : initInterrupted(pod, context));
  if (failure !== null) return failed(failure, pod, context.main);
  if (init !== null) return init;
  return terminated === null ? null : exited(terminated.exitCode, terminated.signal);
}

/**
 * A process that catches SIGTERM and ends with 0 looks like one that has finished its work. Only when it is known that it was
 * still running when its end was asked for, that is why it ended.
 */
function endingOfZero(pod: PodEvidence, context: PodEndingContext): Ending {
  if (context.cutOff !== true || context.stopped) return { kind: "exited", exitCode: 0, signal: null };
  const failure = disruption(pod, context) ?? statusReason(pod, context) ?? deletion(pod, context);
  return failure === null ? exited(0, null) : failed(failure, pod, context.main);
}

/** Of a preemption that shows on the Job alone. */
export const queueSuspended = "the queue suspended the Job";

/** Who had the pod deleted, as far as its Job tells. */
function deletion(pod: PodEvidence, { jobDeadline, suspended }: PodEndingContext): RunFailure | null {
  if (jobDeadline !== null) return { kind: "job-deadline-exceeded", seconds: jobDeadline.seconds };
  if (pod.deletionTimestamp === null) return null;
  if (suspended) return { kind: "preempted", node: pod.nodeName, message: queueSuspended };
  return deletedByStranger(pod);
}

/** A pod that is gone, with its container last seen running: what had been announced for it has happened. */
export function goneEnding(pod: PodEvidence, context: PodEndingContext): Ending | null {
  const failure = disruption(pod, context) ?? statusReason(pod, context);
  return failure === null ? null : failed(failure, pod, context.main);
}

/** Whoever ended the pod while it was still being prepared. */
function initInterrupted(pod: PodEvidence, { jobDeadline, stopped }: PodEndingContext): RunFailure | null {
  if (jobDeadline !== null) return { kind: "job-deadline-exceeded", seconds: jobDeadline.seconds };
  return pod.deletionTimestamp !== null && !stopped ? deletedByStranger(pod) : null;
}

function exited(exitCode: number, signal: number | null): Ending {
  return { kind: "exited", exitCode, signal: signalName(exitCode, signal) };
}

function failed(failure: RunFailure, pod: PodEvidence, main: string): Ending {
  const state = mainState(pod, main);
  const terminated = state.kind === "terminated" ? state : null;
  const known = terminated !== null && !isLostTrack(terminated);
  return {
    kind: "failed",
    failure,
    started: hasStarted(pod, main),
    exitCode: known ? terminated.exitCode : null,
    signal: known ? signalName(terminated.exitCode, terminated.signal) : null,
  };
}

function disruption(pod: PodEvidence, { nodeTaints }: PodEndingContext): RunFailure | null {
  const condition = disruptionOf(pod);
  if (condition === undefined) return null;
  const { message } = condition;
  const node = pod.nodeName;
  if (condition.type === queueTarget) return { kind: "preempted", node, message };
  switch (condition.reason) {
    case "PreemptionByScheduler":
    case "PreemptionByKubeScheduler":
      return { kind: "preempted", node, message };
    case "EvictionByEvictionAPI":
      return { kind: "drained", node, message };
    case "DeletionByTaintManager":
      // The same controller serves an administrator's taint and a node that is lost.
      return { kind: nodeTaints.some(isLostTaint) ? "node-lost" : "drained", node, message };
    case "DeletionByPodGC":
      return { kind: "node-lost", node, message };
    case "TerminationByKubelet":
      // The same condition for what it evicts, and for what has to make room for a pod that the node cannot do without.
      if (pod.reason === "Preempting") return { kind: "preempted", node, message: pod.message ?? message };
      return isShutdown(pod) || isShutdown({ reason: null, message })
        ? { kind: "node-shutdown", node, message: pod.message ?? message }
        : eviction(pod.message ?? message);
    case null:
    default:
      return { kind: saysNodeIsGone(message) ? "node-lost" : "drained", node, message };
  }
}

function statusReason(pod: PodEvidence, context: PodEndingContext): RunFailure | null {
  const node = pod.nodeName;
  switch (pod.reason) {
    case null:
      return null;
    case "Evicted":
      return eviction(pod.message);
    case "DeadlineExceeded":
      // Which is how we stop a pod.
      if (context.stopped) return null;
      return { kind: "pod-deadline-exceeded", seconds: context.podDeadlineSeconds };
    case "Terminated":
    case "NodeShutdown":
    case "Shutdown":
      return { kind: "node-shutdown", node, message: pod.message };
    case "Preempting":
      return { kind: "preempted", node, message: pod.message };
    case "NodeLost":
      return { kind: "node-lost", node, message: pod.message };
    default:
      // The kubelet refused what the scheduler had given it: OutOfcpu, NodeAffinity, UnexpectedAdmissionError and others.
      return pod.phase === "Failed" && !hasEnded(pod)
        ? { kind: "node-refused", node, reason: pod.reason, message: pod.message }
        : null;
  }
}

function hasEnded(pod: PodEvidence): boolean {
  return pod.containers.some(({ init, state }) => !init && state.kind === "terminated");
}

export function eviction(message: string | null): RunFailure {
  const text = message ?? "";
  const overLimit = /exceeds|exceeded|ephemeral local storage usage/i.test(text);
  return { kind: "evicted", cause: evictionCause(text, overLimit), overLimit, message };
}

function evictionCause(text: string, overLimit: boolean): "memory" | "disk" | "pid" | "other" {
  if (/resource: memory|memory/i.test(text) && !/ephemeral/i.test(text)) return "memory";
  if (overLimit || /ephemeral|nodefs|imagefs|disk|inodes/i.test(text)) return "disk";
  return /\bpids?\b/i.test(text) ? "pid" : "other";
}

const startReasons: ReadonlySet<string> = new Set([
  "StartError",
  "ContainerCannotRun",
  "CreateContainerError",
  "RunContainerError",
]);

function containerFailure(
  pod: PodEvidence,
  container: ContainerEvidence | undefined,
  context: PodEndingContext,
): RunFailure | null {
  if (container?.state.kind !== "terminated") return null;
  const { exitCode, reason, message } = container.state;
  const memory = {
    container: container.name,
    memoryLimit: container.resources.limits["memory"] ?? null,
    exitCode,
  };
  if (reason === "OOMKilled" && exitCode === 137) return { kind: "out-of-memory", certain: true, ...memory };
  if (reason !== null && startReasons.has(reason))
    return { kind: "container-start-failed", reason, message, exitCode };
  const byJob = context.jobDeadline !== null || context.suspended ? deletion(pod, context) : null;
  if (byJob !== null) return byJob;
  if (isLostTrack(container.state))
    return pod.deletionTimestamp !== null && !context.stopped
      ? deletedByStranger(pod)
      : { kind: "exit-unknown", message: message ?? "the kubelet no longer knew the container" };
  if (context.stopped) return null;
  const signalled = exitCode === 143 || exitCode === 137;
  if (pod.deletionTimestamp !== null && context.cutOff !== false && (signalled || context.cutOff === true))
    return deletedByStranger(pod);
  if (exitCode === 137 && reason === "Error") return { kind: "out-of-memory", certain: false, ...memory };
  return null;
}

function deletedByStranger(pod: PodEvidence): RunFailure {
  return { kind: "deleted-externally", object: "pod", by: null, lastSeen: pod.deletionTimestamp };
}

function initFailure(pod: PodEvidence): Ending | null {
  for (const container of preparations(pod)) {
    const { name, state } = container;
    if (state.kind !== "terminated" || state.exitCode === 0 || mayRestart(container, pod)) continue;
    const { exitCode, reason, message } = state;
    const cloned = name === cloneContainer || name === setupContainer ? cloneFailure(message) : null;
    const failure: RunFailure = cloned ?? {
      kind: "init-container-failed",
      container: name,
      exitCode,
      reason,
      message,
    };
    return { kind: "failed", failure, started: false, exitCode: null, signal: null };
  }
  return null;
}
