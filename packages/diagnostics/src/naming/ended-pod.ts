import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts, ContainerFacts } from "../facts/cluster-facts.ts";
import { deleted, deletionOf } from "./deletion.ts";
import { isLostTrack, startReasons } from "./pod-reasons.ts";

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
  const deletion = deletionOf(cluster, main);
  if (deletion !== null) return deletion;
  if (isLostTrack(reason, main.exitCode) || isLostTrack(reason, cluster.main?.exitCode ?? null))
    return { kind: "exit-unknown", message: message ?? "the kubelet no longer knew the container" };
  return exitCode === 137 && reason === "Error" ? { kind: "out-of-memory", certain: false, ...memory } : null;
}

export function hasJobDeadline(cluster: ClusterFacts): boolean {
  return cluster.jobConditions.some(
    ({ type, status, reason }) =>
      (type === "FailureTarget" || type === "Failed") && status === "True" && reason === "DeadlineExceeded",
  );
}
