import { roleManifest, upkeepRoleManifest } from "@claude-k8s/k8s-runner";
import { stringify } from "yaml";

const account = "claude-k8s";

/**
 * ServiceAccount, Role and RoleBinding of whoever starts runs, a second pair for people who list and clean, and where it is asked for a
 * network policy. As a chart: the same with the release's namespace.
 */
export function rbacManifests(
  namespace: string,
  { networkPolicy, helm }: { readonly networkPolicy: boolean; readonly helm: boolean },
): string {
  const place = helm ? "{{ .Release.Namespace }}" : namespace;
  const role = roleManifest(account, place, { features: ["copies", "claims"] });
  const upkeep = upkeepRoleManifest(`${account}-upkeep`, place);
  const objects: object[] = [
    ...(helm ? [] : [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace: place } },
    role,
    bindingOf(role.metadata.name, place),
    upkeep,
    bindingOf(upkeep.metadata.name, place),
    ...(networkPolicy ? [policy(place)] : []),
  ];
  const text = objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
  return helm ? chart(text) : text;
}

function bindingOf(role: string, namespace: string): object {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: role, namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  };
}

/** Nothing reaches a run; a run reaches names and HTTPS. */
function policy(namespace: string): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: account, namespace },
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/managed-by": "claude-k8s" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [
        {
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
        { ports: [{ port: 443, protocol: "TCP" }] },
      ],
    },
  };
}

/** As a shell script that writes the chart's two files: one command installs it. */
function chart(templates: string): string {
  return [
    "#!/bin/sh",
    "# Writes the chart claude-k8s; then: helm install claude-k8s ./claude-k8s -n NAMESPACE --create-namespace",
    "set -e",
    "mkdir -p claude-k8s/templates",
    "cat > claude-k8s/Chart.yaml <<'END'",
    "apiVersion: v2\nname: claude-k8s\nversion: 0.1.0\ndescription: What runs of Claude Code need in a namespace.",
    "END",
    "cat > claude-k8s/templates/rbac.yaml <<'END'",
    templates.trimEnd(),
    "END",
    "",
  ].join("\n");
}
