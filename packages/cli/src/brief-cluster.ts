import { resolve } from "node:path";

import { type ClusterConnection, openCluster } from "paperclip-adapter-claude-k8s/cli-parts";

import type { CommonOptions } from "./options.ts";
import type { Streams } from "./streams.ts";

/** Opens the cluster for a command that asks a few things and ends: nothing is loaded that only runs need. */
export async function withBriefCluster<T>(
  streams: Streams,
  { kubeconfig, context, namespace, verbose }: CommonOptions,
  use: (cluster: ClusterConnection["cluster"], namespace: string) => Promise<T>,
): Promise<T> {
  const { cluster, secrets, defaultNamespace } = await openCluster(
    // Whoever starts the command line is its operator.
    {
      kubeconfig: kubeconfig === undefined ? null : resolve(kubeconfig),
      context: context ?? null,
      trust: null,
    },
    { brief: true },
  );
  streams.learn?.(secrets);
  const shown =
    verbose === true ? (await import("./screen/requests.ts")).withRequestsShown(cluster, streams) : cluster;
  try {
    return await use(shown, namespace ?? defaultNamespace);
  } finally {
    await cluster.close();
  }
}
