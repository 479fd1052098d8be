import { readFileSync } from "node:fs";

import { connect } from "@claude-k8s/k8s-runner";

import type { Connection } from "./connections.ts";
import type { ClusterChoice } from "./operator/clusters.ts";
import type { NamedSecrets } from "./output/redaction.ts";

export type ClusterConnection = Pick<Connection, "cluster" | "secrets" | "defaultNamespace">;

/** A way to a cluster, without a runner; nothing is sent yet. Rejects with `InvalidKubeconfigError`. */
export async function openCluster(
  { kubeconfig, context, trust }: ClusterChoice,
  { brief = false }: { readonly brief?: boolean } = {},
): Promise<ClusterConnection> {
  const cluster = await connect({
    ...(kubeconfig !== null && { kubeconfig: { path: kubeconfig } }),
    ...(context !== null && { context }),
    ...(trust !== null && { trust }),
    brief,
  });
  return {
    cluster,
    secrets: named(cluster.secrets),
    defaultNamespace: cluster.namespace ?? namespaceOfOwnPod() ?? "default",
  };
}

/** A word of the language would be masked wherever it stands. */
const shortestSecret = 6;

function named(secrets: Readonly<Record<string, string>>): NamedSecrets {
  const long = Object.entries(secrets).filter(([, value]) => value.length >= shortestSecret);
  return Object.fromEntries(long.map(([name, value]) => [`KUBECONFIG_${name}`, value]));
}

/** Told to every pod beside its service account's token. */
export function namespaceOfOwnPod(): string | null {
  try {
    const file = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
    return readFileSync(file, "utf8").trim() || null;
  } catch {
    return null;
  }
}
