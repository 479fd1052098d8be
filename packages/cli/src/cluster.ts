import { resolve } from "node:path";

import type { Cluster } from "@claude-k8s/k8s-runner";
import { type Connection, connectRunner } from "paperclip-adapter-claude-k8s/cli-parts";

import type { CommonOptions } from "./options.ts";
import { withRequestsShown } from "./screen/requests.ts";
import type { Streams } from "./streams.ts";

export type ClusterOptions = CommonOptions;

/** Opens the cluster for one command, and lets go of it whatever the command does. No Job is touched by that. */
export async function withCluster<T>(
  streams: Streams,
  options: ClusterOptions,
  use: (connection: Connection, namespace: string) => Promise<T>,
): Promise<T> {
  const kubeconfig = options.kubeconfig === undefined ? null : resolve(options.kubeconfig);
  const connection = await connectRunner(
    // Whoever starts the command line is its operator.
    { kubeconfig, context: options.context ?? null, trust: null },
    {
      spoolFolder: null,
      ...(options.verbose === true && { around: (cluster: Cluster) => withRequestsShown(cluster, streams) }),
    },
  );
  streams.learn?.(connection.secrets);
  try {
    return await use(connection, options.namespace ?? connection.defaultNamespace);
  } finally {
    await connection.close();
  }
}
