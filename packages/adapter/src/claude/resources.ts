import type { RunSpec } from "@claude-k8s/k8s-runner";

import { compareQuantities } from "../operator/quantities.ts";
import type { Settings } from "../settings/settings.ts";
import { isObject } from "../settings/values.ts";

/** Without requests a pod is the first that a full node throws out, and the scheduler packs any number of them on one node. */
const defaults: Readonly<Record<string, { readonly request: string; readonly limit: string }>> = {
  cpu: { request: "1000m", limit: "4000m" },
  memory: { request: "2Gi", limit: "8Gi" },
};

type Pod = Pick<Settings["pod"], "resources" | "withoutResources" | "podTemplate">;

/** What the settings give, and the defaults where they give nothing. No default breaks what was given: requests are never above limits. */
export function resourcesOf(pod: Pod): NonNullable<RunSpec["resources"]> {
  const limits: Record<string, string> = { ...pod.resources.limits };
  const requests: Record<string, string> = { ...pod.resources.requests };
  for (const [name, { request }] of Object.entries(defaults)) {
    const limit = limits[name] ?? defaultLimit(pod, name);
    if (limit !== null) limits[name] = limit;
    if (requests[name] !== undefined || pod.withoutResources.includes(`requests.${name}`)) continue;
    const most = overlaid(pod, "limits", name) ?? limit;
    requests[name] = most === null ? request : smaller(request, most);
  }
  return { requests, limits };
}

/** `null`: there is none, or it is not wanted. */
export function defaultLimit(pod: Pod, name: string): string | null {
  const limit = defaults[name]?.limit;
  if (limit === undefined || pod.withoutResources.includes(`limits.${name}`)) return null;
  const request = overlaid(pod, "requests", name) ?? pod.resources.requests[name];
  return request !== undefined && compareQuantities(request, limit) > 0 ? request : limit;
}

export function smaller(a: string, b: string): string {
  return compareQuantities(a, b) <= 0 ? a : b;
}

/** What the overlay says of the main container; it is merged over all this later. */
function overlaid({ podTemplate }: Pod, part: "requests" | "limits", name: string): string | undefined {
  const containers: unknown = podTemplate?.spec?.containers;
  const main: unknown = Array.isArray(containers)
    ? containers.find((each) => isObject(each) && each["name"] === "main")
    : null;
  const resources = isObject(main) && isObject(main["resources"]) ? main["resources"][part] : null;
  const value = isObject(resources) ? resources[name] : null;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
