/** Objects of the API → what is kept of them as evidence. Pure. */

import type { ClusterEvent, Job, Node, Pod, Wire } from "../cluster/wire.ts";
import type { V1Container, V1ContainerState, V1ContainerStatus } from "../cluster/kubernetes-types.ts";
import type {
  ConditionEvidence,
  ContainerEvidence,
  ContainerStateEvidence,
  EventEvidence,
  JobEvidence,
  NodeEvidence,
  PodEvidence,
} from "../types/evidence.ts";

const longestMessage = 2048;

export function podEvidence(pod: Pod): PodEvidence {
  const { metadata, spec, status } = pod;
  return {
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    phase: status?.phase ?? null,
    reason: status?.reason ?? null,
    message: shortened(status?.message),
    nodeName: spec?.nodeName ?? null,
    createdAt: metadata?.creationTimestamp ?? null,
    deletionTimestamp: metadata?.deletionTimestamp ?? null,
    conditions: conditionsEvidence(status?.conditions),
    containers: [
      ...containersEvidence(spec?.initContainers, status?.initContainerStatuses, true),
      ...containersEvidence(spec?.containers, status?.containerStatuses, false),
    ],
  };
}

export function jobEvidence(job: Job): JobEvidence {
  const { metadata, spec, status } = job;
  return {
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    namespace: metadata?.namespace ?? "",
    createdAt: metadata?.creationTimestamp ?? null,
    suspended: spec?.suspend ?? false,
    deletionTimestamp: metadata?.deletionTimestamp ?? null,
    active: status?.active ?? 0,
    failed: status?.failed ?? 0,
    succeeded: status?.succeeded ?? 0,
    conditions: conditionsEvidence(status?.conditions),
  };
}

export function eventEvidence(event: ClusterEvent): EventEvidence {
  const firstSeen = event.firstTimestamp ?? event.eventTime ?? null;
  return {
    type: event.type ?? "Normal",
    reason: event.reason ?? "",
    message: shortened(event.message) ?? "",
    count: event.count ?? event.series?.count ?? 1,
    firstSeen,
    lastSeen: event.lastTimestamp ?? event.series?.lastObservedTime ?? firstSeen,
    object: `${event.involvedObject.kind ?? ""}/${event.involvedObject.name ?? ""}`,
    source: event.source?.component ?? event.reportingComponent ?? null,
  };
}

export function nodeEvidence(node: Node): NodeEvidence {
  const conditions = conditionsEvidence(node.status?.conditions);
  const ready = conditions.find(({ type }) => type === "Ready")?.status;
  return {
    name: node.metadata?.name ?? "",
    ready: ready === "True" || ready === "False" || ready === "Unknown" ? ready : null,
    conditions,
    unschedulable: node.spec?.unschedulable ?? false,
    taints: (node.spec?.taints ?? []).map(
      ({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`,
    ),
  };
}

type Conditions = readonly {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}[];

function conditionsEvidence(conditions: Conditions | undefined): readonly ConditionEvidence[] {
  return (conditions ?? []).map(({ type, status, reason, message, lastTransitionTime }) => ({
    type,
    status,
    reason: reason ?? null,
    message: shortened(message),
    lastTransitionTime: lastTransitionTime ?? null,
  }));
}

function containersEvidence(
  containers: readonly Wire<V1Container>[] | undefined,
  statuses: readonly Wire<V1ContainerStatus>[] | undefined,
  init: boolean,
): readonly ContainerEvidence[] {
  return (containers ?? []).map((container) => {
    const status = statuses?.find(({ name }) => name === container.name);
    return {
      name: container.name,
      init,
      restartPolicy: container.restartPolicy ?? null,
      started: status?.started ?? null,
      image: container.image ?? null,
      restartCount: status?.restartCount ?? 0,
      state: stateEvidence(status?.state),
      resources: {
        requests: container.resources?.requests ?? {},
        limits: container.resources?.limits ?? {},
      },
    };
  });
}

export function stateEvidence(state: Wire<V1ContainerState> | undefined): ContainerStateEvidence {
  if (state?.terminated) {
    const { exitCode, signal, reason, message, startedAt, finishedAt } = state.terminated;
    return {
      kind: "terminated",
      exitCode,
      signal: signal || null,
      reason: reason ?? null,
      message: shortened(message),
      startedAt: realTime(startedAt),
      finishedAt: realTime(finishedAt),
    };
  }
  if (state?.running) return { kind: "running", startedAt: state.running.startedAt ?? null };
  if (state?.waiting)
    return {
      kind: "waiting",
      reason: state.waiting.reason ?? null,
      message: shortened(state.waiting.message),
    };
  return { kind: "unknown" };
}

/** No clock showed them: a container that could not be started has the first, Go's empty time is the second. */
const emptyTimes: ReadonlySet<string> = new Set(["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]);

/** A node without a clock of its own lives in 1970 until it is told the time, so that any other second of that day is real. */
function realTime(time: string | null | undefined): string | null {
  return time == null || emptyTimes.has(time) ? null : time;
}

function shortened(message: string | undefined): string | null {
  if (message === undefined || message === "") return null;
  if (message.length <= longestMessage) return message;
  return `${message.slice(0, longestMessage)}… (${message.length - longestMessage} more characters)`;
}
