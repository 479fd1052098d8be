import { resolve } from "node:path";

import type { Command } from "commander";
import { type Connection, connectRunner } from "paperclip-adapter-claude-k8s/cli-parts";

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly namespace?: string;
}

export function addClusterOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "kubeconfig (default: KUBECONFIG, ~/.kube/config, or the pod's own)")
    .option("-n, --namespace <name>", "namespace (default: that of the kubeconfig's context)");
}

/** Opens the cluster for one command, and lets go of it whatever the command does. No Job is touched by that. */
export async function withCluster<T>(
  options: ClusterOptions,
  use: (connection: Connection, namespace: string) => Promise<T>,
): Promise<T> {
  const kubeconfig = options.kubeconfig === undefined ? null : resolve(options.kubeconfig);
  const connection = await connectRunner(
    // Whoever starts the command line is its operator.
    { kubeconfig, context: null, trust: null },
    { spoolFolder: null },
  );
  try {
    return await use(connection, options.namespace ?? connection.defaultNamespace);
  } finally {
    await connection.close();
  }
}
