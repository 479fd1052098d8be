/** The collections of a process: Jobs and pods of a namespace, made when first asked for, shared by all runs. */

import type { Cluster } from "../cluster/cluster.ts";
import type { Job, Pod } from "../cluster/wire.ts";
import type { Clock } from "../clock.ts";
import { labels, manager } from "../manifest/names.ts";
import { createCollection } from "./collection.ts";
import type { Collection } from "./collection.ts";

export interface NamespaceWatch {
  /** Grouped by the Job's UID. */
  readonly jobs: Collection<Job>;
  readonly pods: Collection<Pod>;
}

export interface Watches {
  in(namespace: string): NamespaceWatch;
  close(): Promise<void>;
}

export function createWatches(cluster: Cluster, clock: Clock): Watches {
  const namespaces = new Map<string, NamespaceWatch>();
  const labelSelector = `${labels.managedBy}=${manager}`;
  return {
    in(namespace) {
      const known = namespaces.get(namespace);
      if (known !== undefined) return known;
      const common = { cluster, clock, namespace, labelSelector };
      const made: NamespaceWatch = {
        jobs: createCollection({ ...common, resource: "jobs", groupOf: (job) => job.metadata?.uid ?? null }),
        pods: createCollection({ ...common, resource: "pods", groupOf: jobUidOf }),
      };
      namespaces.set(namespace, made);
      return made;
    },
    async close() {
      const all = [...namespaces.values()].flatMap(({ jobs, pods }) => [jobs, pods]);
      namespaces.clear();
      await Promise.all(all.map((collection) => collection.close()));
    },
  };
}

/**
 * By its controller, never by name: a pod of an earlier Job of the same name may still be there. The Job controller takes only pods
 * that have both the reference and its label; a pod with one of them alone is nobody's.
 */
export function jobUidOf(pod: Pod): string | null {
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  if (owner?.kind !== "Job" || !owner.apiVersion.startsWith("batch/")) return null;
  return jobUidLabelOf(pod) === owner.uid ? owner.uid : null;
}

/** Of the Job that made it; a pod that is orphaned loses its owner, but not this label. */
export function jobUidLabelOf({ metadata }: Pod): string | null {
  const { labels: own = {} } = metadata ?? {};
  // The second is its name before Kubernetes 1.27.
  return own["batch.kubernetes.io/controller-uid"] ?? own["controller-uid"] ?? null;
}
