/** docs/permissions.md, from `requiredPermissions`. */

import {
  featurePermissions,
  requiredPermissions,
  resourceOf,
  upkeepPermissions,
} from "../src/permissions.ts";
import { type RoleManifest, roleManifest, upkeepRoleManifest } from "../src/role-manifest.ts";
import type { Permission } from "../src/permissions.ts";

export function generated(): { readonly path: string; readonly content: string } {
  return { path: "docs/permissions.md", content: `${page().join("\n")}\n` };
}

function page(): readonly string[] {
  return [
    "# Permissions",
    "",
    "<!-- Made from `requiredPermissions` of @claude-k8s/k8s-runner by `pnpm generate`; edit that. -->",
    "",
    "What a process needs that starts runs, in the namespace of its runs. `preflight(cluster, namespace)` asks the API server for each of them.",
    "",
    ...tableOf(requiredPermissions, "no run"),
    "",
    "`nodes` are the only ones beyond the namespace: they need a ClusterRole, and are worth having only where nodes come and go.",
    "",
    "```yaml",
    ...roleLines(roleManifest("claude-k8s", "agents")),
    "```",
    "",
    "## Volume claims",
    "",
    'Only where runs are given volume claims of their own, which outlive them, or mount a claim of the server\'s: `features: ["claims"]`. Removing one takes the Role for upkeep, below.',
    "",
    ...tableOf(featurePermissions.claims),
    "",
    "## Copied folders and recorded output",
    "",
    'Only runs with copied folders or a recorded output use these: `roleManifest(name, namespace, { features: ["copies"] })` and `preflight(cluster, namespace, { features: ["copies"] })` have them. Whoever may exec may do what the pods of the namespace may do.',
    "",
    ...tableOf(featurePermissions.copies),
    "",
    "## Listing and sweeping",
    "",
    "What `claude-k8s list` and `claude-k8s clean` (the runner's `list` and `sweep`) use, and no run. It shows the content of every Secret of the namespace: give it to the people or the CronJob that clean up, and not to the server.",
    "",
    ...tableOf(upkeepPermissions),
    "",
    "```yaml",
    ...roleLines(upkeepRoleManifest("claude-k8s-upkeep", "agents")),
    "```",
    "",
    "`claude-k8s doctor` asks what is allowed, which every account may. That the verbs of both Roles are enough, and that none of them is one too many, is tested on a real cluster: `packages/k8s-runner/test/permissions.test.ts`. What else can be forbidden: [`deploy/`](../deploy/README.md).",
  ];
}

function tableOf(permissions: readonly Permission[], without = "does not work"): readonly string[] {
  return [
    "| Resource | Verb | Needed for | Without it |",
    "| --- | --- | --- | --- |",
    ...permissions.map(
      (permission) =>
        `| \`${groupOf(permission.group)}${resourceOf(permission)}\` | ${permission.verb} | ${permission.neededFor} | ${permission.optional ? "works on" : without} |`,
    ),
  ];
}

function groupOf(group: string): string {
  return group === "" ? "" : `${group}/`;
}

function roleLines({ apiVersion, kind, metadata, rules }: RoleManifest): readonly string[] {
  return [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    `metadata: { name: ${metadata.name}, namespace: ${metadata.namespace} }`,
    "rules:",
    ...rules.map(
      ({ apiGroups, resources, verbs }) =>
        `  - { apiGroups: ["${apiGroups.join('", "')}"], resources: [${resources.join(", ")}], verbs: [${verbs.join(", ")}] }`,
    ),
  ];
}
