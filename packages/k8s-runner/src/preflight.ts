/** What a process may do in a namespace, and what does without it. */

import type { Cluster } from "./cluster/cluster.ts";
import { isAllowed } from "./may-use.ts";
import { permissionsWith, resourceOf } from "./permissions.ts";
import type { Feature, Permission } from "./permissions.ts";
import type { PermissionReport } from "./types/run.ts";

/** Asks the API server about each of `requiredPermissions` and of those of `features`. `allowed` counts only those that are not optional. */
export async function preflight(
  cluster: Cluster,
  namespace: string,
  {
    features = [],
    ...options
  }: { readonly signal?: AbortSignal; readonly features?: readonly Feature[] } = {},
): Promise<PermissionReport> {
  const checks = await Promise.all(permissionsWith(features).map((permission) => check(permission)));
  return {
    namespace,
    allowed: checks.every(({ allowed, optional }) => optional || allowed === true),
    checks,
  };

  async function check(permission: Permission): Promise<PermissionReport["checks"][number]> {
    const { verb, group, optional, neededFor } = permission;
    const allowed = await isAllowed(cluster, namespace, permission, options);
    return { verb, resource: resourceOf(permission), group, allowed, neededFor, optional };
  }
}
