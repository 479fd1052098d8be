/** The `Cluster` over a transport: plain typed requests. */

import type { ApiAnswer, ApiError, Cluster, DeleteOptions, RequestOptions } from "./cluster.ts";
import { networkError, toApiError } from "./api-error.ts";
import { pathOf } from "./api-path.ts";
import { type Answered, readBody, readErrorBody } from "./body.ts";
import { createDeadline } from "./deadline.ts";
import { listPages, pageSize } from "./list-pages.ts";
import { createExecSource } from "./exec-requests.ts";
import { createLogSource } from "./log-requests.ts";
import type { Transport, TransportRequest } from "./transport.ts";
import { openWatch } from "./watch-requests.ts";
import { resourceGroups } from "./wire.ts";
import type { ResourceName } from "./wire.ts";

const requestDeadlineMilliseconds = 20_000;

interface Asked {
  readonly creating: boolean;
  readonly answered: Answered;
}

export interface ClusterOptions {
  readonly server: string;
  readonly namespace: string | null;
  readonly secrets: Readonly<Record<string, string>>;
  readonly transport: Transport;
}

export function createCluster({ server, namespace, secrets, transport }: ClusterOptions): Cluster {
  function send<T>(
    request: Omit<TransportRequest, "signal">,
    options: RequestOptions | undefined,
    { creating = false, answered = "object" }: Partial<Asked> = {},
  ): Promise<ApiAnswer<T>> {
    return sendJson<T>(transport, request, options, { creating, answered });
  }
  return {
    server,
    namespace,
    secrets,
    create: (resource, inNamespace, body, options) =>
      send(
        {
          method: "POST",
          path: pathOf(resource, inNamespace),
          ...(options?.dryRun === true && { query: { dryRun: "All" } }),
          body: JSON.stringify({ ...typeOf(resource), ...body }),
        },
        options,
        { creating: true },
      ),
    get: (resource, inNamespace, name, options) =>
      send({ method: "GET", path: pathOf(resource, inNamespace, name) }, options),
    list: (resource, inNamespace, { labelSelector, fieldSelector }, options) =>
      listPages((continueToken) =>
        send(
          {
            method: "GET",
            path: pathOf(resource, inNamespace),
            query: { labelSelector, fieldSelector, limit: String(pageSize), continue: continueToken },
          },
          options,
          { answered: "list" },
        ),
      ),
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
    exec: createExecSource(server, transport),
    openSocket: (options) => transport.openSocket(options),
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
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

async function sendJson<T>(
  transport: Transport,
  request: Omit<TransportRequest, "signal">,
  options: RequestOptions | undefined,
  { creating, answered }: Asked,
): Promise<ApiAnswer<T>> {
  const milliseconds = options?.deadlineMilliseconds ?? requestDeadlineMilliseconds;
  const deadline = createDeadline(milliseconds, options?.signal, `no answer within ${milliseconds / 1000} s`);
  try {
    const answer = await transport.send({ ...request, signal: deadline.signal });
    if (answer.httpStatus >= 200 && answer.httpStatus < 300) {
      const value = objectIn(await readBody(answer.body, answered)) as T;
      return { kind: "ok", value, serverTime: timeOf(answer.header("date")) };
    }
    const error = toApiError({
      httpStatus: answer.httpStatus,
      body: await readErrorBody(answer.body),
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

/** Every answer of the API is an object; what is none comes from something else behind the address. */
function objectIn(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Error("the server's answer is no object of the Kubernetes API");
}

function timeOf(date: string | null): number | null {
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? null : time;
}
