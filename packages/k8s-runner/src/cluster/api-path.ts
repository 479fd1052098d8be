/** Where a resource lives under the API server's URL. */

import { resourceGroups } from "./wire.ts";
import type { ResourceName } from "./wire.ts";

export function pathOf(resource: ResourceName, namespace: string | null, name?: string): string {
  const { group, version } = resourceGroups[resource];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace === null ? "" : `/namespaces/${segment(namespace)}`;
  return `${root}${scope}/${resource}${name === undefined ? "" : `/${segment(name)}`}`;
}

/** A name that comes from the API may be anything; of dots alone it would lead to another resource. */
function segment(name: string): string {
  const encoded = encodeURIComponent(name);
  return /^\.+$/.test(encoded) ? encoded.replaceAll(".", "%2E") : encoded;
}
