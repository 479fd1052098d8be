import type { FailureLike } from "../evidence/failure.ts";
import type { ClusterFacts, ContainerFacts, EventFacts } from "../facts/cluster-facts.ts";
import {
  configurationReasons,
  imageReasons,
  invalidImageReasons,
  isFinalPull,
  isMissingObject,
  startReasons,
} from "./pod-reasons.ts";

/** A pod that has not started. How long it has waited is not known from its objects alone, and is not claimed. */
export function waitingPod(cluster: ClusterFacts): FailureLike | null {
  const { main } = cluster;
  if (cluster.podName === null || main?.state === "running" || main?.state === "terminated") return null;
  if (cluster.podPhase === "Failed" || cluster.podPhase === "Succeeded") return null;
  const scheduled = cluster.podConditions.find(({ type }) => type === "PodScheduled");
  if (cluster.nodeName === null) {
    if (scheduled?.status !== "False") return unknownWait("scheduling", cluster);
    const { message } = scheduled;
    if (scheduled.reason === "SchedulingGated") return { kind: "queue-timeout", queueName: null };
    return {
      kind: /persistentvolume|volume node affinity/i.test(message ?? "")
        ? "volume-unavailable"
        : "unschedulable",
      message,
    };
  }
  const waiting = waitingContainer(cluster);
  return (
    (waiting === null ? null : waitingReason(waiting)) ??
    mountFailure(cluster.events) ??
    (waiting?.init === true ? initWait(waiting, cluster) : unknownWait("start", cluster, waiting))
  );
}

/** A later container only says that it waits for the first. */
function waitingContainer(cluster: ClusterFacts): ContainerFacts | null {
  const init = cluster.containers.find(
    (container) => container.init && !isDone(container) && container.state !== "unknown",
  );
  return init ?? cluster.main;
}

function isDone(container: ContainerFacts): boolean {
  return container.sidecar
    ? container.state === "running"
    : container.state === "terminated" && container.exitCode === 0;
}

function waitingReason({
  name: container,
  init,
  state,
  reason,
  message,
  image,
}: ContainerFacts): FailureLike | null {
  if (state !== "waiting" || reason === null) return null;
  const name = image ?? "?";
  const other = init ? { container } : {};
  if (invalidImageReasons.has(reason))
    return { kind: "image-invalid", image: name, ...other, reason, message };
  if (imageReasons.has(reason))
    return {
      kind: "image-pull-failed",
      image: name,
      ...other,
      final: isFinalPull(message ?? ""),
      reason,
      message,
    };
  if (configurationReasons.has(reason)) return { kind: "container-config-error", reason, message };
  return startReasons.has(reason)
    ? { kind: "container-start-failed", reason, message, exitCode: null }
    : null;
}

/** While volumes are made ready the container only says `ContainerCreating`; the reason is in the pod's events. */
function mountFailure(events: readonly EventFacts[]): FailureLike | null {
  const event = events.findLast(({ reason }) => reason === "FailedMount" || reason === "FailedAttachVolume");
  if (event === undefined) return null;
  const { reason, message } = event;
  return isMissingObject(message)
    ? { kind: "container-config-error", reason, message }
    : { kind: "volume-unavailable", message };
}

/** Which init container the pod waits for, and how it fares: a sidecar may fall over again and again. */
function initWait(container: ContainerFacts, cluster: ClusterFacts): FailureLike {
  const { name, reason, message, exitCode } = container;
  const exit = exitCode === null ? null : `exit ${exitCode}`;
  const warning = cluster.events.findLast((event) => event.warning)?.message ?? null;
  const words = message ?? warning ?? nodeTrouble(cluster);
  const parts = [name, reason, exit, words].filter((part) => part !== null);
  return { kind: "start-timeout", phase: "init", message: parts.join(": ") };
}

/** What the kubelet, or else the controllers, say of a wait that has no name here. */
function unknownWait(
  phase: string,
  cluster: ClusterFacts,
  container: ContainerFacts | null = null,
): FailureLike {
  const { reason = null, message = null } = container?.state === "waiting" ? container : {};
  const trouble = cluster.events.findLast(({ warning }) => warning)?.message ?? nodeTrouble(cluster);
  const plain = message === null && trouble !== null && plainReasons.has(reason ?? "");
  const told = [plain ? null : reason, message, trouble].filter((part) => part !== null);
  return { kind: "start-timeout", phase, message: told.length === 0 ? null : told.join(": ") };
}

/** Every container has one of these before it begins. */
const plainReasons: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing"]);

/** A kubelet that is dead says nothing of its pods; the controllers say it of the node. */
function nodeTrouble({ nodeName, nodeReady, nodeConditions }: ClusterFacts): string | null {
  if (nodeReady === null || nodeReady === "True") return null;
  const words = nodeConditions.find(({ type }) => type === "Ready")?.message ?? "its kubelet does not answer";
  return `node ${nodeName ?? "of the pod"} is not ready: ${words}`;
}
