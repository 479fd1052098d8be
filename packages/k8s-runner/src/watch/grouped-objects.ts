/** Objects by group, with those who want to know of a group's changes. */

interface Grouped {
  metadata?: { uid?: string; managedFields?: unknown };
}

export interface GroupedObjects<Item> {
  put(object: Item): void;
  remove(object: Item): void;
  /** What is not among `items` is removed. */
  replaceAll(items: readonly Item[]): void;
  readonly group: (name: string) => readonly Item[];
  readonly all: () => readonly Item[];
  /** `listener` is called after any change of the group. */
  readonly subscribe: (group: string, listener: () => void) => () => void;
  /** For what concerns every group. */
  notifyAll(): void;
}

/** Objects for which `groupOf` gives `null` are left out. */
export function createGroupedObjects<Item extends Grouped>(
  groupOf: (object: Item) => string | null,
): GroupedObjects<Item> {
  const objects = new Map<string, Item>();
  const groups = new Map<string, Map<string, Item>>();
  const listeners = new Map<string, Set<() => void>>();

  function put(object: Item): void {
    const uid = object.metadata?.uid;
    const name = groupOf(object);
    if (uid === undefined || name === null) return;
    // Half of every object, and nothing that the runner reads.
    delete object.metadata?.managedFields;
    objects.set(uid, object);
    const group = groups.get(name) ?? new Map<string, Item>();
    group.set(uid, object);
    groups.set(name, group);
    notify(name);
  }

  function remove(object: Item): void {
    const uid = object.metadata?.uid;
    const name = groupOf(object);
    if (uid === undefined || name === null || !objects.delete(uid)) return;
    groups.get(name)?.delete(uid);
    if (groups.get(name)?.size === 0) groups.delete(name);
    notify(name);
  }

  function notify(name: string): void {
    for (const listener of listeners.get(name) ?? []) listener();
  }

  return {
    put,
    remove,
    replaceAll(items) {
      const present = new Set(items.map((item) => item.metadata?.uid));
      for (const [uid, object] of objects) if (!present.has(uid)) remove(object);
      for (const item of items) put(item);
    },
    group: (name) => [...(groups.get(name)?.values() ?? [])],
    all: () => [...objects.values()],
    subscribe(name, listener) {
      const group = listeners.get(name) ?? new Set();
      group.add(listener);
      listeners.set(name, group);
      return () => {
        group.delete(listener);
        if (group.size === 0 && listeners.get(name) === group) listeners.delete(name);
      };
    },
    notifyAll() {
      for (const group of listeners.values()) for (const listener of group) listener();
    },
  };
}
