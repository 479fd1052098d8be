/**
 * The host loads a new copy of this module at every reload and tells the old one nothing. The copies find each other here, so that an
 * old one lets go of its Leases, connections and timers once its last run has ended.
 */
export function replaceInstance(name: string, retire: () => void): void {
  const key = Symbol.for(`paperclip-adapter-claude-k8s.${name}`);
  const holder = globalThis as unknown as Record<symbol, unknown>;
  const previous = holder[key];
  holder[key] = retire;
  if (typeof previous === "function") previous();
}

export interface Activity {
  /** Runs a task; from `retire` on, `whenIdle` is called once no task runs any more. */
  track<T>(task: () => Promise<T>): Promise<T>;
  retire(): void;
}

export function createActivity(whenIdle: () => void): Activity {
  let active = 0;
  let retired = false;
  let idle = false;
  const settle = (): void => {
    if (!retired || active > 0 || idle) return;
    idle = true;
    whenIdle();
  };
  return {
    async track(task) {
      active += 1;
      try {
        return await task();
      } finally {
        active -= 1;
        settle();
      }
    },
    retire() {
      retired = true;
      settle();
    },
  };
}
