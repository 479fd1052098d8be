/** Everything the runner asks of a Kubernetes API server. Made by `connect`; tests may wrap it. */

import type { Duplex } from "node:stream";
import type { ApiError } from "./api-error.ts";
import type { Credentials } from "./credentials.ts";
import type { ExecSource } from "./exec-source.ts";
import type { LogSource } from "./log-source.ts";
import type { ResourceName, Resources } from "./wire.ts";

export type { ApiError } from "./api-error.ts";

export type ApiAnswer<T> =
  | {
      readonly kind: "ok";
      readonly value: T;
      /** The API server's clock in milliseconds, whole seconds; `null`: it did not say. */
      readonly serverTime: number | null;
    }
  | { readonly kind: "error"; readonly error: ApiError };

export interface ListAnswer<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

export type WatchSignal<T> =
  | { readonly type: "added" | "modified" | "deleted"; readonly object: T }
  | { readonly type: "bookmark"; readonly resourceVersion: string }
  | { readonly type: "error"; readonly error: ApiError };

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: "Foreground" | "Background";
  readonly graceSeconds?: number;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Default 20 s; the answer is then `unavailable`. */
  readonly deadlineMilliseconds?: number;
}

export interface CreateOptions extends RequestOptions {
  /** Everything is checked and answered as if, and nothing is made. */
  readonly dryRun?: boolean;
}

export interface RawSocket {
  readonly socket: Duplex;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly credentials: Credentials;
}

/**
 * Answers never reject for what the network or the API server did, only with `signal.reason`. `await using` closes it at the end
 * of its block.
 */
export interface Cluster extends AsyncDisposable {
  /** URL of the API server. */
  readonly server: string;
  /** Namespace of the kubeconfig's context, or of the pod we run in. */
  readonly namespace: string | null;
  /** What stood in the kubeconfig to prove who we are, by its field, as it was read by `connect`: for whoever masks what is shown. */
  readonly secrets: Readonly<Record<string, string>>;
  create<R extends ResourceName>(
    resource: R,
    namespace: string | null,
    body: Resources[R],
    options?: CreateOptions,
  ): Promise<ApiAnswer<Resources[R]>>;
  get<R extends ResourceName>(
    resource: R,
    namespace: string | null,
    name: string,
    options?: RequestOptions,
  ): Promise<ApiAnswer<Resources[R]>>;
  list<R extends ResourceName>(
    resource: R,
    namespace: string | null,
    selection: Selection,
    options?: RequestOptions,
  ): Promise<ApiAnswer<ListAnswer<Resources[R]>>>;
  /** JSON merge patch. With `metadata.resourceVersion` in `body` it is refused (`conflict`) when the object has changed. */
  patch<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
    body: object,
    options?: RequestOptions,
  ): Promise<ApiAnswer<Resources[R]>>;
  replace<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
    body: Resources[R],
    options?: RequestOptions,
  ): Promise<ApiAnswer<Resources[R]>>;
  delete(
    resource: ResourceName,
    namespace: string,
    name: string,
    deletion: DeleteOptions,
    options?: RequestOptions,
  ): Promise<ApiAnswer<unknown>>;
  /** Ends when the server ends it; throws when the connection breaks or stays silent for `silenceMilliseconds`. */
  watch<R extends ResourceName>(
    resource: R,
    namespace: string,
    selection: Selection & {
      readonly resourceVersion: string;
      readonly timeoutSeconds: number;
      readonly silenceMilliseconds: number;
    },
    options: { readonly signal: AbortSignal },
  ): Promise<ApiAnswer<AsyncIterable<WatchSignal<Resources[R]>>>>;
  readonly logs: LogSource;
  readonly exec: ExecSource;
  /**
   * For what is no request and answer, such as the WebSocket of `pods/exec`: a connected socket to the API server, through
   * TLS and proxy, which speaks HTTP/1.1, and the headers that say who we are. Hand back the `RawSocket` as `refused` when the
   * server answered 401 on it: the next one has new credentials. Rejects with what went wrong, and with `signal.reason`.
   */
  openSocket(options: { readonly signal: AbortSignal; readonly refused?: RawSocket }): Promise<RawSocket>;
  /** Ends every request and connection. */
  close(): Promise<void>;
}
