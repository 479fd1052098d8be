import type { ApiObject } from "../../objects/types.ts";
import type { Resource } from "../resources.ts";
import type { Column } from "./column.ts";
import { columnsOf } from "./columns.ts";

interface Row {
  readonly cells: readonly unknown[];
  readonly object: object;
}

export interface Table {
  readonly kind: "Table";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: object;
  readonly columnDefinitions: readonly object[];
  readonly rows: readonly Row[];
}

/** Does the client (kubectl) ask for a table? */
export function wantsTable(accept: string | undefined): boolean {
  const [first = ""] = (accept ?? "").split(",");
  return first.includes("as=Table") && first.includes("application/json");
}

/** Rows as `kubectl get` prints them. */
export function tableOf(
  resource: Resource,
  objects: readonly ApiObject[],
  metadata: object,
  nowMilliseconds: number,
  includeObject: string | null,
): Table {
  const columns = columnsOf(resource);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map((column) => definition(column)),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, nowMilliseconds)),
      object: rowObject(object, includeObject),
    })),
  };
}

function definition({ name, type = "string", priority = 0 }: Column): object {
  return { name, type, format: name === "Name" ? "name" : "", description: "", priority };
}

function rowObject(object: ApiObject, include: string | null): object {
  if (include === "Object") return object;
  if (include === "None") return {};
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
