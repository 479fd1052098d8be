import type { Resource } from "../resources.ts";
import { findResource } from "../resources.ts";

/** What a path under /api or /apis names. */
export interface Route {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

/** Null when the path is in no known group; `resource` unknown gives "unknown". */
export function parseRoute(path: string): Route | "unknown" | null {
  const segments = path
    .split("/")
    .filter((segment) => segment !== "")
    .map(decode);
  const [root, ...rest] = segments;
  let group = "";
  if (root === "apis") group = rest.shift() ?? "";
  else if (root !== "api") return null;
  const version = rest.shift() ?? "";
  if (!["", "batch", "coordination.k8s.io", "authorization.k8s.io"].includes(group) || version !== "v1")
    return null;
  let namespace = "";
  // `/namespaces/NAME/RESOURCE…` against `/namespaces/NAME` itself and its own `/status`.
  if (rest[0] === "namespaces" && rest.length > 2 && !["status", "finalize"].includes(rest[2] ?? "")) {
    namespace = rest[1] ?? "";
    rest.splice(0, 2);
  }
  const [plural = "", name = "", subresource = "", ...more] = rest;
  const resource = findResource(group, version, plural);
  if (resource === undefined || more.length > 0) return "unknown";
  if (resource.namespaced ? name !== "" && namespace === "" : namespace !== "") return "unknown";
  return { resource, namespace, name, subresource };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
