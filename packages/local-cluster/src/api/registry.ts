import type { ClusterClock } from "../clock.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Store } from "../store/store.ts";
import { createObject } from "./create-object.ts";
import type { DeleteOptions } from "./deletion.ts";
import { writeObject, type Removal } from "./registry-parts.ts";
import { removeObject } from "./remove-object.ts";
import { replaceObject } from "./replace-object.ts";
import { resourceOf, type Resource } from "./resources.ts";
import type { Strategies } from "./strategy.ts";

/** Objects with the API server's rules around them. Controllers use the same door as clients. */
export interface Registry {
  readonly store: Store;
  readonly clock: ClusterClock;
  /** With `dryRun` everything is checked and answered, and nothing is written; so for the other two. */
  create(resource: Resource, namespace: string, body: ApiObject, dryRun?: boolean): ApiObject;
  /** `subresource` "status" keeps everything but the status, and "" everything but the spec side. */
  replace(
    resource: Resource,
    namespace: string,
    name: string,
    body: ApiObject,
    subresource: "" | "status",
    dryRun?: boolean,
  ): ApiObject;
  /** Returns the object as it is now: still there when finalizers or a grace period hold it. */
  remove(
    resource: Resource,
    namespace: string,
    name: string,
    options: DeleteOptions,
    dryRun?: boolean,
  ): Removal;
  /** A controller's write: change a copy; no version check, no validation. Undefined when the object is gone. */
  mutate<T extends ApiObject>(
    plural: string,
    namespace: string,
    name: string,
    change: (draft: T) => void,
  ): T | undefined;
}

export function createRegistry(store: Store, clock: ClusterClock, strategies: Strategies): Registry {
  const parts = { store, clock, strategies };
  return {
    store,
    clock,
    create: (...object) => createObject(parts, ...object),
    replace: (...change) => replaceObject(parts, ...change),
    remove: (...removal) => removeObject(parts, ...removal),
    mutate<T extends ApiObject>(
      plural: string,
      namespace: string,
      name: string,
      change: (draft: T) => void,
    ): T | undefined {
      const current = store.get(plural, namespace, name);
      if (current === undefined) return undefined;
      const draft = structuredClone(current) as T;
      change(draft);
      return writeObject(store, resourceOf(plural), draft) as T;
    },
  };
}
