/** Users with exactly one of the Roles, or without one of its permissions: in the local cluster by its options, in the real one by a Role. */

import { KubeConfig } from "@kubernetes/client-node";
import {
  connect,
  requiredPermissions,
  roleManifest,
  upkeepPermissions,
  upkeepRoleManifest,
} from "../src/index.ts";
import type { Cluster, Permission, RoleManifest } from "../src/index.ts";
import { resourceOf } from "../src/permissions.ts";
import type { World } from "./world.ts";

const lacking = [["delete secrets"], ["delete jobs"]] as const;
export type Lacking = (typeof lacking)[number][number];

export const limitedUsers = [
  userOf("runs", requiredPermissions),
  userOf("upkeep", upkeepPermissions),
  ...lacking.map((permissions) =>
    userOf(
      nameOf(permissions),
      requiredPermissions.filter((one) => !lacks(permissions, one.verb, resourceOf(one))),
    ),
  ),
];

function userOf(name: string, permissions: readonly Permission[]) {
  const rules = permissions
    .filter(({ clusterWide }) => clusterWide !== true)
    .map((permission) => ({
      verbs: [permission.verb],
      apiGroups: [permission.group],
      resources: [resourceOf(permission)],
    }));
  return { name, token: ["token", "of", name].join("-"), rules };
}

/** With the Role for runs that copy folders, until `takeAway`. Only in the real cluster. Closed with its world. */
export async function connectForCopies(
  world: World,
): Promise<{ readonly cluster: Cluster; readonly takeAway: (resource: string) => Promise<void> }> {
  const role = roleManifest("copies", world.namespace, { features: ["copies"] });
  const cluster = await connectWith(world, role);
  return {
    cluster,
    async takeAway(resource) {
      const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${world.namespace}/roles/copies`;
      const rules = role.rules.filter(({ resources }) => !resources.includes(resource));
      await world.request("PATCH", path, { rules });
      const taken = role.rules.filter(({ resources }) => resources.includes(resource));
      await untilAnswered(cluster, world.namespace, { rules: taken }, false);
    },
  };
}

/** With exactly that Role. Closed with its world. */
export function connectAs(world: World, role: "runs" | "upkeep"): Promise<Cluster> {
  const manifest = role === "runs" ? roleManifest : upkeepRoleManifest;
  return connectWith(world, manifest(role, world.namespace));
}

/** With the Role for runs, but for these. Closed with its world. */
export function connectWithout(world: World, ...permissions: readonly Lacking[]): Promise<Cluster> {
  const name = nameOf(permissions);
  const role = roleManifest(name, world.namespace);
  const rules = role.rules.map(({ verbs, ...rule }) => ({
    ...rule,
    verbs: verbs.filter((verb) => !lacks(permissions, verb, rule.resources[0] ?? "")),
  }));
  return connectWith(world, { ...role, rules });
}

async function connectWith(world: World, role: RoleManifest): Promise<Cluster> {
  const { name } = role.metadata;
  const kubeconfig =
    world.local === null ? await impersonating(world, role) : world.local.kubeconfigFor(name);
  const cluster = await connect({ kubeconfig });
  world.onClose(() => cluster.close());
  await untilAnswered(cluster, world.namespace, role, true);
  return cluster;
}

/** A real API server learns of a Role and its binding a moment after they were written. */
async function untilAnswered(
  cluster: Cluster,
  namespace: string,
  { rules: [first] }: Pick<RoleManifest, "rules">,
  allowed: boolean,
): Promise<void> {
  const [resource = "", subresource = ""] = (first?.resources[0] ?? "").split("/");
  const verb = first?.verbs[0] ?? "";
  const resourceAttributes = { namespace, group: first?.apiGroups[0] ?? "", resource, subresource, verb };
  // Not `expect.poll`: tests that run at the same time have no current one.
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const answer = await cluster.create("selfsubjectaccessreviews", null, { spec: { resourceAttributes } });
    if (answer.kind === "ok" && answer.value.status?.allowed === allowed) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`what the Role says of ${first?.resources.join(",")} is not in effect`);
}

async function impersonating(world: World, role: RoleManifest): Promise<string> {
  const { name } = role.metadata;
  const group = `/apis/rbac.authorization.k8s.io/v1/namespaces/${world.namespace}`;
  await world.request("POST", `${group}/roles`, role);
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
