/** Messages by their ids, each once. */
export interface Messages<Value> {
  /** Puts `value`, or `merge`s it with what is known of the same message. Without an id it is a message of its own. */
  put(
    messageId: string | null,
    requestId: string | null,
    value: Value,
    merge: (known: Value, again: Value) => Value,
  ): void;
  all(): Iterable<Value>;
}

interface Entry<Value> {
  /** `null`: no line of it named one yet. */
  requestId: string | null;
  value: Value;
}

/**
 * The request id tells apart messages of gateways that number them anew in each request. A line without one belongs to whatever
 * message of its id there is: restarts and gateways leave it out of some lines of a message.
 */
export function createMessages<Value>(): Messages<Value> {
  const entries: Entry<Value>[] = [];
  const byId = new Map<string, Entry<Value>[]>();
  return {
    put(messageId, requestId, value, merge) {
      const sameId = messageId === null ? [] : (byId.get(messageId) ?? []);
      const known = sameId.find(
        (entry) => requestId === null || entry.requestId === null || entry.requestId === requestId,
      );
      if (known !== undefined) {
        known.value = merge(known.value, value);
        known.requestId ??= requestId;
        return;
      }
      const entry = { requestId, value };
      entries.push(entry);
      if (messageId !== null) byId.set(messageId, [...sameId, entry]);
    },
    *all() {
      for (const { value } of entries) yield value;
    },
  };
}
