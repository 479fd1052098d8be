import type { ApiObject } from "../objects/types.ts";
import { checkNamespaceOf, writeObject, type RegistryParts } from "./registry-parts.ts";
import type { Resource } from "./resources.ts";
import { badRequest, conflict, invalid, notFound } from "./status.ts";
import type { Strategies } from "./strategy.ts";
import { pickMeta, specText, statusOf } from "./written-parts.ts";

/** What a client may change of an object that is there; `subresource` as `Registry.replace` has it. */
export function replaceObject(
  { store, strategies }: RegistryParts,
  resource: Resource,
  namespace: string,
  name: string,
  body: ApiObject,
  subresource: "" | "status",
  dryRun = false,
): ApiObject {
  checkNamespaceOf(body, namespace);
  const current = store.get(resource.plural, namespace, name);
  if (current === undefined) throw notFound(resource, name);
  checkIdentity(resource, name, body.metadata, current.metadata);
  const next = merge(strategies, resource, current, structuredClone(body), subresource);
  if (subresource === "") {
    const causes = [
      ...strategies.validate(resource, next),
      ...strategies.validateUpdate(resource, next, current),
    ];
    if (causes.length > 0) throw invalid(resource.kind, resource.group, name, causes);
  }
  return dryRun ? next : writeObject(store, resource, next);
}

/** Whoever writes must mean this very object, in the version that is there. */
function checkIdentity(
  resource: Resource,
  name: string,
  given: ApiObject["metadata"],
  current: ApiObject["metadata"],
): void {
  if (given.name !== undefined && given.name !== name) {
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`);
  }
  if (given.uid !== undefined && given.uid !== "" && given.uid !== current.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${current.uid}`,
    );
  }
  const version = given.resourceVersion;
  if (version !== undefined && version !== "" && version !== current.resourceVersion) {
    throw conflict(
      resource,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  }
}

function merge(
  strategies: Strategies,
  resource: Resource,
  current: ApiObject,
  body: ApiObject,
  subresource: "" | "status",
): ApiObject {
  if (subresource === "status") return { ...current, ...statusOf(body) };
  const meta = current.metadata;
  const next: ApiObject = {
    ...body,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: {
      ...pickMeta(body.metadata),
      name: meta.name,
      ...(meta.namespace === undefined ? {} : { namespace: meta.namespace }),
      uid: meta.uid,
      resourceVersion: meta.resourceVersion,
      creationTimestamp: meta.creationTimestamp,
      ...(meta.generation === undefined ? {} : { generation: meta.generation }),
      ...(meta.deletionTimestamp === undefined ? {} : { deletionTimestamp: meta.deletionTimestamp }),
      ...(meta.deletionGracePeriodSeconds === undefined
        ? {}
        : { deletionGracePeriodSeconds: meta.deletionGracePeriodSeconds }),
      ...(meta.generateName === undefined ? {} : { generateName: meta.generateName }),
    },
  };
  if (resource.statusSubresource) Object.assign(next, statusOf(current));
  strategies.prepareUpdate(resource, next);
  if (resource.generation && specText(next) !== specText(current)) {
    next.metadata.generation = (meta.generation ?? 0) + 1;
  }
  return next;
}
