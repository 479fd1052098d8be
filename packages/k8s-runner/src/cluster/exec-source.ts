/** A program started in a container that runs. */

import type { ApiError } from "./api-error.ts";

export interface ExecRequest {
  readonly namespace: string;
  readonly podName: string;
  readonly container: string;
  readonly command: readonly string[];
}

export type ExecEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  /** The node could not start it, or not say how it ended. */
  | { readonly kind: "failed"; readonly message: string }
  /** The connection broke before its end was said: the program may still run. */
  | { readonly kind: "cut"; readonly message: string };

export interface ExecSession {
  /** Its standard output. Not read, it makes the program wait. Ends with the connection; `ended` says how. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves when it may be followed by more. Rejects when the connection is gone. */
  write(chunk: Uint8Array): Promise<void>;
  /** Never rejects. */
  readonly ended: Promise<ExecEnd>;
  /** The last of its standard error, at most 4 KiB. */
  errors(): string;
  cancel(reason: string): void;
}

export type ExecAnswer =
  | { readonly kind: "session"; readonly session: ExecSession }
  | { readonly kind: "error"; readonly error: ApiError };

/** Rejects only with `signal.reason`, which also ends a session. */
export interface ExecSource {
  open(request: ExecRequest, options: { readonly signal: AbortSignal }): Promise<ExecAnswer>;
}
