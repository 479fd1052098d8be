import { parseQuantity } from "../../objects/quantity.ts";
import type { ApiObject } from "../../objects/types.ts";
import type { Resource } from "../resources.ts";
import { badRequest } from "../status.ts";

type Shape = "string" | "int32" | "int64" | "bool" | "list" | "map" | "stringMap";

/** Types of the fields that would break the cluster's own code, or that runners get wrong. */
const common: Readonly<Record<string, Shape>> = {
  metadata: "map",
  "metadata.name": "string",
  "metadata.labels": "stringMap",
  "metadata.annotations": "stringMap",
  "metadata.finalizers": "list",
  "metadata.ownerReferences": "list",
};

const podSpec: Readonly<Record<string, Shape>> = {
  "": "map",
  containers: "list",
  initContainers: "list",
  volumes: "list",
  tolerations: "list",
  restartPolicy: "string",
  nodeSelector: "stringMap",
  activeDeadlineSeconds: "int64",
  terminationGracePeriodSeconds: "int64",
  shareProcessNamespace: "bool",
};

const shapes: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  jobs: {
    spec: "map",
    "spec.parallelism": "int32",
    "spec.completions": "int32",
    "spec.backoffLimit": "int32",
    "spec.activeDeadlineSeconds": "int64",
    "spec.ttlSecondsAfterFinished": "int32",
    "spec.suspend": "bool",
    "spec.template": "map",
    "spec.template.metadata": "map",
    "spec.template.metadata.labels": "stringMap",
    ...below("spec.template.spec", podSpec),
  },
  pods: below("spec", podSpec),
  secrets: { data: "stringMap", stringData: "stringMap", type: "string", immutable: "bool" },
  configmaps: { data: "stringMap", binaryData: "stringMap", immutable: "bool" },
  leases: {
    spec: "map",
    "spec.holderIdentity": "string",
    "spec.leaseDurationSeconds": "int32",
    "spec.leaseTransitions": "int32",
    "spec.renewTime": "string",
  },
};

function below(path: string, fields: Readonly<Record<string, Shape>>): Record<string, Shape> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, shape]) => [field === "" ? path : `${path}.${field}`, shape]),
  );
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** Refuses with 400 what the real server's decoder could not read. */
export function checkShape(resource: Resource, object: ApiObject): void {
  const fields = { ...common, ...shapes[resource.plural] };
  for (const [path, shape] of Object.entries(fields)) {
    const value = at(object, path);
    if (value === undefined || value === null) continue;
    const found = wrongType(value, shape);
    if (found !== null) {
      throw cannotHandle(
        resource,
        `json: cannot unmarshal ${found} into Go struct field ${structName(resource, path)}.${path} of type ${goType(shape)}`,
      );
    }
  }
  checkQuantities(resource, object);
  const encoded = { secrets: "data", configmaps: "binaryData" }[resource.plural];
  const values = encoded === undefined ? {} : ((at(object, encoded) ?? {}) as Record<string, string>);
  for (const value of Object.values(values)) {
    if (!base64.test(value.replaceAll(/[\r\n]/gu, ""))) {
      throw cannotHandle(resource, "illegal base64 data at input byte 0");
    }
  }
}

/** As the real decoder: any quantity that cannot be read makes the whole object unreadable. */
function checkQuantities(resource: Resource, object: ApiObject): void {
  const spec = { jobs: "spec.template.spec", pods: "spec" }[resource.plural];
  if (spec === undefined) return;
  for (const field of ["initContainers", "containers"]) {
    for (const container of (at(object, `${spec}.${field}`) ?? []) as readonly unknown[]) {
      for (const kind of ["limits", "requests"]) {
        const amounts: unknown[] = Object.values(at(container, `resources.${kind}`) ?? {});
        if (amounts.some((amount) => Number.isNaN(parseQuantity(String(amount))))) {
          throw cannotHandle(
            resource,
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
          );
        }
      }
    }
  }
}

function cannotHandle(resource: Resource, why: string): Error {
  return badRequest(
    `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${why}`,
  );
}

function at(object: unknown, path: string): unknown {
  let found = object;
  for (const step of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

function wrongType(value: unknown, shape: Shape): string | null {
  const type = Array.isArray(value) ? "array" : typeof value;
  switch (shape) {
    case "string":
      return type === "string" ? null : type;
    case "bool":
      return type === "boolean" ? null : type;
    case "int32":
    case "int64":
      return type !== "number" ? type : Number.isInteger(value) ? null : `number ${String(value)}`;
    case "list":
      return type === "array" ? null : type;
    case "map":
      return type === "object" ? null : type;
    case "stringMap": {
      if (type !== "object") return type;
      const wrong = Object.values(value as object).find((entry) => typeof entry !== "string");
      return wrong === undefined || wrong === null ? null : typeof wrong;
    }
  }
}

function goType(shape: Shape): string {
  return {
    string: "string",
    int32: "int32",
    int64: "int64",
    bool: "bool",
    list: "[]",
    map: "struct",
    stringMap: "string",
  }[shape];
}

function structName(resource: Resource, path: string): string {
  if (path.startsWith("metadata")) return "ObjectMeta";
  if (path.includes("template.spec.") || resource.plural === "pods") return "PodSpec";
  return path.startsWith("spec.") ? `${resource.kind}Spec` : resource.kind;
}
