/** A request as the API server reads it, reduced to what faults are addressed by. */
export interface ProxiedRequest {
  /**
   * `log-follow` and `log-read` for container logs; else verb and resource (`watch pods`, `create jobs`,
   * `create pods/eviction`); for paths without a resource method and path (`get /version`).
   */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly namespace: string | null;
  /** The object's name: from the path, from the body of a create, or from `fieldSelector=metadata.name=…`. */
  readonly name: string | null;
  readonly query: Readonly<Record<string, string>>;
}

/** Which requests a fault is meant for. Everything given must hold; nothing given means every request. */
export interface RequestMatch {
  /** One kind or several; `*` stands for either word or both (`* pods`, `watch *`, `*`). */
  readonly kind?: string | readonly string[];
  readonly name?: string | RegExp;
  readonly namespace?: string;
}

/** Reads verb, resource and object out of method, URL and body, by the rules of the API server's request info. */
export function readRequest(method: string, url: string, body: string): ProxiedRequest {
  const { pathname, searchParams } = new URL(url, "https://proxy.invalid");
  const query = Object.fromEntries(searchParams);
  const resource = readResource(pathname);
  if (resource === null) {
    return {
      kind: `${method.toLowerCase()} ${pathname}`,
      method,
      path: pathname,
      namespace: null,
      name: null,
      query,
    };
  }
  const { namespace, resourceName, subresource } = resource;
  const name = resource.name ?? nameFromSelector(query) ?? (method === "POST" ? nameFromBody(body) : null);
  return {
    kind: kindOf(method, resourceName, subresource, resource.name, query),
    method,
    path: pathname,
    namespace,
    name,
    query,
  };
}

export function matches(request: ProxiedRequest, when: RequestMatch): boolean {
  if (when.namespace !== undefined && when.namespace !== request.namespace) return false;
  if (typeof when.name === "string" && when.name !== request.name) return false;
  if (when.name instanceof RegExp && !found(when.name, request.name)) return false;
  if (when.kind === undefined) return true;
  const patterns = typeof when.kind === "string" ? [when.kind] : when.kind;
  return patterns.some((pattern) => kindMatches(request.kind, pattern));
}

function found(pattern: RegExp, name: string | null): boolean {
  // `search` and not `test`: a pattern with the g flag remembers where it stopped.
  return name !== null && name.search(pattern) >= 0;
}

function kindMatches(kind: string, pattern: string): boolean {
  if (pattern === "*") return true;
  const [verb = "", resource = ""] = kind.split(" ");
  const [wantedVerb = "", wantedResource = ""] = pattern.split(" ");
  return (
    (wantedVerb === "*" || wantedVerb === verb) && (wantedResource === "*" || wantedResource === resource)
  );
}

interface ResourcePath {
  readonly namespace: string | null;
  readonly resourceName: string;
  readonly name: string | null;
  readonly subresource: string | null;
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…`; `null` for discovery, health and everything else. */
function readResource(pathname: string): ResourcePath | null {
  const parts = pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodePart);
  const rest = parts[0] === "api" ? parts.slice(2) : parts[0] === "apis" ? parts.slice(3) : [];
  const [first, second, third] = rest;
  if (first === undefined) return null;
  // `namespaces/NAME` alone is the namespace itself; with more behind it, it is where the resource lives.
  if (
    first === "namespaces" &&
    second !== undefined &&
    third !== undefined &&
    !NAMESPACE_SUBRESOURCES.has(third)
  ) {
    const [, namespace = null, resourceName, name = null, subresource = null] = rest;
    return resourceName === undefined ? null : { namespace, resourceName, name, subresource };
  }
  return { namespace: null, resourceName: first, name: second ?? null, subresource: third ?? null };
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(["status", "finalize"]);

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function kindOf(
  method: string,
  resource: string,
  subresource: string | null,
  name: string | null,
  query: Readonly<Record<string, string>>,
): string {
  if (resource === "pods" && subresource === "log") {
    return isTrue(query["follow"]) ? "log-follow" : "log-read";
  }
  const target = subresource === null ? resource : `${resource}/${subresource}`;
  return `${verbOf(method, name, query)} ${target}`;
}

function verbOf(method: string, name: string | null, query: Readonly<Record<string, string>>): string {
  switch (method) {
    case "GET":
    case "HEAD":
      if (isTrue(query["watch"])) return "watch";
      return name === null ? "list" : "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === null ? "deletecollection" : "delete";
    default:
      return method.toLowerCase();
  }
}

/** As the API server reads booleans in a query: present and not `0` or `false`. */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== "0" && value.toLowerCase() !== "false";
}

function nameFromSelector(query: Readonly<Record<string, string>>): string | null {
  const match = /(?:^|,)metadata\.name==?([^,]+)/.exec(query["fieldSelector"] ?? "");
  return match?.[1] ?? null;
}

function nameFromBody(body: string): string | null {
  try {
    const parsed = JSON.parse(body) as { metadata?: { name?: unknown } } | null;
    const name = parsed?.metadata?.name;
    return typeof name === "string" ? name : null;
  } catch {
    return null;
  }
}
