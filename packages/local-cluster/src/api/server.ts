import type { Kubelet } from "../kubelet/kubelet.ts";
import type { ApiObject } from "../objects/types.ts";
import { milliseconds } from "../objects/time.ts";
import { reviewAccess } from "./access-review.ts";
import type { Access, User } from "./access.ts";
import { deleteCollection, deleteObject } from "./delete.ts";
import { discover } from "./discovery.ts";
import { serveEviction } from "./eviction.ts";
import { send, sendJson, type Exchange, type Incoming, type Outgoing } from "./http/exchange.ts";
import { parseRoute, type Route } from "./http/route.ts";
import { describeApi } from "./openapi.ts";
import { servePodLog } from "./pod-log.ts";
import { getObject, listObjects } from "./read.ts";
import type { Registry } from "./registry.ts";
import { ApiError, methodNotAllowed, toStatus, unknownResource } from "./status.ts";
import { tableOf, wantsTable } from "./table/table.ts";
import { watchObjects, type WatchSettings } from "./watch.ts";
import { createObject, patchObject, replaceObject } from "./write.ts";

export interface ApiServerParts {
  readonly registry: Registry;
  readonly access: Access;
  readonly kubelets: ReadonlyMap<string, Kubelet>;
  readonly watch: WatchSettings;
  readonly address: () => string;
}

/** What is open at the moment, and what was asked since the start. */
export interface Traffic {
  readonly requests: Map<string, number>;
  watches: number;
  follows: number;
  /** Aborts every open request. */
  readonly open: Set<AbortController>;
}

export function createTraffic(): Traffic {
  return { requests: new Map(), watches: 0, follows: 0, open: new Set() };
}

/** The function that answers each request. It never throws: trouble is a Status. */
export function createHandler(
  parts: ApiServerParts,
  traffic: Traffic,
): (request: Incoming, response: Outgoing) => void {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    const gone = new AbortController();
    traffic.open.add(gone);
    response.once("close", () => {
      traffic.open.delete(gone);
      gone.abort();
    });
    // A reset in the middle of a reply is the client's business.
    response.on("error", () => gone.abort());
    request.on("error", () => gone.abort());
    response.setHeader("date", new Date(milliseconds(parts.registry.clock)).toUTCString());
    const exchange: Exchange = {
      method: request.method ?? "GET",
      path: url.pathname,
      query: url.searchParams,
      request,
      response,
      signal: gone.signal,
    };
    void answer(parts, traffic, exchange).catch((error: unknown) => fail(exchange, error));
  };
}

function fail(exchange: Exchange, error: unknown): void {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError(
          500,
          "InternalError",
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        );
  if (exchange.response.headersSent) {
    exchange.response.end();
    return;
  }
  const retry = known.details?.retryAfterSeconds;
  if (retry !== undefined) exchange.response.setHeader("retry-after", String(retry));
  sendJson(exchange, known.code, toStatus(known));
}

async function answer(parts: ApiServerParts, traffic: Traffic, exchange: Exchange): Promise<void> {
  const { path, method } = exchange;
  const user = parts.access.authenticate(exchange.request.headers.authorization);
  if (/^\/(?:healthz|readyz|livez)(?:\/|$)/u.test(path)) {
    return send(exchange, 200, "text/plain; charset=utf-8", Buffer.from("ok"));
  }
  const document = method === "GET" ? (discover(path, parts.address()) ?? describeApi(path)) : null;
  if (document !== null) return sendJson(exchange, 200, document);
  const route = parseRoute(path);
  if (route === null) {
    return send(exchange, 404, "text/plain; charset=utf-8", Buffer.from("404 page not found\n"));
  }
  if (route === "unknown") throw unknownResource();
  const verb = verbOf(method, route, exchange.query);
  const { resource, namespace, name, subresource } = route;
  const label = subresource === "" ? resource.plural : `${resource.plural}/${subresource}`;
  traffic.requests.set(`${verb} ${label}`, (traffic.requests.get(`${verb} ${label}`) ?? 0) + 1);
  if (resource.plural !== "selfsubjectaccessreviews") {
    parts.access.demand(user, {
      verb,
      group: resource.group,
      resource: resource.plural,
      subresource,
      namespace: resource.plural === "namespaces" ? name : namespace,
      name,
    });
  }
  if (subresource !== "") return answerSubresource(parts, traffic, route, verb, exchange);
  if (!resource.verbs.includes(verb)) throw methodNotAllowed();
  return answerResource(parts, traffic, route, verb, exchange, user);
}

