/** One watch request: a stream of JSON lines with a watchdog, as a connection that died silently says nothing for ever. */

import type { ApiAnswer, Selection, WatchSignal } from "./cluster.ts";
import { networkError, statusToApiError, toApiError } from "./api-error.ts";
import { readErrorBody } from "./body.ts";
import { createDeadline } from "./deadline.ts";
import { readLines } from "./lines.ts";
import type { Transport, TransportAnswer } from "./transport.ts";

export interface WatchSelection extends Selection {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  readonly silenceMilliseconds: number;
  readonly openMilliseconds?: number;
}

/** An API server answers a watch at once, whether or not there is anything to tell. */
const defaultOpenMilliseconds = 30_000;

export async function openWatch<T>(
  transport: Transport,
  path: string,
  selection: WatchSelection,
  signal: AbortSignal,
): Promise<ApiAnswer<AsyncIterable<WatchSignal<T>>>> {
  const { silenceMilliseconds, openMilliseconds = defaultOpenMilliseconds } = selection;
  const silence = createDeadline(openMilliseconds, signal, "the watch was silent for too long");
  try {
    const answer = await transport.send({
      method: "GET",
      path,
      query: {
        watch: "true",
        allowWatchBookmarks: "true",
        resourceVersion: selection.resourceVersion,
        timeoutSeconds: String(selection.timeoutSeconds),
        labelSelector: selection.labelSelector,
        fieldSelector: selection.fieldSelector,
      },
      stream: "watch",
      signal: silence.signal,
    });
    if (answer.httpStatus === 200) {
      silence.restart(silenceMilliseconds);
      return { kind: "ok", value: readSignals<T>(answer, silence), serverTime: null };
    }
    const body = await readErrorBody(answer.body);
    silence.clear();
    return {
      kind: "error",
      error: toApiError({ httpStatus: answer.httpStatus, body, retryAfter: answer.header("retry-after") }),
    };
  } catch (error) {
    silence.clear();
    signal.throwIfAborted();
    return { kind: "error", error: networkError(error) };
  }
}

async function* readSignals<T>(
  { body }: TransportAnswer,
  silence: ReturnType<typeof createDeadline>,
): AsyncGenerator<WatchSignal<T>> {
  try {
    for await (const line of readLines(body)) {
      silence.restart();
      yield toSignal<T>(line);
    }
  } finally {
    silence.clear();
    body.destroy();
  }
}

function toSignal<T>(line: string): WatchSignal<T> {
  const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: unknown };
  switch (type) {
    case "ADDED":
      return { type: "added", object: object as T };
    case "MODIFIED":
      return { type: "modified", object: object as T };
    case "DELETED":
      return { type: "deleted", object: object as T };
    case "BOOKMARK":
      return {
        type: "bookmark",
        resourceVersion: (object as { metadata: { resourceVersion: string } }).metadata.resourceVersion,
      };
    default:
      return { type: "error", error: statusToApiError(object) };
  }
}
