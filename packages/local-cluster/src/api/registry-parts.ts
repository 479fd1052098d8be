import type { ClusterClock } from "../clock.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Store } from "../store/store.ts";
import type { Resource } from "./resources.ts";
import { badRequest } from "./status.ts";
import type { Strategies } from "./strategy.ts";

/** What each of the registry's writes works with. */
export interface RegistryParts {
  readonly store: Store;
  readonly clock: ClusterClock;
  readonly strategies: Strategies;
}

export interface Removal {
  readonly object: ApiObject;
  readonly gone: boolean;
}

/** An object that waits for its end leaves with its last finalizer: watches see no state between. */
export function writeObject(store: Store, resource: Resource, object: ApiObject): ApiObject {
  const meta = object.metadata;
  const ends =
    resource.plural !== "namespaces" &&
    meta.deletionTimestamp !== undefined &&
    (meta.deletionGracePeriodSeconds ?? 0) === 0 &&
    (meta.finalizers ?? []).length === 0;
  if (!ends) return store.update(resource.plural, object);
  store.remove(resource.plural, meta.namespace ?? "", meta.name);
  return object;
}

export function checkNamespaceOf(body: ApiObject, namespace: string): void {
  const given = body.metadata?.namespace;
  if (given !== undefined && given !== "" && given !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
