import type { ApiObject, ConfigMap, Job, Node, ResourceQuota, Secret } from "../../objects/types.ts";
import type { Resource } from "../resources.ts";
import { humanDuration } from "./duration.ts";
import { ageColumn, nameColumn } from "./column.ts";
import type { Column } from "./column.ts";
import { eventColumns } from "./event-columns.ts";
import { podColumns } from "./pod-columns.ts";

export function columnsOf(resource: Resource): readonly Column[] {
  switch (resource.plural) {
    case "pods":
      return podColumns;
    case "jobs":
      return jobColumns;
    case "events":
      return eventColumns;
    case "nodes":
      return nodeColumns;
    case "secrets":
      return [
        nameColumn,
        { name: "Type", cell: (object) => (object as Secret).type },
        { name: "Data", cell: (object) => Object.keys((object as Secret).data ?? {}).length },
        ageColumn,
      ];
    case "configmaps":
      return [nameColumn, { name: "Data", cell: (object) => dataCount(object) }, ageColumn];
    case "leases":
      return [
        nameColumn,
        {
          name: "Holder",
          cell: (object) => (object as { spec?: { holderIdentity?: string } }).spec?.holderIdentity ?? "",
        },
        ageColumn,
      ];
    case "namespaces":
      return [
        nameColumn,
        {
          name: "Status",
          cell: (object) => (object as unknown as { status: { phase: string } }).status.phase,
        },
        ageColumn,
      ];
    case "resourcequotas":
      return [
        nameColumn,
        { name: "Request", cell: (object) => quotaEntries(object, false) },
        { name: "Limit", cell: (object) => quotaEntries(object, true) },
        ageColumn,
      ];
    case "limitranges":
      return [nameColumn, { name: "Created At", cell: (object) => object.metadata.creationTimestamp }];
    case "serviceaccounts":
      return [nameColumn, { name: "Secrets", cell: () => "0" }, ageColumn];
    default:
      return [nameColumn, ageColumn];
  }
}

function quotaEntries(object: ApiObject, limits: boolean): string {
  const { hard = {}, used = {} } = (object as ResourceQuota).status;
  return Object.keys(hard)
    .sort()
    .filter((entry) => entry.startsWith("limits.") === limits)
    .map((entry) => `${entry}: ${used[entry] ?? "0"}/${hard[entry] ?? ""}`)
    .join(", ");
}

function dataCount(map: ConfigMap): number {
  return Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length;
}

const job = (object: ApiObject) => object as Job;

const jobColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", cell: (object) => jobStatus(job(object)) },
  {
    name: "Completions",
    cell: (object) => `${job(object).status.succeeded ?? 0}/${job(object).spec.completions ?? 1}`,
  },
  { name: "Duration", cell: (object, now) => jobDuration(job(object), now) },
  ageColumn,
  { name: "Containers", priority: 1, cell: (object) => containersOf(job(object), "name") },
  { name: "Images", priority: 1, cell: (object) => containersOf(job(object), "image") },
  {
    name: "Selector",
    priority: 1,
    cell: (object) =>
      Object.entries(job(object).spec.selector?.matchLabels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
  },
];

function containersOf({ spec }: Job, field: "name" | "image"): string {
  return spec.template.spec.containers.map((container) => container[field]).join(",");
}

function jobStatus({ status, metadata }: Job): string {
  const has = (type: string) =>
    (status.conditions ?? []).some((condition) => condition.type === type && condition.status === "True");
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  if (has("Suspended")) return "Suspended";
  if (has("FailureTarget")) return "FailureTarget";
  return has("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
}

function jobDuration({ status }: Job, now: number): string {
  if (status.startTime === undefined) return "";
  const end = status.completionTime === undefined ? now : Date.parse(status.completionTime);
  return humanDuration(end - Date.parse(status.startTime));
}

const node = (object: ApiObject) => object as Node;

const nodeColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", cell: (object) => nodeStatus(node(object)) },
  { name: "Roles", cell: () => "<none>" },
  ageColumn,
  { name: "Version", cell: (object) => node(object).status.nodeInfo["kubeletVersion"] },
  {
    name: "Internal-IP",
    priority: 1,
    cell: (object) => node(object).status.addresses.find((entry) => entry.type === "InternalIP")?.address,
  },
  { name: "External-IP", priority: 1, cell: () => "<none>" },
  { name: "OS-Image", priority: 1, cell: (object) => node(object).status.nodeInfo["osImage"] },
  { name: "Kernel-Version", priority: 1, cell: (object) => node(object).status.nodeInfo["kernelVersion"] },
  {
    name: "Container-Runtime",
    priority: 1,
    cell: (object) => node(object).status.nodeInfo["containerRuntimeVersion"],
  },
];

function nodeStatus({ spec, status }: Node): string {
  const ready = status.conditions.find((condition) => condition.type === "Ready")?.status === "True";
  return (ready ? "Ready" : "NotReady") + (spec.unschedulable === true ? ",SchedulingDisabled" : "");
}
