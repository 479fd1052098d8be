import type { Cluster, Runner } from "@claude-k8s/k8s-runner";

import type { NamedSecrets } from "./output/redaction.ts";

import { type ClusterChoice, clusterKey } from "./operator/clusters.ts";

/** A way to a cluster. */
export interface Connection {
  readonly runner: Runner;
  readonly cluster: Cluster;
  /** What the kubeconfig that was named says to prove who we are. */
  readonly secrets: NamedSecrets;
  /** Of the kubeconfig's context or of the pod we run in; `default` where neither names one. */
  readonly defaultNamespace: string;
  /** Lets go of every run and of the sockets. No Job is touched. */
  close(): Promise<void>;
}

/** One runner, one Lease and one transport for all runs of a cluster. */
export interface Connections {
  /** Rejects with `InvalidKubeconfigError`. */
  open(choice: ClusterChoice): Promise<Connection>;
  close(): Promise<void>;
}

/** A connection that failed is forgotten: a kubeconfig that was bad once is read again by the next run. */
export function createConnections(connect: (choice: ClusterChoice) => Promise<Connection>): Connections {
  const opened = new Map<string, Promise<Connection>>();
  return {
    open(choice) {
      const key = clusterKey(choice);
      const known = opened.get(key);
      if (known !== undefined) return known;
      const opening = connect(choice);
      opened.set(key, opening);
      opening.catch(() => opened.delete(key));
      return opening;
    },
    async close() {
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(
        all.map(async (opening) => {
          const connection = await opening.catch(() => null);
          await connection?.close();
        }),
      );
    },
  };
}
