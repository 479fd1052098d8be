/** docs/permissions.md, from `requiredPermissions`. */

import { requiredPermissions, resourceOf, roleManifest } from "../src/permissions.ts";

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
    "| Resource | Verb | Needed for | Without it |",
    "| --- | --- | --- | --- |",
    ...requiredPermissions.map(
      (permission) =>
        `| \`${groupOf(permission.group)}${resourceOf(permission)}\` | ${permission.verb} | ${permission.neededFor} | ${permission.optional ? "works on" : "no run"} |`,
    ),
    "",
    "`nodes` is the only one beyond the namespace: it needs a ClusterRole, and is worth having only where nodes come and go.",
    "",
    "```yaml",
    ...roleLines(),
    "```",
  ];
}

function groupOf(group: string): string {
  return group === "" ? "" : `${group}/`;
}

function roleLines(): readonly string[] {
  const { apiVersion, kind, metadata, rules } = roleManifest("claude-k8s", "agents");
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
