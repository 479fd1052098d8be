/** One request to the log API, from its opening to its end. */

import type { LogAnswer, LogRequest, LogSource } from "../cluster/log-source.ts";
import { isSpoken } from "./lines/kubelet-text.ts";
import type { LogLine, StampedLine } from "./lines/record.ts";
import { createLineSplitter } from "./lines/split.ts";
import { watchAnswer } from "./lines/stamp-watch.ts";
import type { StampWatch } from "./lines/stamp-watch.ts";

export type ReadEnd =
  /** Not a stream at all. */
  | { readonly kind: "refused"; readonly answer: Exclude<LogAnswer, { kind: "stream" }> }
  /** The connection broke. `begun`: the line that it broke in, where its timestamp had come. */
  | { readonly kind: "broken"; readonly reason: string; readonly begun: StampedLine | null }
  /** `onLines` had enough. */
  | { readonly kind: "stopped" }
  /** A clean end, which proves nothing. `rest`: what stood after the last newline. */
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
  stamps: StampWatch,
  signal: AbortSignal,
): Promise<ReadEnd> {
  const answer = await source.open(request, { signal });
  if (answer.kind !== "stream") return { kind: "refused", answer };
  const splitter = createLineSplitter(stamps.counted);
  const watch = watchAnswer(stamps, request.sinceSecond === undefined && request.tailRecords === undefined);
  const cancel = (): void => answer.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    handlers.onOpen?.();
    const chunks = answer.chunks[Symbol.asyncIterator]();
    for (;;) {
      const next = await settle(chunks.next());
      signal.throwIfAborted();
      if (next.kind === "rejected")
        return { kind: "broken", reason: messageOf(next.error), begun: begunIn(splitter.rest()) };
      if (next.value.done === true) return { kind: "end", rest: asSpoken(splitter.rest(), stamps) };
      handlers.onChunk?.();
      const lines = splitter.push(next.value.value);
      if (watch.see(lines) === "unstamped")
        return { kind: "broken", reason: "the node writes lines without timestamps", begun: null };
      if (lines.length > 0 && handlers.onLines(lines) === "stop") return { kind: "stopped" };
    }
  } finally {
    watch.end();
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

export function begunIn(rest: LogLine | null): StampedLine | null {
  return rest?.kind === "line" ? rest : null;
}

/** Where every line is counted, the kubelet's words at the end of an answer are told by what they say alone. */
function asSpoken(rest: LogLine | null, stamps: StampWatch): LogLine | null {
  if (!stamps.counted || rest === null) return rest;
  return isSpoken(rest.text) ? { kind: "unstamped", text: rest.text } : rest;
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
