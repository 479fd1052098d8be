/** Permissions as a Role that an operator can apply. */

import { permissionsWith, resourceOf, upkeepPermissions } from "./permissions.ts";
import type { Feature, Permission } from "./permissions.ts";

export interface RoleManifest {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "Role";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** The Role that allows all of `requiredPermissions` but the cluster-wide ones, and what `features` need. */
export function roleManifest(
  name: string,
  namespace: string,
  { features = [] }: { readonly features?: readonly Feature[] } = {},
): RoleManifest {
  return roleOf(name, namespace, permissionsWith(features));
}

/** The Role that allows all of `upkeepPermissions`. */
export function upkeepRoleManifest(name: string, namespace: string): RoleManifest {
  return roleOf(name, namespace, upkeepPermissions);
}

function roleOf(name: string, namespace: string, permissions: readonly Permission[]): RoleManifest {
  const rules = new Map<string, { apiGroups: string[]; resources: string[]; verbs: string[] }>();
  for (const permission of permissions) {
    if (permission.clusterWide === true) continue;
    const resource = resourceOf(permission);
    const key = `${permission.group}/${resource}`;
    const rule = rules.get(key) ?? { apiGroups: [permission.group], resources: [resource], verbs: [] };
    rule.verbs.push(permission.verb);
    rules.set(key, rule);
  }
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name, namespace },
    rules: [...rules.values()],
  };
}
