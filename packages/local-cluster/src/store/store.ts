import type { ApiObject } from "../objects/types.ts";

export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: string;
  readonly resourceVersion: number;
  readonly object: ApiObject;
  /** The object before the change: a watch with a selector tells an object that no longer matches as deleted. */
  readonly previous: ApiObject | null;
}

/**
 * All objects, in memory, with one counter of versions as etcd has. Objects are never changed in place: what a reader
 * holds stays as it was.
 */
export interface Store {
  resourceVersion(): number;
  get(resource: string, namespace: string, name: string): ApiObject | undefined;
  /** Sorted by namespace and name, as etcd's keys are. */
  list(resource: string, namespace?: string): ApiObject[];
  create(resource: string, object: ApiObject): ApiObject;
  /** Writes the object under a new version; the same content leaves everything as it was. */
  update(resource: string, object: ApiObject): ApiObject;
  remove(resource: string, namespace: string, name: string): ApiObject | undefined;
  subscribe(resource: string | null, listener: (event: StoreEvent) => void): () => void;
  /** Events of the resource after that version; null when they are forgotten. */
  since(resource: string, resourceVersion: number): readonly StoreEvent[] | null;
  compact(): void;
  counts(): Record<string, number>;
}

export function createStore(historyLimit: number): Store {
  let version = 1;
  let oldestKnown = 0;
  let history: StoreEvent[] = [];
  const objects = new Map<string, Map<string, ApiObject>>();
  const listeners = new Map<string | null, Set<(event: StoreEvent) => void>>();

  function collection(resource: string): Map<string, ApiObject> {
    let found = objects.get(resource);
    if (found === undefined) objects.set(resource, (found = new Map()));
    return found;
  }

  function write(type: StoreEvent["type"], resource: string, object: ApiObject, previous: ApiObject | null) {
    version += 1;
    const stored = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(version) },
    };
    const map = collection(resource);
    const key = keyOf(object.metadata.namespace ?? "", object.metadata.name);
    if (type === "DELETED") map.delete(key);
    else map.set(key, stored);
    const event: StoreEvent = { type, resource, resourceVersion: version, object: stored, previous };
    history.push(event);
    // Cut in halves: a shift for every event would cost the whole length each time.
    if (history.length > historyLimit * 2) {
      oldestKnown = history[history.length - historyLimit - 1]?.resourceVersion ?? oldestKnown;
      history = history.slice(-historyLimit);
    }
    for (const listener of [...(listeners.get(resource) ?? []), ...(listeners.get(null) ?? [])])
      listener(event);
    return stored;
  }

  return {
    resourceVersion: () => version,
    get: (resource, namespace, name) => objects.get(resource)?.get(keyOf(namespace, name)),
    list(resource, namespace) {
      const all = [...(objects.get(resource) ?? new Map<string, ApiObject>())];
      const wanted = namespace === undefined ? all : all.filter(([key]) => key.startsWith(`${namespace}/`));
      return wanted.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    create: (resource, object) => write("ADDED", resource, object, null),
    update(resource, object) {
      const previous = collection(resource).get(keyOf(object.metadata.namespace ?? "", object.metadata.name));
      if (previous !== undefined && sameContent(previous, object)) return previous;
      return write("MODIFIED", resource, object, previous ?? null);
    },
    remove(resource, namespace, name) {
      const previous = collection(resource).get(keyOf(namespace, name));
      return previous === undefined ? undefined : write("DELETED", resource, previous, previous);
    },
    subscribe(resource, listener) {
      let set = listeners.get(resource);
      if (set === undefined) listeners.set(resource, (set = new Set()));
      set.add(listener);
      return () => void set.delete(listener);
    },
    since(resource, resourceVersion) {
      if (resourceVersion < oldestKnown) return null;
      // Binary search would do; linear from the end is as quick for the usual "just now".
      let index = history.length;
      while (index > 0 && (history[index - 1]?.resourceVersion ?? 0) > resourceVersion) index -= 1;
      return history.slice(index).filter((event) => event.resource === resource);
    },
    compact() {
      oldestKnown = version;
      history = [];
    },
    counts() {
      const counts: Record<string, number> = {};
      for (const [resource, map] of objects) if (map.size > 0) counts[resource] = map.size;
      return counts;
    },
  };
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function sameContent(a: ApiObject, b: ApiObject): boolean {
  const first = plain(a);
  const second = plain(b);
  // Putting keys in order is the dear part, and needed only where it could still make them equal.
  return first === second || (first.length === second.length && canonical(a) === canonical(b));
}

function plain(object: ApiObject): string {
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: "" } });
}

/** Text without the version, keys in order: a client may send the same object with its keys in another order. */
function canonical(object: ApiObject): string {
  return JSON.stringify(
    { ...object, metadata: { ...object.metadata, resourceVersion: "" } },
    (_key, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
        : value,
  );
}
