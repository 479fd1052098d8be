import type { ApiObject } from "../../objects/types.ts";
import type { Column } from "./column.ts";
import { age } from "./duration.ts";

interface Event extends ApiObject {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  involvedObject?: { kind?: string; name?: string; fieldPath?: string };
  source?: { component?: string; host?: string };
  reportingComponent?: string;
  reportingInstance?: string;
}

const of = (object: ApiObject) => object as Event;

export const eventColumns: readonly Column[] = [
  {
    name: "Last Seen",
    cell: (object, now) =>
      age(of(object).lastTimestamp ?? of(object).eventTime ?? object.metadata.creationTimestamp, now),
  },
  { name: "Type", cell: (object) => of(object).type ?? "" },
  { name: "Reason", cell: (object) => of(object).reason ?? "" },
  {
    name: "Object",
    cell: (object) => {
      const { kind = "", name = "" } = of(object).involvedObject ?? {};
      return `${kind.toLowerCase()}/${name}`;
    },
  },
  { name: "Subobject", priority: 1, cell: (object) => of(object).involvedObject?.fieldPath ?? "" },
  { name: "Source", priority: 1, cell: (object) => sourceOf(of(object)) },
  { name: "Message", cell: (object) => (of(object).message ?? "").trim() },
  {
    name: "First Seen",
    priority: 1,
    cell: (object, now) =>
      age(of(object).firstTimestamp ?? of(object).eventTime ?? object.metadata.creationTimestamp, now),
  },
  { name: "Count", priority: 1, cell: (object) => String(of(object).count ?? 1) },
  { name: "Name", priority: 1, cell: (object) => object.metadata.name },
];

function sourceOf({ source, reportingComponent, reportingInstance }: Event): string {
  const parts = [source?.component ?? reportingComponent, source?.host ?? reportingInstance];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}
