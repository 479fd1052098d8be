import { randomUUID } from "node:crypto";
import type { ClusterClock } from "../clock.ts";
import { microTimestamp, milliseconds, timestamp } from "../objects/time.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Store } from "../store/store.ts";

export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
}

export interface EventRecorder {
  record(about: ApiObject, text: EventText): void;
  /** The scheduler's newer form: `eventTime` and `action`, no count. */
  recordAction(about: ApiObject, text: EventText & { readonly action: string }): void;
}

const lifetimeMilliseconds = 3_600_000;
const keptAtMost = 20_000;
const similarLimit = 10;

interface EventObject extends ApiObject {
  count?: number;
  message: string;
  lastTimestamp?: string | null;
}

/** Makes recorders that fold repeats as client-go does: equal events count up, many similar ones are combined. */
export function createEvents(store: Store, clock: ClusterClock): (source: EventSource) => EventRecorder {
  const born: {
    readonly at: number;
    readonly namespace: string;
    readonly name: string;
    readonly keys: string[];
  }[] = [];
  const known = new Map<string, string>();
  const similar = new Map<string, Set<string>>();

  function prune(): void {
    const now = milliseconds(clock);
    for (let first = born[0]; first !== undefined; first = born[0]) {
      if (now - first.at < lifetimeMilliseconds && born.length <= keptAtMost) return;
      born.shift();
      store.remove("events", first.namespace, first.name);
      for (const key of first.keys) {
        known.delete(key);
        similar.delete(key);
      }
    }
  }

  function write(source: EventSource, about: ApiObject, text: EventText, action: string | null): void {
    prune();
    const { namespace = "default", name, uid } = about.metadata;
    const group = [source.component, source.host, uid, text.reason, text.type, text.fieldPath].join("|");
    const messages = similar.get(group) ?? new Set<string>();
    similar.set(group, messages);
    messages.add(text.message);
    const combined = action === null && messages.size >= similarLimit;
    const message = combined ? `(combined from similar events): ${text.message}` : text.message;
    const key = combined ? `${group}|*` : `${group}|${text.message}`;
    const before = known.get(key);
    const previous =
      before === undefined ? undefined : (store.get("events", namespace, before) as EventObject | undefined);
    if (previous !== undefined && action === null) {
      const next: EventObject = {
        ...previous,
        count: (previous.count ?? 1) + 1,
        message,
        lastTimestamp: timestamp(clock),
      };
      store.update("events", next);
      return;
    }
    const eventName = `${name}.${clock.nowNanoseconds().toString(16)}`;
    const event = { source, about, text: { ...text, message }, action };
    store.create("events", newEvent(event, eventName, clock));
    known.set(key, eventName);
    born.push({ at: milliseconds(clock), namespace, name: eventName, keys: [key, group] });
  }

  return (source) => ({
    record: (about, text) => write(source, about, text, null),
    recordAction: (about, { action, ...text }) => write(source, about, text, action),
  });
}

interface NewEvent {
  readonly source: EventSource;
  readonly about: ApiObject;
  readonly text: EventText;
  /** `null`: the older form, which counts. */
  readonly action: string | null;
}

function newEvent(
  { source, about, text, action }: NewEvent,
  eventName: string,
  clock: ClusterClock,
): ApiObject {
  const { component, host } = source;
  const { namespace, name, uid, resourceVersion } = about.metadata;
  const now = timestamp(clock);
  const form =
    action === null
      ? {
          source: { component, ...(host === undefined ? {} : { host }) },
          firstTimestamp: now,
          lastTimestamp: now,
          count: 1,
          eventTime: null,
          reportingInstance: host ?? "",
        }
      : {
          source: {},
          firstTimestamp: null,
          lastTimestamp: null,
          action,
          eventTime: microTimestamp(clock),
          reportingInstance: `${component}-local`,
        };
  const event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: eventName,
      namespace: namespace ?? "default",
      uid: randomUUID(),
      resourceVersion: "",
      creationTimestamp: now,
    },
    involvedObject: {
      kind: about.kind,
      ...(namespace === undefined ? {} : { namespace }),
      name,
      uid,
      apiVersion: about.apiVersion,
      resourceVersion,
      ...(text.fieldPath === undefined ? {} : { fieldPath: text.fieldPath }),
    },
    reason: text.reason,
    message: text.message,
    type: text.type,
    ...form,
    reportingComponent: component,
  };
  return event;
}
