/** All objects of one resource with one label in one namespace, kept current by one list and one watch that never stop. */

import type { ApiError, Cluster, WatchSignal } from "../cluster/cluster.ts";
import type { Job, Pod } from "../cluster/wire.ts";
import { createBackoff } from "../async/backoff.ts";
import type { Clock } from "../clock.ts";
import { createGroupedObjects } from "./grouped-objects.ts";

export interface CollectionOptions<R extends "jobs" | "pods"> {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly resource: R;
  readonly namespace: string;
  readonly labelSelector: string;
  /** Groups the objects; listeners subscribe to a group. */
  readonly groupOf: (object: Watched[R]) => string | null;
}

interface Watched {
  readonly jobs: Job;
  readonly pods: Pod;
}

/** The API server cannot be reached, or does not let us in. Only ever a wait. */
export interface Trouble {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly message: string;
}

/** Everything here is a hint: a cache may be behind. Before a verdict, read the object itself. */
export interface Collection<T> {
  group(name: string): readonly T[];
  all(): readonly T[];
  /** `null`: in touch with the API server. */
  trouble(): Trouble | null;
  /** Whether the first list has arrived. */
  listed(): boolean;
  /** Called after any change of the group, and of `trouble`. */
  subscribe(group: string, listener: () => void): () => void;
  close(): Promise<void>;
}

const minimumWatchSeconds = 240;
/** The API server sends a bookmark about every minute: longer silence is a connection that died without saying so. */
const silenceMilliseconds = 75_000;
const relistMilliseconds = 600_000;
/** One failed reconnect is no news. */
const failuresUntilTrouble = 2;

export function createCollection<R extends "jobs" | "pods">(
  options: CollectionOptions<R>,
): Collection<Watched[R]> {
  const { cluster, clock, resource, namespace, labelSelector, groupOf } = options;
  type Item = Watched[R];
  const stopping = new AbortController();
  const objects = createGroupedObjects<Item>(groupOf);
  const touch = createTouch(clock, () => objects.notifyAll());
  let listedAt: number | null = null;
  let resourceVersion: string | null = null;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const error = (await relistWhenDue()) ?? (await watchOnce());
      if (error === null) continue;
      if (error.kind === "gone") resourceVersion = null;
      else await clock.sleep(touch.failed(error), stopping.signal);
    }
  }
  async function relistWhenDue(): Promise<ApiError | null> {
    if (resourceVersion !== null && listedAt !== null && clock.now() - listedAt < relistMilliseconds)
      return null;
    const answer = await cluster.list(resource, namespace, { labelSelector }, { signal: stopping.signal });
    if (answer.kind === "error") return answer.error;
    resourceVersion = answer.value.resourceVersion;
    listedAt = clock.now();
    objects.replaceAll(answer.value.items);
    touch.succeeded();
    return null;
  }
  async function watchOnce(): Promise<ApiError | null> {
    const answer = await cluster.watch(
      resource,
      namespace,
      {
        labelSelector,
        resourceVersion: resourceVersion ?? "",
        timeoutSeconds: minimumWatchSeconds + Math.floor(clock.random() * minimumWatchSeconds),
        silenceMilliseconds,
      },
      { signal: stopping.signal },
    );
    if (answer.kind === "error") return answer.error;
    touch.succeeded();
    const openedAt = clock.now();
    const error = await take(answer.value);
    // A server that ends every watch at once must not become a hot loop.
    return error ?? (clock.now() - openedAt < 1000 ? unsteady : null);
  }
  async function take(signals: AsyncIterable<WatchSignal<Item>>): Promise<ApiError | null> {
    try {
      for await (const signal of signals) {
        if (signal.type === "error") return signal.error;
        if (signal.type === "bookmark") resourceVersion = signal.resourceVersion;
        else {
          resourceVersion = signal.object.metadata?.resourceVersion ?? resourceVersion;
          if (signal.type === "deleted") objects.remove(signal.object);
          else objects.put(signal.object);
        }
      }
      return null;
    } catch (error) {
      return { ...unsteady, message: error instanceof Error ? error.message : String(error) };
    }
  }

  const finished = run().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    group: objects.group,
    all: objects.all,
    trouble: touch.trouble,
    listed: () => listedAt !== null,
    subscribe: objects.subscribe,
    async close() {
      stopping.abort(new Error("closed"));
      await finished;
    },
  };
}

/** Whether the API server answers. */
interface Touch {
  succeeded(): void;
  /** How many milliseconds to wait now. */
  failed(error: ApiError): number;
  /** `null`: in touch. */
  readonly trouble: () => Trouble | null;
}

function createTouch(clock: Clock, onChange: () => void): Touch {
  const backoff = createBackoff({ first: 500, last: 15_000, random: () => clock.random() });
  let trouble: Trouble | null = null;
  let failures = 0;
  return {
    succeeded() {
      failures = 0;
      backoff.reset();
      if (trouble === null) return;
      trouble = null;
      onChange();
    },
    failed({ message, retryAfterSeconds }) {
      failures += 1;
      if (failures >= failuresUntilTrouble && trouble === null) {
        trouble = { since: clock.now(), message };
        onChange();
      }
      return backoff.next({ retryAfterSeconds });
    },
    trouble: () => trouble,
  };
}

const unsteady: ApiError = {
  kind: "unavailable",
  httpStatus: null,
  reason: null,
  message: "the watch ended",
  causes: [],
  retryAfterSeconds: null,
};
