import { randomUUID } from "node:crypto";
import type { ClusterClock } from "../clock.ts";
import { generateName } from "../objects/names.ts";
import { milliseconds, secondsText, timestamp } from "../objects/time.ts";
import type { ApiObject, Pod } from "../objects/types.ts";
import type { Store } from "../store/store.ts";
import { checkPreconditions, finalizersFor, podGrace, type DeleteOptions } from "./deletion.ts";
import { apiVersionOf, resourceOf, type Resource } from "./resources.ts";
import { alreadyExists, badRequest, conflict, forbidden, invalid, notFound } from "./status.ts";
import type { Strategies } from "./strategy.ts";
import { pickMeta, specText, statusOf } from "./written-parts.ts";

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

export interface Removal {
  readonly object: ApiObject;
  readonly gone: boolean;
}

export function createRegistry(store: Store, clock: ClusterClock, strategies: Strategies): Registry {
  function create(resource: Resource, namespace: string, body: ApiObject, dryRun = false): ApiObject {
    checkNamespaceOf(body, namespace);
    requireNamespace(resource, namespace, body.metadata?.name ?? "");
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

  function requireNamespace(resource: Resource, namespace: string, name: string): void {
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

  function replace(
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
    const given = body.metadata;
    if (given.name !== undefined && given.name !== name) {
      throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`);
    }
    if (given.uid !== undefined && given.uid !== "" && given.uid !== current.metadata.uid) {
      throw conflict(
        resource,
        name,
        `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${current.metadata.uid}`,
      );
    }
    const version = given.resourceVersion;
    if (version !== undefined && version !== "" && version !== current.metadata.resourceVersion) {
      throw conflict(
        resource,
        name,
        "the object has been modified; please apply your changes to the latest version and try again",
      );
    }
    const next = merge(resource, current, structuredClone(body), subresource);
    if (subresource === "") {
      const causes = [
        ...strategies.validate(resource, next),
        ...strategies.validateUpdate(resource, next, current),
      ];
      if (causes.length > 0) throw invalid(resource.kind, resource.group, name, causes);
    }
    return dryRun ? next : write(resource, next);
  }

  function merge(
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

  /** An object that waits for its end leaves with its last finalizer: watches see no state between. */
  function write(resource: Resource, object: ApiObject): ApiObject {
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

  function remove(
    resource: Resource,
    namespace: string,
    name: string,
    options: DeleteOptions,
    dryRun = false,
  ): Removal {
    const current = store.get(resource.plural, namespace, name);
    if (current === undefined) throw notFound(resource, name);
    checkPreconditions(resource, current, options.preconditions);
    if (dryRun) return { object: current, gone: true };
    const grace = resource.plural === "pods" ? podGrace(current as Pod, options) : 0;
    const finalizers = finalizersFor(resource, current, options);
    const meta = current.metadata;
    const alreadyDeleting = meta.deletionTimestamp !== undefined;
    const known = meta.deletionGracePeriodSeconds ?? 0;
    // A namespace stays until its controller has emptied it.
    if (grace === 0 && finalizers.length === 0 && resource.plural !== "namespaces") {
      if (resource.plural === "pods" && !alreadyDeleting) {
        store.update("pods", dying(structuredClone(current), grace));
      }
      const gone = store.remove(resource.plural, namespace, name) ?? current;
      return { object: gone, gone: true };
    }
    const draft = structuredClone(current);
    if (finalizers.length > 0) draft.metadata.finalizers = finalizers;
    else delete draft.metadata.finalizers;
    if (!alreadyDeleting || grace < known) dying(draft, grace);
    if (resource.generation && !alreadyDeleting) draft.metadata.generation = (meta.generation ?? 0) + 1;
    return { object: store.update(resource.plural, draft), gone: false };
  }

  function dying(draft: ApiObject, graceSeconds: number): ApiObject {
    const until = BigInt(milliseconds(clock) + graceSeconds * 1000);
    draft.metadata.deletionTimestamp = secondsText(until * 1_000_000n);
    draft.metadata.deletionGracePeriodSeconds = graceSeconds;
    return draft;
  }

  function mutate<T extends ApiObject>(
    plural: string,
    namespace: string,
    name: string,
    change: (draft: T) => void,
  ): T | undefined {
    const current = store.get(plural, namespace, name);
    if (current === undefined) return undefined;
    const draft = structuredClone(current) as T;
    change(draft);
    return write(resourceOf(plural), draft) as T;
  }

  return { store, clock, create, replace, remove, mutate };
}

function checkNamespaceOf(body: ApiObject, namespace: string): void {
  const given = body.metadata?.namespace;
  if (given !== undefined && given !== "" && given !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
