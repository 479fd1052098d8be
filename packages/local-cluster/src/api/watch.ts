import type { ClusterClock } from "../clock.ts";
import type { ApiObject } from "../objects/types.ts";
import type { StoreEvent } from "../store/store.ts";
import { startStream, type Exchange } from "./http/exchange.ts";
import { filterOf, parseVersion, tooLarge, type ObjectFilter } from "./read.ts";
import type { Registry } from "./registry.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import { expired, toStatus } from "./status.ts";

export interface WatchSettings {
  readonly bookmarkIntervalMilliseconds: number;
}

/** Turns objects into what the client asked for: themselves, or rows of a table. */
export type Render = (object: ApiObject) => unknown;

const shortestMinutes = 30;
/** How long before the end of a watch its last bookmark comes. */
const lastBookmarkSeconds = 2;

/** Streams changes after a version: `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK`, and an `ERROR` for a version too old. */
export async function watchObjects(
  registry: Registry,
  resource: Resource,
  namespace: string,
  exchange: Exchange,
  settings: WatchSettings,
  render: Render,
): Promise<void> {
  const { store, clock } = registry;
  const { query } = exchange;
  const filter = scoped(filterOf(resource, query), namespace);
  const text = query.get("resourceVersion") ?? "";
  const from = text === "" || text === "0" ? null : parseVersion(text);
  const bookmarks = query.get("allowWatchBookmarks") === "true" || query.get("allowWatchBookmarks") === "1";
  if (from !== null && from > store.resourceVersion()) {
    // The real server waits for the version to come, then tells that it did not.
    const stream = startStream(exchange, "application/json");
    await stream.write(line({ type: "ERROR", object: toStatus(tooLarge(from, store.resourceVersion())) }));
    stream.end();
    return;
  }
  const backlog = from === null ? [] : store.since(resource.plural, from);
  const stream = startStream(exchange, "application/json");
  if (backlog === null) {
    const error = expired(`too old resource version: ${from} (${store.resourceVersion()})`);
    await stream.write(line({ type: "ERROR", object: toStatus(error) }));
    stream.end();
    return;
  }

  const messages = createMessages();
  const tell = (event: StoreEvent) => {
    const message = translate(event, filter, render);
    if (message !== null) messages.push(message);
  };
  if (from === null) {
    for (const object of store.list(resource.plural).filter(filter))
      messages.push({ type: "ADDED", object: render(object) });
  }
  if (query.get("sendInitialEvents") === "true") {
    messages.push(bookmark(resource, store.resourceVersion(), { "k8s.io/initial-events-end": "true" }));
  }
  for (const event of backlog) tell(event);
  const unsubscribe = store.subscribe(resource.plural, tell);
  exchange.signal.addEventListener("abort", messages.finish, { once: true });
  const seconds = Number(query.get("timeoutSeconds") ?? 0) || shortestMinutes * 60 * (1 + Math.random());
  const cancelTimeout = clock.after(seconds * 1000, messages.finish);
  const cancelBookmarks = bookmarks
    ? sendBookmarks(clock, settings.bookmarkIntervalMilliseconds, seconds, () =>
        messages.push(bookmark(resource, store.resourceVersion())),
      )
    : () => undefined;

  try {
    for (;;) {
      if (exchange.signal.aborted) messages.finish();
      const next = await messages.next();
      if (next === null) return;
      await stream.write(next);
    }
  } finally {
    unsubscribe();
    cancelTimeout();
    cancelBookmarks();
    exchange.signal.removeEventListener("abort", messages.finish);
    stream.end();
  }
}

/** What waits to be sent. */
interface Messages {
  push(message: object): void;
  /** Nothing follows what is there. */
  readonly finish: () => void;
  /** `null`: all are sent. */
  next(): Promise<Buffer | null>;
}

function createMessages(): Messages {
  const queue: Buffer[] = [];
  let wake: (() => void) | null = null;
  let over = false;
  return {
    push(message) {
      queue.push(line(message));
      wake?.();
    },
    finish() {
      over = true;
      wake?.();
    },
    async next() {
      for (;;) {
        const next = queue.shift();
        if (next !== undefined) return next;
        if (over) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** From time to time, and once shortly before the end: so the next watch goes on from there and not from long ago. */
function sendBookmarks(
  clock: ClusterClock,
  intervalMilliseconds: number,
  seconds: number,
  send: () => void,
): () => void {
  let cancelNext: () => void = () => undefined;
  const schedule = () => {
    cancelNext = clock.after(intervalMilliseconds, () => {
      send();
      schedule();
    });
  };
  schedule();
  const cancelLast = clock.after(Math.max(0, seconds - lastBookmarkSeconds) * 1000, send);
  return () => {
    cancelNext();
    cancelLast();
  };
}

function scoped(filter: ObjectFilter, namespace: string): ObjectFilter {
  return namespace === "" ? filter : (object) => object.metadata.namespace === namespace && filter(object);
}

/** With a selector an object can come into view and leave it without being made or deleted. */
function translate(event: StoreEvent, filter: ObjectFilter, render: Render): object | null {
  const now = filter(event.object);
  const before = event.previous !== null && filter(event.previous);
  if (event.type === "DELETED") return before ? { type: "DELETED", object: render(event.object) } : null;
  if (now && before) return { type: "MODIFIED", object: render(event.object) };
  if (now) return { type: "ADDED", object: render(event.object) };
  return before ? { type: "DELETED", object: render(event.object) } : null;
}

function bookmark(resource: Resource, version: number, annotations?: Record<string, string>): object {
  return {
    type: "BOOKMARK",
    object: {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: {
        resourceVersion: String(version),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    },
  };
}

function line(message: object): Buffer {
  return Buffer.from(`${JSON.stringify(message)}\n`);
}
