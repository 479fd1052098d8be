import type { ApiObject, ContainerStatus, Pod } from "../../objects/types.ts";
import type { Column } from "./column.ts";
import { age } from "./duration.ts";

const of = (object: ApiObject) => object as Pod;

export const podColumns: readonly Column[] = [
  { name: "Name", cell: (object) => object.metadata.name },
  { name: "Ready", cell: (object) => readyText(of(object)) },
  { name: "Status", cell: (object) => podStatusText(of(object)) },
  {
    name: "Restarts",
    cell: (object) =>
      String(
        (of(object).status.containerStatuses ?? []).reduce((sum, status) => sum + status.restartCount, 0),
      ),
  },
  { name: "Age", cell: (object, now) => age(object.metadata.creationTimestamp, now) },
  { name: "IP", priority: 1, cell: (object) => of(object).status.podIP ?? "<none>" },
  { name: "Node", priority: 1, cell: (object) => of(object).spec.nodeName ?? "<none>" },
  { name: "Nominated Node", priority: 1, cell: (object) => of(object).status.nominatedNodeName ?? "<none>" },
  { name: "Readiness Gates", priority: 1, cell: () => "<none>" },
];

function readyText({ spec, status }: Pod): string {
  const ready = (status.containerStatuses ?? []).filter((container) => container.ready).length;
  return `${ready}/${spec.containers.length}`;
}

/** The STATUS column: the most telling reason, as kubectl users know it. */
function podStatusText({ metadata, spec, status }: Pod): string {
  let text = status.reason ?? status.phase;
  const gated = (status.conditions ?? []).some((condition) => condition.reason === "SchedulingGated");
  if (gated) text = "SchedulingGated";
  const init = initText(status.initContainerStatuses ?? [], spec.initContainers?.length ?? 0);
  if (init === null) {
    for (const container of (status.containerStatuses ?? []).toReversed()) {
      text = containerText(container) ?? text;
    }
  } else text = init;
  if (metadata.deletionTimestamp === undefined) return text;
  return ["Succeeded", "Failed"].includes(status.phase) ? text : "Terminating";
}

function initText(statuses: readonly ContainerStatus[], count: number): string | null {
  for (const [index, { state }] of statuses.entries()) {
    const { terminated, waiting } = state;
    if (terminated?.exitCode === 0) continue;
    if (terminated !== undefined) return `Init:${terminated.reason}`;
    if (waiting !== undefined && waiting.reason !== "PodInitializing") return `Init:${waiting.reason}`;
    return `Init:${index}/${count}`;
  }
  return null;
}

function containerText({ state }: ContainerStatus): string | null {
  if (state.waiting !== undefined) return state.waiting.reason;
  if (state.terminated !== undefined) return state.terminated.reason;
  return null;
}
