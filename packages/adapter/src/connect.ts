import { accessSync, constants, mkdirSync } from "node:fs";
import path from "node:path";

import { type Cluster, type SealKey, createRunner } from "@claude-k8s/k8s-runner";

import { openCluster } from "./cluster-connection.ts";
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
  const opened = await openCluster({ kubeconfig, context, trust });
  const cluster = around(opened.cluster);
  const runner = createRunner({
    cluster,
    ...(spoolFolder !== null && { spoolFolder }),
    ...(leaseSeconds !== undefined && { leaseSeconds }),
    ...(sealKey !== undefined && { sealKey }),
  });
  return {
    runner,
    cluster,
    secrets: opened.secrets,
    defaultNamespace: opened.defaultNamespace,
    async close() {
      await runner.close();
      await cluster.close();
    },
  };
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
