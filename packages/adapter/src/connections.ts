import type { Cluster, Runner } from "@claude-k8s/k8s-runner";

/** A way to a cluster. */
export interface Connection {
  readonly runner: Runner;
  readonly cluster: Cluster;
  /** Of the kubeconfig's context or of the pod we run in; `default` where neither names one. */
  readonly defaultNamespace: string;
  /** Lets go of every run and of the sockets. No Job is touched. */
  close(): Promise<void>;
}

/** Connections by kubeconfig: one runner, one Lease and one transport for all runs of a cluster. */
export interface Connections {
  /** `kubeconfig`: path on this machine; `null`: what this process finds by itself. Rejects with `InvalidKubeconfigError`. */
  open(kubeconfig: string | null): Promise<Connection>;
  close(): Promise<void>;
}

/** A connection that failed is forgotten: a kubeconfig that was bad once is read again by the next run. */
export function createConnections(connect: (kubeconfig: string | null) => Promise<Connection>): Connections {
  const opened = new Map<string, Promise<Connection>>();
  return {
    open(kubeconfig) {
      const key = kubeconfig ?? "";
      const known = opened.get(key);
      if (known !== undefined) return known;
      const opening = connect(kubeconfig);
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
