import { randomUUID } from "node:crypto";
import { generateName } from "../objects/names.ts";
import { timestamp } from "../objects/time.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Store } from "../store/store.ts";
import { checkNamespaceOf, type RegistryParts } from "./registry-parts.ts";
import { apiVersionOf, resourceOf, type Resource } from "./resources.ts";
import { alreadyExists, forbidden, invalid, notFound } from "./status.ts";
import { pickMeta } from "./written-parts.ts";

/** A new object, named, stamped, checked and admitted. */
export function createObject(
  { store, clock, strategies }: RegistryParts,
  resource: Resource,
  namespace: string,
  body: ApiObject,
  dryRun = false,
): ApiObject {
  checkNamespaceOf(body, namespace);
  requireNamespace(store, resource, namespace, body.metadata?.name ?? "");
  const object = structuredClone(body);
  const given = object.metadata;
  const name = given.name || (given.generateName ? generateName(given.generateName) : "");
  object.apiVersion = apiVersionOf(resource);
  object.kind = resource.kind;
  object.metadata = {
    ...pickMeta(given),
    name,
    ...(resource.namespaced ? { namespace } : {}),
    uid: randomUUID(),
    resourceVersion: "",
    ...(resource.generation ? { generation: 1 } : {}),
    creationTimestamp: timestamp(clock),
  };
  strategies.prepare(resource, object);
  const causes = strategies.validate(resource, object);
  if (causes.length > 0) throw invalid(resource.kind, resource.group, name, causes);
  strategies.admit(resource, object);
  const present = store.get(resource.plural, namespace, name)?.metadata;
  if (present !== undefined) throw alreadyExists(resource, name, present.deletionTimestamp !== undefined);
  return dryRun ? object : store.create(resource.plural, object);
}

function requireNamespace(store: Store, resource: Resource, namespace: string, name: string): void {
  if (!resource.namespaced) return;
  const found = store.get("namespaces", "", namespace);
  if (found === undefined) throw notFound(resourceOf("namespaces"), namespace);
  if (found.metadata.deletionTimestamp !== undefined) {
    throw forbidden(
      resource,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    );
  }
}
