import type { ApiObject } from "../objects/types.ts";
import { parseJson, readBody, type Exchange } from "./http/exchange.ts";
import { jsonPatch, mergePatch } from "./patch.ts";
import { listObjects } from "./read.ts";
import type { DeleteOptions } from "./deletion.ts";
import type { Registry } from "./registry.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import { ApiError, badRequest, invalid, notFound } from "./status.ts";
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

function isDryRun(exchange: Exchange): boolean {
  return exchange.query.get("dryRun") === "All";
}

function patchOf(type: string): (target: unknown, patch: unknown) => unknown {
  switch (type) {
    case "application/merge-patch+json":
    // Maps merge alike in both; lists of a strategic patch replace ours whole, which the README says.
    case "application/strategic-merge-patch+json":
      return mergePatch;
    case "application/json-patch+json":
      return jsonPatch;
    default:
      throw new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  }
}

export async function deleteObject(
  registry: Registry,
  resource: Resource,
  namespace: string,
  name: string,
  exchange: Exchange,
): Promise<object> {
  const options = await deleteOptions(exchange);
  const { object, gone } = registry.remove(resource, namespace, name, options, isDryRun(exchange));
  // Pods come back as they are; of other kinds one that is gone is only confirmed.
  if (!gone || resource.plural === "pods") return object;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(resource.group === "" ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid,
    },
  };
}

export async function deleteCollection(
  registry: Registry,
  resource: Resource,
  namespace: string,
  exchange: Exchange,
): Promise<object> {
  const options = await deleteOptions(exchange);
  const list = listObjects(registry, resource, namespace, exchange.query);
  for (const object of list.items) {
    registry.remove(
      resource,
      object.metadata.namespace ?? "",
      object.metadata.name,
      options,
      isDryRun(exchange),
    );
  }
  return list;
}

/** In the body, or in the query as old clients send them; the body wins. */
async function deleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const bytes = await readBody(exchange);
  const { query } = exchange;
  const grace = query.get("gracePeriodSeconds");
  const policy = query.get("propagationPolicy");
  const body =
    bytes.length === 0
      ? {}
      : (parseJson(bytes, (why) => `error decoding delete options: ${why}`) as DeleteOptions & {
          orphanDependents?: boolean;
        });
  const orphan = "orphanDependents" in body ? body.orphanDependents : undefined;
  const chosen =
    body.propagationPolicy ?? policy ?? (orphan === undefined ? null : orphan ? "Orphan" : "Background");
  if (chosen !== null && !["Orphan", "Background", "Foreground"].includes(chosen)) {
    throw invalid("DeleteOptions", "meta.k8s.io", "", [
      {
        reason: "FieldValueNotSupported",
        message: `Unsupported value: "${chosen}": supported values: "Foreground", "Background", "Orphan", "nil"`,
        field: "propagationPolicy",
      },
    ]);
  }
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...body,
    ...(chosen === null ? {} : { propagationPolicy: chosen as "Orphan" | "Background" | "Foreground" }),
  };
}

async function readObject(resource: Resource, exchange: Exchange): Promise<ApiObject> {
  const type = (exchange.request.headers["content-type"] ?? "application/json").split(";")[0]?.trim();
  if (type !== "application/json" && type !== "" && type !== "*/*") {
    throw new ApiError(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: application/json`,
    );
  }
  const bytes = await readBody(exchange);
  const parsed = parseJson(
    bytes,
    (why) =>
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: ${why} (${bytes.toString("utf8").slice(0, 100)})`,
  );
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(parsed) ? "array" : typeof parsed} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const object = parsed as ApiObject;
  if (object.kind !== undefined && object.kind !== resource.kind) {
    const version = object.apiVersion?.split("/").at(-1) ?? "v1";
    throw badRequest(
      `${object.kind} in version "${version}" cannot be handled as a ${resource.kind}: converting (${version}.${object.kind}) to (${resource.group === "" ? "core" : resource.group.split(".")[0]}.${resource.kind}): unknown conversion`,
    );
  }
  if (object.apiVersion !== undefined && object.apiVersion !== apiVersionOf(resource)) {
    throw badRequest(
      `no kind "${resource.kind}" is registered for version "${object.apiVersion}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  object.metadata ??= {} as ApiObject["metadata"];
  checkShape(resource, object);
  return object;
}
