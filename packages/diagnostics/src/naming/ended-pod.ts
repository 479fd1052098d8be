import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts, ContainerFacts } from "../facts/cluster-facts.ts";
import { isLostTrack, startReasons } from "./pod-reasons.ts";
import { removedBy } from "./removal-events.ts";

/**
 * The main container, or an init container before it, has ended. `exitCode` is the exit as it was told, which counts more than
 * what the objects show of it.
 */
export function endedPod(cluster: ClusterFacts, exitCode: number | null): FailureLike | null {
  const { main } = cluster;
  if (main?.state === "terminated")
    return mainEnded(cluster, { ...main, exitCode: exitCode ?? main.exitCode });
  const init = cluster.containers.find(
    (container) =>
      container.init &&
      !container.sidecar &&
      container.state === "terminated" &&
      container.exitCode !== 0 &&
      container.exitCode !== null,
  );
  if (init === undefined || main?.state === "running") return deletedUnfinished(cluster);
  if (hasJobDeadline(cluster)) return { kind: "job-deadline-exceeded", seconds: cluster.jobDeadlineSeconds };
  if (cluster.podDeletedAt !== null) return deleted(cluster);
  const { reason, message } = init;
  return { kind: "init-container-failed", container: init.name, exitCode: init.exitCode, reason, message };
}

/** Deleted, and over before its main container ever came to an end of its own. */
function deletedUnfinished(cluster: ClusterFacts): FailureLike | null {
  const over = cluster.podPhase === "Failed" || cluster.podPhase === "Succeeded";
  if (!over || cluster.podDeletedAt === null || cluster.main?.state === "running") return null;
  return hasJobDeadline(cluster)
    ? { kind: "job-deadline-exceeded", seconds: cluster.jobDeadlineSeconds }
    : deleted(cluster);
}

function mainEnded(cluster: ClusterFacts, main: ContainerFacts): FailureLike | null {
  const { exitCode, reason, message } = main;
  const memory = { container: main.name, memoryLimit: main.memoryLimit, exitCode: exitCode ?? 137 };
  if (reason === "OOMKilled" && exitCode === 137) return { kind: "out-of-memory", certain: true, ...memory };
  if (reason !== null && startReasons.has(reason))
    return { kind: "container-start-failed", reason, message, exitCode };
  if (exitCode !== 0 && hasJobDeadline(cluster))
    return { kind: "job-deadline-exceeded", seconds: cluster.jobDeadlineSeconds };
  if (cluster.jobSuspended && cluster.podDeletedAt !== null)
    return { kind: "preempted", node: cluster.nodeName, message: "the queue suspended the Job" };
  if (wasDeleted(cluster, main)) return deleted(cluster);
  if (isLostTrack(reason, main.exitCode) || isLostTrack(reason, cluster.main?.exitCode ?? null))
    return { kind: "exit-unknown", message: message ?? "the kubelet no longer knew the container" };
  return exitCode === 137 && reason === "Error" ? { kind: "out-of-memory", certain: false, ...memory } : null;
}

/**
 * Deleted while it ran. A pod that ended well is deleted too, by its Job's time to live: then the Job was complete first, and
 * the kubelet had nothing to stop.
 */
function wasDeleted(cluster: ClusterFacts, main: ContainerFacts): boolean {
  if (cluster.podDeletedAt === null) return false;
  if (isLostTrack(main.reason, main.exitCode) || main.exitCode === 143 || main.exitCode === 137) return true;
  if (main.exitCode !== 0) return false;
  const killed = cluster.events.some(
    ({ reason, objectKind }) => reason === "Killing" && objectKind === "Pod",
  );
  const complete = cluster.jobConditions.some(
    ({ type, status }) => (type === "Complete" || type === "SuccessCriteriaMet") && status === "True",
  );
  return killed || (cluster.jobSeen && !complete);
}

function deleted(cluster: ClusterFacts): FailureLike {
  const stranger = {
    kind: "deleted-externally",
    // Whoever deleted the Job had its pod deleted with it.
    object: cluster.jobDeletedAt === null ? "pod" : "job",
    by: null,
    lastSeen: cluster.podDeletedAt,
  } as const;
  return removedBy(cluster) ?? stranger;
}

export function hasJobDeadline(cluster: ClusterFacts): boolean {
  return cluster.jobConditions.some(
    ({ type, status, reason }) =>
      (type === "FailureTarget" || type === "Failed") && status === "True" && reason === "DeadlineExceeded",
  );
}
