import { type ConditionFacts, readConditions } from "./conditions.ts";
import {
  count,
  type Fields,
  fields,
  flag,
  isPresent,
  list,
  number,
  text,
  texts,
  time,
  words,
} from "./read.ts";

export interface ContainerFacts {
  readonly name: string;
  readonly init: boolean;
  /** An init container that goes on beside the main one: its ending is never the run's. */
  readonly sidecar: boolean;
  readonly image: string | null;
  readonly state: string;
  readonly exitCode: number | null;
  readonly signal: number | null;
  readonly reason: string | null;
  readonly message: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** `false`: nothing is known of requests and limits, which is not the same as none. */
  readonly resourcesKnown: boolean;
  readonly memoryRequest: string | null;
  readonly memoryLimit: string | null;
}

export interface EventFacts {
  readonly warning: boolean;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastSeen: string | null;
  /** `Pod`, `Job`, `Node`. */
  readonly objectKind: string;
}

/** What the cluster showed, with `null` for what is not known. */
export interface ClusterFacts {
  readonly namespace: string | null;
  readonly jobName: string | null;
  readonly podName: string | null;
  /** `false`: nobody has looked for a pod, so that its absence says nothing. */
  readonly podSought: boolean;
  readonly podReason: string | null;
  readonly podMessage: string | null;
  readonly podPhase: string | null;
  readonly podDeletedAt: string | null;
  /** The grace of its deletion; 0 once the kubelet has deleted it for good. */
  readonly podDeletionGraceSeconds: number | null;
  /** The grace that its spec gives to every end. */
  readonly podGraceSeconds: number | null;
  readonly podDeadlineSeconds: number | null;
  readonly jobDeadlineSeconds: number | null;
  readonly nodeName: string | null;
  readonly nodeReady: string | null;
  readonly nodeTaints: readonly string[];
  readonly jobSeen: boolean;
  readonly jobDeletedAt: string | null;
  readonly jobSuspended: boolean;
  readonly otherPods: readonly string[];
  readonly podConditions: readonly ConditionFacts[];
  readonly jobConditions: readonly ConditionFacts[];
  readonly nodeConditions: readonly ConditionFacts[];
  readonly containers: readonly ContainerFacts[];
  /** The container that runs Claude. */
  readonly main: ContainerFacts | null;
  readonly events: readonly EventFacts[];
  readonly lastLines: readonly string[];
  readonly gaps: readonly string[];
  /** `false`: that the output came whole could not be shown; `null`: not told. */
  readonly logComplete: boolean | null;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly unavailable: readonly string[];
}

export function readCluster(value: unknown): ClusterFacts {
  const cluster = fields(value);
  const pod = fields(cluster["pod"]);
  const job = fields(cluster["job"]);
  const node = fields(cluster["node"]);
  const timings = fields(cluster["timings"]);
  const containers = list(pod["containers"])
    .filter(isPresent)
    .map((item) => readContainer(fields(item)));
  const main = containers.find(({ init }) => !init) ?? null;
  return {
    namespace: words(cluster["namespace"]) ?? words(job["namespace"]),
    jobName: words(cluster["jobName"]) ?? words(job["name"]),
    podName: words(pod["name"]),
    podSought: cluster["pod"] !== undefined,
    podReason: words(pod["reason"]),
    podMessage: words(pod["message"]),
    podPhase: words(pod["phase"]),
    podDeletedAt: time(pod["deletionTimestamp"]),
    podDeletionGraceSeconds: number(pod["deletionGracePeriodSeconds"]),
    podGraceSeconds: number(pod["terminationGracePeriodSeconds"]),
    podDeadlineSeconds: number(pod["activeDeadlineSeconds"]),
    jobDeadlineSeconds: number(job["activeDeadlineSeconds"]),
    nodeName: words(pod["nodeName"]) ?? words(node["name"]),
    nodeReady: words(node["ready"]),
    nodeTaints: texts(node["taints"]),
    jobSeen: isPresent(cluster["job"]),
    jobDeletedAt: time(job["deletionTimestamp"]),
    jobSuspended: flag(job["suspended"]) ?? false,
    otherPods: list(cluster["otherPods"]).flatMap((other) => words(fields(other)["name"]) ?? []),
    podConditions: readConditions(pod["conditions"]),
    jobConditions: readConditions(job["conditions"]),
    nodeConditions: readConditions(node["conditions"]),
    containers,
    main,
    events: list(cluster["events"])
      .filter(isPresent)
      .map((item) => readEvent(fields(item))),
    lastLines: texts(cluster["lastLines"]),
    gaps: list(cluster["gaps"]).flatMap(
      (gap) => words(fields(gap)["message"]) ?? words(fields(gap)["reason"]) ?? [],
    ),
    logComplete: flag(cluster["logComplete"]),
    createdAt: time(timings["createdAt"]) ?? time(job["createdAt"]),
    startedAt: time(timings["startedAt"]) ?? main?.startedAt ?? null,
    finishedAt: time(timings["finishedAt"]) ?? main?.finishedAt ?? null,
    unavailable: texts(cluster["unavailable"]),
  };
}

function readContainer(container: Fields): ContainerFacts {
  const state = fields(container["state"]);
  const resources = fields(container["resources"]);
  return {
    name: words(container["name"]) ?? "?",
    init: flag(container["init"]) ?? false,
    sidecar: flag(container["init"]) === true && text(container["restartPolicy"]) === "Always",
    image: words(container["image"]),
    state: words(state["kind"]) ?? "unknown",
    exitCode: number(state["exitCode"]),
    signal: number(state["signal"]),
    reason: words(state["reason"]),
    message: words(state["message"]),
    startedAt: time(state["startedAt"]),
    finishedAt: time(state["finishedAt"]),
    resourcesKnown: isPresent(container["resources"]),
    memoryRequest: words(fields(resources["requests"])["memory"]),
    memoryLimit: words(fields(resources["limits"])["memory"]),
  };
}

function readEvent(event: Fields): EventFacts {
  return {
    warning: text(event["type"]) === "Warning",
    reason: words(event["reason"]) ?? "?",
    message: text(event["message"]) ?? "",
    count: Math.max(1, count(event["count"])),
    lastSeen: time(event["lastSeen"]),
    objectKind: (words(event["object"]) ?? "?").split("/", 1)[0] ?? "?",
  };
}
