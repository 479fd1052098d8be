import type { ApiObject } from "../objects/types.ts";
import { parseJson, readBody, type Exchange } from "./http/exchange.ts";
import { readObject } from "./body.ts";
import { jsonPatch, mergePatch } from "./patch.ts";
import type { Registry } from "./registry.ts";
import type { Resource } from "./resources.ts";
import { ApiError, invalid, notFound } from "./status.ts";
import { strategicMerge } from "./strategic-merge.ts";
import { checkShape } from "./validation/shape.ts";

export async function createObject(
  registry: Registry,
  resource: Resource,
  namespace: string,
  exchange: Exchange,
): Promise<ApiObject> {
  return registry.create(resource, namespace, await readObject(resource, exchange), isDryRun(exchange));
}

/** Updates, and for leases creates: the one resource of ours that the real server lets a PUT make. */
export async function replaceObject(
  registry: Registry,
  resource: Resource,
  namespace: string,
  name: string,
  subresource: "" | "status",
  exchange: Exchange,
): Promise<{ object: ApiObject; created: boolean }> {
  const body = await readObject(resource, exchange);
  const current = registry.store.get(resource.plural, namespace, name);
  if (resource.plural === "leases") {
    if (current === undefined && (body.metadata.name ?? name) === name) {
      return { object: registry.create(resource, namespace, body, isDryRun(exchange)), created: true };
    }
    if (
      current !== undefined &&
      body.metadata.name === name &&
      (body.metadata.resourceVersion ?? "") === ""
    ) {
      const message = "Invalid value: 0: must be specified for an update";
      throw invalid("leases", resource.group, name, [
        { reason: "FieldValueInvalid", message, field: "metadata.resourceVersion" },
      ]);
    }
  }
  const object = registry.replace(resource, namespace, name, body, subresource, isDryRun(exchange));
  return { object, created: false };
}

export async function patchObject(
  registry: Registry,
  resource: Resource,
  namespace: string,
  name: string,
  subresource: "" | "status",
  exchange: Exchange,
): Promise<ApiObject> {
  const type = (exchange.request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const apply = patchOf(type);
  const bytes = await readBody(exchange);
  const current = registry.store.get(resource.plural, namespace, name);
  if (current === undefined) throw notFound(resource, name);
  const patch = parseJson(bytes, (why) => `error decoding patch: ${why}`);
  const next = apply(current, patch) as ApiObject;
  checkShape(resource, next);
  const given = next.metadata;
  if (given.uid !== current.metadata.uid) {
    const message = `Invalid value: ${JSON.stringify(given.uid)}: field is immutable`;
    const cause = { reason: "FieldValueInvalid", message, field: "metadata.uid" };
    throw invalid(resource.kind, resource.group, name, [cause]);
  }
  return registry.replace(resource, namespace, name, next, subresource, isDryRun(exchange));
}

export function isDryRun(exchange: Exchange): boolean {
  return exchange.query.get("dryRun") === "All";
}

function patchOf(type: string): (target: unknown, patch: unknown) => unknown {
  switch (type) {
    case "application/merge-patch+json":
      return mergePatch;
    case "application/strategic-merge-patch+json":
      return strategicMerge;
    case "application/json-patch+json":
      return jsonPatch;
    default:
      throw new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  }
}
