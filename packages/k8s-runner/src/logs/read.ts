/** One request to the log API, from its opening to its end. */

import type { LogAnswer, LogRequest, LogSource } from "../cluster/log-source.ts";
import { createLineSplitter } from "./lines/record.ts";
import type { LogLine } from "./lines/record.ts";

export type ReadEnd =
  /** Not a stream at all. */
  | { readonly kind: "refused"; readonly answer: Exclude<LogAnswer, { kind: "stream" }> }
  /** The connection broke. */
  | { readonly kind: "broken"; readonly reason: string }
  /** `onLines` had enough. */
  | { readonly kind: "stopped" }
  /** A clean end, which proves nothing. `rest`: what stood behind the last newline. */
  | { readonly kind: "end"; readonly rest: LogLine | null };

export interface ReadHandlers {
  readonly onOpen?: () => void;
  readonly onChunk?: () => void;
  /** Called for each chunk that completes a line. `stop` ends the request. */
  readonly onLines: (lines: readonly LogLine[]) => "stop" | undefined;
}

/** Rejects only with `signal.reason`. */
export async function readLog(
  source: LogSource,
  request: LogRequest,
  handlers: ReadHandlers,
  signal: AbortSignal,
): Promise<ReadEnd> {
  const answer = await source.open(request, { signal });
  if (answer.kind !== "stream") return { kind: "refused", answer };
  const splitter = createLineSplitter();
  const cancel = (): void => answer.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    handlers.onOpen?.();
    const chunks = answer.chunks[Symbol.asyncIterator]();
    for (;;) {
      const next = await settle(chunks.next());
      signal.throwIfAborted();
      if (next.kind === "rejected") return { kind: "broken", reason: messageOf(next.error) };
      if (next.value.done === true) return { kind: "end", rest: splitter.rest() };
      handlers.onChunk?.();
      const lines = splitter.push(next.value.value);
      if (lines.length > 0 && handlers.onLines(lines) === "stop") return { kind: "stopped" };
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

type Settled<T> =
  | { readonly kind: "fulfilled"; readonly value: T }
  | { readonly kind: "rejected"; readonly error: unknown };

/** Only what the connection throws is the connection's fault; what the handlers throw must not look like a reset. */
async function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { kind: "fulfilled", value: await promise };
  } catch (error) {
    return { kind: "rejected", error };
  }
}

/** What a log answer without a stream means, in a few words. */
export function describeRefusal(answer: Exclude<LogAnswer, { kind: "stream" }>): string {
  return answer.kind === "empty" ? "the pod has no node yet" : answer.message;
}

/** `fetch` and its like hide the cause one level down. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}
