/** One request to the log API, and every way in which it can be answered. The follower is written against this alone. */

/** The container whose log is read; the UID tells a pod from a later one of the same name. */
export interface LogTarget {
  readonly namespace: string;
  readonly podName: string;
  readonly podUid: string;
  readonly container: string;
}

export interface LogRequest {
  readonly namespace: string;
  readonly podName: string;
  readonly container: string;
  readonly follow: boolean;
  /** Whole seconds since the epoch, inclusive, as the API rounds it. Absent: from the first byte of the newest file. */
  readonly sinceSecond?: number;
  /**
   * The last so many records of the newest file, whenever they were written; a line has one for each of its parts, so the answer may
   * start inside a line. Never together with `sinceSecond`.
   */
  readonly tailRecords?: number;
}

export type LogAnswer =
  /**
   * Status 200. Iterating throws when the connection broke (reset, GOAWAY, timeout); a normal end is a clean EOF, which
   * proves nothing: the API server ends the stream cleanly when its own connection to the kubelet breaks, too.
   * After `cancel()` the iteration ends, in either way, at once.
   */
  | { readonly kind: "stream"; readonly chunks: AsyncIterable<Uint8Array>; cancel(): void }
  /** 204: the pod has no node yet. */
  | { readonly kind: "empty" }
  /** 400: waiting to start, or not available yet. */
  | { readonly kind: "waiting"; readonly message: string }
  | { readonly kind: "not-found"; readonly message: string }
  | { readonly kind: "unauthorized" | "forbidden"; readonly message: string }
  /** 408, 429, 5xx, no connection: try again. */
  | { readonly kind: "unavailable"; readonly message: string; readonly retryAfterSeconds: number | null };

/**
 * Nothing came for too long where something was due. As the reason of an abort it says that the connection is not to be trusted,
 * unless it has answered anything else meanwhile: what is asked next is asked on a new one.
 */
export class SilentStreamError extends Error {
  override name = "SilentStreamError";
  /** When the silence began, as `performance.now()` tells it; `Infinity`: the stream is known to be dead. */
  readonly since: number;

  constructor(message: string, since: number) {
    super(message);
    this.since = since;
  }
}

/** Always asks with `timestamps=true`. Rejects only with `signal.reason`. */
export interface LogSource {
  open(request: LogRequest, options: { readonly signal: AbortSignal }): Promise<LogAnswer>;
}
