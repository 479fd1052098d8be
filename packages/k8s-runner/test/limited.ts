/** Users who lack one of the runner's permissions, in the local cluster by its options, in the real one by a Role. */

import { KubeConfig } from "@kubernetes/client-node";
import { connect, requiredPermissions, roleManifest } from "../src/index.ts";
import type { Cluster } from "../src/index.ts";
import { resourceOf } from "../src/permissions.ts";
import type { World } from "./world.ts";

const lacking = [["delete secrets"], ["delete secrets", "list secrets"], ["delete jobs"]] as const;
export type Lacking = (typeof lacking)[number][number];

export const limitedUsers = lacking.map((permissions) => {
  const name = nameOf(permissions);
  const rules = requiredPermissions
    .filter((permission) => !lacks(permissions, permission.verb, resourceOf(permission)))
    .map((permission) => ({
      verbs: [permission.verb],
      apiGroups: [permission.group],
      resources: [resourceOf(permission)],
    }));
  return { name, token: ["token", "of", name].join("-"), rules };
});

/** Closed with its world. */
export async function connectWithout(world: World, ...permissions: readonly Lacking[]): Promise<Cluster> {
  const name = nameOf(permissions);
  const kubeconfig =
    world.local === null ? await impersonating(world, name, permissions) : world.local.kubeconfigFor(name);
  const cluster = await connect({ kubeconfig });
  world.onClose(() => cluster.close());
  return cluster;
}

async function impersonating(world: World, name: string, permissions: readonly Lacking[]): Promise<string> {
  const group = `/apis/rbac.authorization.k8s.io/v1/namespaces/${world.namespace}`;
  const role = roleManifest(name, world.namespace);
  const rules = role.rules.map(({ verbs, ...rule }) => ({
    ...rule,
    verbs: verbs.filter((verb) => !lacks(permissions, verb, rule.resources[0] ?? "")),
  }));
  await world.request("POST", `${group}/roles`, { ...role, rules });
  await world.request("POST", `${group}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
  });
  const config = new KubeConfig();
  config.loadFromString(world.kubeconfig);
  const kubeconfig = JSON.parse(config.exportConfig());
  for (const { user } of kubeconfig.users) user.as = name;
  return JSON.stringify(kubeconfig);
}

function nameOf(permissions: readonly Lacking[]): string {
  return `without-${permissions.join("-and-").replaceAll(" ", "-")}`;
}

function lacks(permissions: readonly string[], verb: string, resource: string): boolean {
  return permissions.includes(`${verb} ${resource}`);
}
