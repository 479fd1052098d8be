import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts, ContainerFacts, EventFacts } from "../facts/cluster-facts.ts";
import { isLostTrack } from "./pod-reasons.ts";
import { removedBy } from "./removal-events.ts";

/** `null`: the pod was not deleted, or only when its command had ended by itself. */
export function deletionOf(cluster: ClusterFacts, main: ContainerFacts): FailureLike | null {
  if (cluster.podDeletedAt === null) return null;
  if (isLostTrack(main.reason, main.exitCode) || main.exitCode === 143 || main.exitCode === 137)
    return deleted(cluster);
  if (main.exitCode !== 0) return null;
  const certain = cutOff(cluster, main);
  return certain === null ? null : deleted(cluster, certain);
}

export function deleted(cluster: ClusterFacts, certain = true): FailureLike {
  const stranger = {
    kind: "deleted-externally",
    // Whoever deleted the Job had its pod deleted with it.
    object: cluster.jobDeletedAt === null ? "pod" : "job",
    by: null,
    lastSeen: cluster.podDeletedAt,
    ...(!certain && { certain }),
  } as const;
  return removedBy(cluster) ?? stranger;
}

/**
 * Whether a command that ended with 0 was stopped by the deletion: it may have caught the signal. A pod that is done is deleted,
 * too, by its Job's time to live. `false`: the evidence fits, and does not prove it.
 */
function cutOff(cluster: ClusterFacts, main: ContainerFacts): boolean | null {
  if (cluster.events.some((event) => stops(event, main.name))) return true;
  const complete = cluster.jobConditions.some(
    ({ type, status }) => (type === "Complete" || type === "SuccessCriteriaMet") && status === "True",
  );
  if (complete) return null;
  const byTimes = endedAfterRequest(cluster, main);
  return byTimes === false ? cluster.jobSeen : byTimes;
}

/** The kubelet stops what runs; a container that has ended it leaves alone. */
function stops({ reason, message, objectKind }: EventFacts, main: string): boolean {
  if (reason !== "Killing" || objectKind !== "Pod") return false;
  const named = /^Stopping container (\S{1,253})/.exec(message)?.[1];
  return named === undefined ? /^Killing container\b/.test(message) : named === main;
}

/**
 * The time of a deletion lies its grace after the request. With the kubelet's own last deletion, when all has ended, the grace
 * becomes 0 and the time its own: then the request was made at most the pod's grace before.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
 */
function endedAfterRequest(cluster: ClusterFacts, main: ContainerFacts): boolean | null {
  const ended = Date.parse(main.finishedAt ?? "");
  const deletedAt = Date.parse(cluster.podDeletedAt ?? "");
  if (Number.isNaN(ended) || Number.isNaN(deletedAt)) return false;
  const grace = cluster.podDeletionGraceSeconds ?? 0;
  if (grace > 0) return ended >= deletedAt - grace * 1000 ? true : null;
  if (ended > deletedAt) return true;
  const longest = cluster.podGraceSeconds ?? defaultGraceSeconds;
  return ended >= deletedAt - longest * 1000 ? false : null;
}

const defaultGraceSeconds = 30;
