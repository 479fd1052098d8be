/** The cluster under a soak: a local one with its workload, or a real one. */

import { readFileSync } from "node:fs";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { between, createRandom } from "./random.ts";
import type { Settings } from "./settings.ts";
import type { RunShape } from "./shape.ts";
import { createWorkload } from "./workload.ts";
import type { Workload } from "./workload.ts";

export interface SoakCluster {
  readonly kubeconfig: string;
  /** `null`: a real cluster. */
  readonly local: { readonly cluster: LocalCluster; readonly workload: Workload } | null;
  close(): Promise<void>;
}

const farthestMilliseconds = 600_000;

export async function openCluster(settings: Settings, shapes: readonly RunShape[]): Promise<SoakCluster> {
  if (settings.kubeconfig !== null) {
    const kubeconfig = readFileSync(settings.kubeconfig, "utf8");
    return { kubeconfig, local: null, close: async () => undefined };
  }
  const workload = createWorkload(new Map(shapes.map((shape) => [shape.slot, shape])), (pod) =>
    cluster.kubelet.rotateLogs(pod),
  );
  const cluster = await startLocalCluster({
    nodes: [{ name: "node-1", cpu: "1000", memory: "1000Gi", pods: 1000 }],
    containers: (context) => workload.script(context),
  });
  skewClocks(cluster, settings.seed);
  return { kubeconfig: cluster.kubeconfig, local: { cluster, workload }, close: () => cluster.close() };
}

/** Three machines, three clocks, minutes apart: no decision may be a difference of two of them. */
export function skewClocks(cluster: LocalCluster, seed: number): void {
  const random = createRandom(seed, "clocks");
  cluster.apiServer.stepClock(between(random, -farthestMilliseconds, farthestMilliseconds));
  cluster.kubelet.stepClock(between(random, -farthestMilliseconds, farthestMilliseconds));
}
