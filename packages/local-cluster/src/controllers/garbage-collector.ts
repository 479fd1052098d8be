import type { Registry } from "../api/registry.ts";
import { resourceOf, resources } from "../api/resources.ts";
import type { ApiObject, OwnerReference } from "../objects/types.ts";

/** Kinds with owners that the collector looks after. Events have none and live an hour. */
const collected = ["pods", "jobs", "secrets", "configmaps", "leases"];

/** Deletes what has lost its owners, and holds an owner in foreground deletion until its dependents are gone. */
export function startGarbageCollector(registry: Registry): () => void {
  const { store } = registry;
  let scheduled = false;
  let closed = false;
  const suspects = new Set<string>();

  const unsubscribe = store.subscribe(null, (event) => {
    const { metadata } = event.object;
    const matters =
      event.type === "DELETED" ||
      metadata.deletionTimestamp !== undefined ||
      (event.type === "ADDED" && metadata.ownerReferences !== undefined) ||
      (event.type === "MODIFIED" && ownersChanged(event.object, event.previous));
    if (!matters || event.resource === "events") return;
    suspects.add(metadata.uid);
    if (scheduled) return;
    scheduled = true;
    setImmediate(collect);
  });

  function collect(): void {
    scheduled = false;
    if (closed) return;
    const uids = new Set(suspects);
    suspects.clear();
    for (const plural of collected) {
      for (const object of store.list(plural)) {
        const owners = object.metadata.ownerReferences ?? [];
        const touched = uids.has(object.metadata.uid) || owners.some((owner) => uids.has(owner.uid));
        if (touched && owners.length > 0) settleDependent(registry, plural, object, owners);
      }
    }
    for (const plural of collected) {
      for (const object of store.list(plural)) {
        const { finalizers = [], deletionTimestamp } = object.metadata;
        if (deletionTimestamp === undefined) continue;
        if (finalizers.includes("foregroundDeletion")) finishForeground(registry, plural, object);
        if (finalizers.includes("orphan")) orphan(registry, plural, object);
      }
    }
  }

  return () => {
    closed = true;
    unsubscribe();
  };
}

function settleDependent(
  registry: Registry,
  plural: string,
  object: ApiObject,
  owners: readonly OwnerReference[],
): void {
  if (object.metadata.deletionTimestamp !== undefined) return;
  const solid = owners.filter((owner) => {
    const found = ownerObject(registry, object, owner);
    return found !== undefined && found.metadata.finalizers?.includes("foregroundDeletion") !== true;
  });
  if (solid.length > 0) return;
  registry.remove(resourceOf(plural), object.metadata.namespace ?? "", object.metadata.name, {
    propagationPolicy: "Background",
    preconditions: { uid: object.metadata.uid },
  });
}

function finishForeground(registry: Registry, plural: string, owner: ApiObject): void {
  const blocked = dependentsOf(registry, owner).some(({ object }) =>
    (object.metadata.ownerReferences ?? []).some(
      (reference) => reference.uid === owner.metadata.uid && reference.blockOwnerDeletion === true,
    ),
  );
  if (!blocked) dropFinalizer(registry, plural, owner, "foregroundDeletion");
}

function orphan(registry: Registry, plural: string, owner: ApiObject): void {
  for (const { plural: resource, object } of dependentsOf(registry, owner)) {
    registry.mutate(resource, object.metadata.namespace ?? "", object.metadata.name, (draft) => {
      const left = (draft.metadata.ownerReferences ?? []).filter((entry) => entry.uid !== owner.metadata.uid);
      if (left.length > 0) draft.metadata.ownerReferences = left;
      else delete draft.metadata.ownerReferences;
    });
  }
  dropFinalizer(registry, plural, owner, "orphan");
}

function dropFinalizer(registry: Registry, plural: string, object: ApiObject, finalizer: string): void {
  registry.mutate(plural, object.metadata.namespace ?? "", object.metadata.name, (draft) => {
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((entry) => entry !== finalizer);
    if (draft.metadata.finalizers.length === 0) delete draft.metadata.finalizers;
  });
}

function ownerObject(
  { store }: Registry,
  object: ApiObject,
  { kind, name, uid }: OwnerReference,
): ApiObject | undefined {
  const resource = resources.find((candidate) => candidate.kind === kind);
  if (resource === undefined) return undefined;
  const found = store.get(
    resource.plural,
    resource.namespaced ? (object.metadata.namespace ?? "") : "",
    name,
  );
  return found?.metadata.uid === uid ? found : undefined;
}

function dependentsOf({ store }: Registry, owner: ApiObject): { plural: string; object: ApiObject }[] {
  return collected.flatMap((plural) =>
    store
      .list(plural, owner.metadata.namespace)
      .filter((object) =>
        (object.metadata.ownerReferences ?? []).some((reference) => reference.uid === owner.metadata.uid),
      )
      .map((object) => ({ plural, object })),
  );
}

function ownersChanged(object: ApiObject, previous: ApiObject | null): boolean {
  return (
    JSON.stringify(object.metadata.ownerReferences) !== JSON.stringify(previous?.metadata.ownerReferences)
  );
}
