import { type Cluster, mayUse } from "@claude-k8s/k8s-runner";

/** Rights are given to a Role now and then, and the server is not restarted for it. */
const knownMilliseconds = 10 * 60_000;

interface Known {
  readonly allowed: boolean;
  readonly until: number;
}

export type ExecRight = (
  cluster: Cluster,
  namespace: string,
  signal?: AbortSignal,
) => Promise<boolean | null>;

/** May folders be copied into runs of a namespace? Asked once in a while for each connection. `null`: the API server does not say. */
export function createExecRight(now: () => number = () => performance.now()): ExecRight {
  const answers = new WeakMap<Cluster, Map<string, Known>>();
  return async (cluster, namespace, signal) => {
    const ofCluster = answers.get(cluster) ?? new Map<string, Known>();
    answers.set(cluster, ofCluster);
    const known = ofCluster.get(namespace);
    if (known !== undefined && known.until > now()) return known.allowed;
    const allowed = await mayUse(cluster, namespace, "copies", { ...(signal && { signal }) });
    if (allowed !== null) ofCluster.set(namespace, { allowed, until: now() + knownMilliseconds });
    return allowed;
  };
}
