/** The `Cluster` over a transport: plain typed requests. */

import type {
  ApiAnswer,
  ApiError,
  Cluster,
  DeleteOptions,
  ListAnswer,
  RequestOptions,
  Selection,
} from "./cluster.ts";
import { networkError, toApiError } from "./api-error.ts";
import { pathOf } from "./api-path.ts";
import { createDeadline } from "./deadline.ts";
import { createLogSource } from "./log-requests.ts";
import type { Transport, TransportRequest } from "./transport.ts";
import { openWatch } from "./watch-requests.ts";
import { resourceGroups } from "./wire.ts";
import type { ResourceName } from "./wire.ts";

const requestDeadlineMilliseconds = 20_000;
const pageSize = "500";

export interface ClusterOptions {
  readonly server: string;
  readonly namespace: string | null;
  readonly transport: Transport;
}

export function createCluster({ server, namespace, transport }: ClusterOptions): Cluster {
  function send<T>(
    request: Omit<TransportRequest, "signal">,
    options: RequestOptions | undefined,
    creating = false,
  ): Promise<ApiAnswer<T>> {
    return sendJson<T>(transport, request, options, creating);
  }
  return {
    server,
    namespace,
    create: (resource, inNamespace, body, options) =>
      send(
        {
          method: "POST",
          path: pathOf(resource, inNamespace),
          body: JSON.stringify({ ...typeOf(resource), ...body }),
        },
        options,
        true,
      ),
    get: (resource, inNamespace, name, options) =>
      send({ method: "GET", path: pathOf(resource, inNamespace, name) }, options),
    list: (resource, inNamespace, selection, options) =>
      listAll(resource, inNamespace, selection, options, send),
    patch: (resource, inNamespace, name, body, options) =>
      send(
        {
          method: "PATCH",
          path: pathOf(resource, inNamespace, name),
          body: JSON.stringify(body),
          contentType: "application/merge-patch+json",
        },
        options,
      ),
    replace: (resource, inNamespace, name, body, options) =>
      send(
        {
          method: "PUT",
          path: pathOf(resource, inNamespace, name),
          body: JSON.stringify({ ...typeOf(resource), ...body }),
        },
        options,
      ),
    delete: (resource, inNamespace, name, deletion, options) =>
      send(
        {
          method: "DELETE",
          path: pathOf(resource, inNamespace, name),
          body: JSON.stringify(deletionBody(deletion)),
        },
        options,
      ),
    watch: (resource, inNamespace, selection, options) =>
      openWatch(transport, pathOf(resource, inNamespace), selection, options.signal),
    logs: createLogSource(transport),
    openSocket: (options) => transport.openSocket(options),
    close: () => transport.close(),
  };
}

function typeOf(resource: ResourceName): { apiVersion: string; kind: string } {
  const { group, version, kind } = resourceGroups[resource];
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind };
}

function deletionBody({ uid, resourceVersion, propagation, graceSeconds }: DeleteOptions): object {
  const preconditions = {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  return {
    kind: "DeleteOptions",
    apiVersion: "v1",
    // Without a policy the API orphans a Job's pods.
    propagationPolicy: propagation ?? "Background",
    ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
    ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
  };
}

type Send = <T>(
  request: Omit<TransportRequest, "signal">,
  options: RequestOptions | undefined,
) => Promise<ApiAnswer<T>>;

interface ListBody<T> {
  readonly items?: readonly T[];
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

async function listAll<T>(
  resource: ResourceName,
  namespace: string | null,
  selection: Selection,
  options: RequestOptions | undefined,
  send: Send,
): Promise<ApiAnswer<ListAnswer<T>>> {
  const items: T[] = [];
  let continueToken: string | undefined;
  for (;;) {
    const page = await send<ListBody<T>>(
      {
        method: "GET",
        path: pathOf(resource, namespace),
        query: {
          labelSelector: selection.labelSelector,
          fieldSelector: selection.fieldSelector,
          limit: pageSize,
          continue: continueToken,
        },
      },
      options,
    );
    if (page.kind === "error") return page;
    items.push(...(page.value.items ?? []));
    continueToken = page.value.metadata?.continue || undefined;
    if (continueToken === undefined)
      return {
        kind: "ok",
        value: { items, resourceVersion: page.value.metadata?.resourceVersion ?? "" },
        serverTime: page.serverTime,
      };
  }
}

async function sendJson<T>(
  transport: Transport,
  request: Omit<TransportRequest, "signal">,
  options: RequestOptions | undefined,
  creating: boolean,
): Promise<ApiAnswer<T>> {
  const milliseconds = options?.deadlineMilliseconds ?? requestDeadlineMilliseconds;
  const deadline = createDeadline(milliseconds, options?.signal, `no answer within ${milliseconds / 1000} s`);
  try {
    const answer = await transport.send({ ...request, signal: deadline.signal });
    const body = await text(answer.body);
    if (answer.httpStatus >= 200 && answer.httpStatus < 300)
      return { kind: "ok", value: JSON.parse(body) as T, serverTime: timeOf(answer.header("date")) };
    const error = toApiError({
      httpStatus: answer.httpStatus,
      body,
      retryAfter: answer.header("retry-after"),
    });
    return { kind: "error", error: creating ? error : notCreating(error) };
  } catch (error) {
    options?.signal?.throwIfAborted();
    return { kind: "error", error: networkError(deadline.expired() ? deadline.signal.reason : error) };
  } finally {
    deadline.clear();
  }
}

function notCreating(error: ApiError): ApiError {
  return error.kind === "already-exists" ? { ...error, kind: "conflict" } : error;
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function timeOf(date: string | null): number | null {
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? null : time;
}
