/** Rights as an operator gives them: a service account with one Role, and a kubeconfig with its token. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { CoreV1Api, KubeConfig, RbacAuthorizationV1Api, type V1Role } from "@kubernetes/client-node";
import { parse } from "yaml";
import { machine } from "./machine.ts";

/** The Role of docs/permissions.md, as a person copies it. */
export function documentedRole(namespace: string): V1Role {
  const page = readFileSync(path.join(machine.root, "docs/permissions.md"), "utf8");
  const block = /```yaml\n(?<manifest>[\s\S]*?)```/.exec(page)?.groups?.["manifest"];
  if (block === undefined) throw new Error("docs/permissions.md shows no Role");
  const role: V1Role = parse(block);
  role.metadata = { name: "paperclip", namespace };
  return role;
}

/** An account, of another namespace perhaps, is given the Role in this one. */
export async function bindRole(
  admin: KubeConfig,
  { metadata, rules = [] }: Pick<V1Role, "metadata" | "rules">,
  account: { readonly namespace: string; readonly name: string },
): Promise<void> {
  const { name = "", namespace = "" } = metadata ?? {};
  const rbac = admin.makeApiClient(RbacAuthorizationV1Api);
  await rbac.createNamespacedRole({ namespace, body: { rules, metadata: { name } } });
  await rbac.createNamespacedRoleBinding({
    namespace,
    body: {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", ...account }],
    },
  });
}

/** `role` null: an account that exists and may do nothing. */
export async function kubeconfigOfAccount(
  admin: KubeConfig,
  namespace: string,
  name: string,
  role: V1Role | null,
): Promise<string> {
  const core = admin.makeApiClient(CoreV1Api);
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
  if (role !== null) {
    const given = { metadata: { name, namespace }, rules: role.rules ?? [] };
    await bindRole(admin, given, { namespace, name });
  }
  const { status } = await core.createNamespacedServiceAccountToken({
    name,
    namespace,
    body: { spec: { audiences: [], expirationSeconds: 4 * 3600 } },
  });
  const cluster = admin.getCurrentCluster();
  if (cluster === null || status?.token === undefined) throw new Error("the cluster gives no token");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, { name, token: status.token });
  return config.exportConfig();
}
