import type { ApiObject } from "../objects/types.ts";
import type { StoreEvent } from "../store/store.ts";
import type { Registry } from "./registry.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import { parseFieldSelector, parseLabelSelector } from "./selectors.ts";
import { ApiError, badRequest, expired, notFound } from "./status.ts";

export interface ListResult {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  readonly items: readonly ApiObject[];
}

export type ObjectFilter = (object: ApiObject) => boolean;

export function getObject(
  registry: Registry,
  resource: Resource,
  namespace: string,
  name: string,
): ApiObject {
  const found = registry.store.get(resource.plural, namespace, name);
  if (found === undefined) throw notFound(resource, name);
  return found;
}

/** Label and field selector of a request, as one test. */
export function filterOf(resource: Resource, query: URLSearchParams): ObjectFilter {
  const labels = parseLabelSelector(query.get("labelSelector"));
  const sample = new Set(["metadata.name", "metadata.namespace"]);
  const fields = parseFieldSelector(
    query.get("fieldSelector"),
    (field) => sample.has(field) || selectableNames(resource).has(field),
  );
  return (object) =>
    labels(object.metadata.labels ?? {}) &&
    fields({
      "metadata.name": object.metadata.name,
      "metadata.namespace": object.metadata.namespace ?? "",
      ...resource.selectable(object),
    });
}

const empty = { metadata: {}, spec: {}, status: {} } as unknown as ApiObject;

function selectableNames(resource: Resource): Set<string> {
  return new Set(Object.keys(resource.selectable(empty)));
}

interface Continuation {
  readonly version: number;
  readonly after: string;
  /** What was written after the first page. */
  readonly since: readonly StoreEvent[];
}

export function listObjects(
  registry: Registry,
  resource: Resource,
  namespace: string,
  query: URLSearchParams,
): ListResult {
  const { store } = registry;
  const filter = filterOf(resource, query);
  checkVersion(store.resourceVersion(), query);
  const limit = Number(query.get("limit") ?? 0);
  const from = parseContinue(query.get("continue"), registry, resource);
  const within = resource.namespaced && namespace !== "" ? namespace : undefined;
  const now = store.list(resource.plural, within);
  const all = (from === null ? now : asItWas(now, from.since, within)).filter(filter);
  const rest = from === null ? all : all.filter((object) => keyOf(object) > from.after);
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const last = page.at(-1);
  const version = from?.version ?? store.resourceVersion();
  const left = rest.length - page.length;
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(version),
      ...(left > 0 && last !== undefined
        ? {
            continue: Buffer.from(
              JSON.stringify({ v: "meta.k8s.io/v1", rv: version, start: keyOf(last) }),
            ).toString("base64url"),
            // With a selector the server does not know how many are left.
            ...(hasSelector(query) ? {} : { remainingItemCount: left }),
          }
        : {}),
    },
    items: page,
  };
}

/** The pages of a list are of one moment: what was written since the first is taken back, the latest first. */
function asItWas(
  now: readonly ApiObject[],
  since: readonly StoreEvent[],
  namespace: string | undefined,
): ApiObject[] {
  const objects = new Map(now.map((object) => [keyOf(object), object]));
  for (const event of since.toReversed()) {
    if (namespace !== undefined && event.object.metadata.namespace !== namespace) continue;
    if (event.previous === null) objects.delete(keyOf(event.object));
    else objects.set(keyOf(event.object), event.previous);
  }
  return [...objects.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

function hasSelector(query: URLSearchParams): boolean {
  return (query.get("labelSelector") ?? "") !== "" || (query.get("fieldSelector") ?? "") !== "";
}

function keyOf(object: ApiObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

function checkVersion(current: number, query: URLSearchParams): void {
  const text = query.get("resourceVersion") ?? "";
  if (text === "" || query.get("continue") !== null) return;
  const wanted = parseVersion(text);
  if (wanted > current) throw tooLarge(wanted, current);
}

export function parseVersion(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text);
  throw new ApiError(
    500,
    "",
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

export function tooLarge(wanted: number, current: number): ApiError {
  return new ApiError(504, "Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

function parseContinue(token: string | null, registry: Registry, resource: Resource): Continuation | null {
  if (token === null || token === "") return null;
  let parsed: { rv?: number; start?: string };
  try {
    parsed = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as typeof parsed;
  } catch {
    throw badRequest(
      "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
    );
  }
  const version = parsed.rv ?? 0;
  const since = registry.store.since(resource.plural, version);
  if (since === null) {
    throw expired("The provided continue parameter is too old to display a consistent list result.");
  }
  return { version, after: parsed.start ?? "", since };
}
