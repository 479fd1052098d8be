/** Where a resource lives under the API server's URL. */

import { resourceGroups } from "./wire.ts";
import type { ResourceName } from "./wire.ts";

export function pathOf(resource: ResourceName, namespace: string | null, name?: string): string {
  const { group, version } = resourceGroups[resource];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace === null ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${resource}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
