import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

import {
  type Cluster,
  type SealKey,
  connect as connectToCluster,
  createRunner,
} from "@claude-k8s/k8s-runner";

import type { NamedSecrets } from "./output/redaction.ts";
import type { Connection } from "./connections.ts";
import type { ClusterChoice } from "./operator/clusters.ts";

export interface ConnectionSettings {
  /** Where runs are kept that another process may have to go on with; `null`: nowhere. */
  readonly spoolFolder: string | null;
  /** A process whose claim is older counts as dead. Default: the runner's. */
  readonly leaseSeconds?: number;
  /** Jobs are sealed with it, and others are left alone. Default: Jobs are told apart by their labels alone. */
  readonly sealKey?: readonly SealKey[];
  /** Stands between the runner and the cluster, as whoever shows each request does. */
  readonly around?: (cluster: Cluster) => Cluster;
}

/** Connects to a cluster; nothing is sent yet. Rejects with `InvalidKubeconfigError`. */
export async function connectRunner(
  { kubeconfig, context, trust }: ClusterChoice,
  { spoolFolder, leaseSeconds, sealKey, around = (cluster) => cluster }: ConnectionSettings,
): Promise<Connection> {
  const cluster = around(
    await connectToCluster({
      ...(kubeconfig !== null && { kubeconfig: { path: kubeconfig } }),
      ...(context !== null && { context }),
      ...(trust !== null && { trust }),
    }),
  );
  const runner = createRunner({
    cluster,
    ...(spoolFolder !== null && { spoolFolder }),
    ...(leaseSeconds !== undefined && { leaseSeconds }),
    ...(sealKey !== undefined && { sealKey }),
  });
  return {
    runner,
    cluster,
    secrets: named(cluster.secrets),
    defaultNamespace: cluster.namespace ?? namespaceOfOwnPod() ?? "default",
    async close() {
      await runner.close();
      await cluster.close();
    },
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

/** The first of the folders that can be written; it is made where it is missing. `null`: none, runs are then read anew from the log. */
export function writableFolder(candidates: readonly string[]): string | null {
  for (const candidate of candidates) {
    try {
      mkdirSync(candidate, { recursive: true, mode: 0o700 });
      accessSync(candidate, constants.W_OK);
      return path.resolve(candidate);
    } catch {
      // The next one may do.
    }
  }
  return null;
}