function verbOf(method: string, { name }: Route, query: URLSearchParams): string {
  switch (method) {
    case "GET":
    case "HEAD":
      if (name !== "") return "get";
      return ["true", "1"].includes(query.get("watch") ?? "") ? "watch" : "list";
    case "POST":
      return "create";
    case "PUT":
    case "PATCH":
      if (name === "") throw methodNotAllowed();
      return method === "PUT" ? "update" : "patch";
    case "DELETE":
      return name === "" ? "deletecollection" : "delete";
    default:
      throw methodNotAllowed();
  }
}

async function answerResource(
  { registry, access, watch }: ApiServerParts,
  traffic: Traffic,
  { resource, namespace, name }: Route,
  verb: string,
  exchange: Exchange,
  user: User,
): Promise<void> {
  const table = wantsTable(exchange.request.headers.accept)
    ? (objects: readonly ApiObject[], metadata: object) =>
        tableOf(
          resource,
          objects,
          metadata,
          milliseconds(registry.clock),
          exchange.query.get("includeObject"),
        )
    : null;
  switch (verb) {
    case "get": {
      const object = getObject(registry, resource, namespace, name);
      const { resourceVersion } = object.metadata;
      return sendJson(exchange, 200, table === null ? object : table([object], { resourceVersion }));
    }
    case "list": {
      const list = listObjects(registry, resource, namespace, exchange.query);
      return sendJson(exchange, 200, table === null ? list : table(list.items, list.metadata));
    }
    case "watch": {
      traffic.watches += 1;
      try {
        const render = (object: ApiObject) => (table === null ? object : table([object], {}));
        return await watchObjects(registry, resource, namespace, exchange, watch, render);
      } finally {
        traffic.watches -= 1;
      }
    }
    case "create": {
      if (name !== "") throw methodNotAllowed();
      const created =
        resource.plural === "selfsubjectaccessreviews"
          ? await reviewAccess(access, user, exchange)
          : await createObject(registry, resource, namespace, exchange);
      return sendJson(exchange, 201, created);
    }
    case "update": {
      if (name === "") throw methodNotAllowed();
      const { object, created } = await replaceObject(registry, resource, namespace, name, "", exchange);
      return sendJson(exchange, created ? 201 : 200, object);
    }
    case "patch":
      if (name === "") throw methodNotAllowed();
      return sendJson(exchange, 200, await patchObject(registry, resource, namespace, name, "", exchange));
    case "delete":
      return sendJson(exchange, 200, await deleteObject(registry, resource, namespace, name, exchange));
    case "deletecollection":
      return sendJson(exchange, 200, await deleteCollection(registry, resource, namespace, exchange));
    default:
      throw methodNotAllowed();
  }
}

async function answerSubresource(
  { registry, kubelets }: ApiServerParts,
  traffic: Traffic,
  { resource, namespace, name, subresource }: Route,
  verb: string,
  exchange: Exchange,
): Promise<void> {
  const known = resource.subresources.find((entry) => entry.name === subresource);
  if (known === undefined) throw unknownResource();
  if (!known.verbs.includes(verb)) throw methodNotAllowed();
  if (subresource === "log") {
    const following = ["true", "1"].includes(exchange.query.get("follow") ?? "");
    if (following) traffic.follows += 1;
    try {
      return await servePodLog(registry, kubelets, namespace, name, exchange);
    } finally {
      if (following) traffic.follows -= 1;
    }
  }
  if (subresource === "eviction") {
    return sendJson(exchange, 201, await serveEviction(registry, namespace, name, exchange));
  }
  let object: ApiObject;
  if (verb === "get") object = getObject(registry, resource, namespace, name);
  else if (verb === "patch")
    object = await patchObject(registry, resource, namespace, name, "status", exchange);
  else object = (await replaceObject(registry, resource, namespace, name, "status", exchange)).object;
  return sendJson(exchange, 200, object);
}
