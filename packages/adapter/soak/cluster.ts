/** The cluster under a soak of the adapter, with a namespace of its own and the program that stands for Claude Code. */

import { readFileSync, watch } from "node:fs";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { skewClocks } from "../../k8s-runner/soak/cluster.ts";
import type { Settings } from "../../k8s-runner/soak/settings.ts";
import { programConfigMap } from "./host.ts";
import { programFiles } from "./program.ts";
import type { TurnPlan } from "./program.ts";

export interface AdapterCluster {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly core: CoreV1Api;
  /** `null`: a real cluster. */
  readonly local: {
    readonly cluster: LocalCluster;
    readonly starts: (slot: string, turn: number) => number;
    evictions(): number;
  } | null;
  close(): Promise<void>;
}

/** `marks`: a folder in which pods ask for their eviction. */
export async function openAdapterCluster(settings: Settings, marks: string): Promise<AdapterCluster> {
  const local = settings.kubeconfig === null ? await openLocal(marks) : null;
  if (local !== null) skewClocks(local.cluster, settings.seed);
  const kubeconfig = local?.cluster.kubeconfig ?? readFileSync(settings.kubeconfig ?? "", "utf8");
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const namespace = `soak-${settings.seed}-${process.pid}`;
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: programConfigMap }, data: programFiles() },
  });
  local?.evictIn(namespace);
  return {
    kubeconfig,
    namespace,
    core,
    local,
    async close() {
      if (local === null) await core.deleteNamespace({ name: namespace });
      await local?.close();
    },
  };
}

async function openLocal(marks: string) {
  const starts = new Map<string, number>();
  let namespace = "default";
  let evictions = 0;
  const cluster = await startLocalCluster({
    nodes: [{ name: "node-1", cpu: "1000", memory: "1000Gi", pods: 1000 }],
    containers({ container, environment }) {
      if (container === "main") {
        const { slot, turn } = JSON.parse(environment["SOAK_PLAN"] ?? "{}") as Partial<TurnPlan>;
        starts.set(`${slot}/${turn}`, (starts.get(`${slot}/${turn}`) ?? 0) + 1);
      }
      return null;
    },
  });
  const asked = new Set<string>();
  const watcher = watch(marks, (_event, name) => {
    if (name === null || asked.has(name)) return;
    asked.add(name);
    evictions += 1;
    // One that is gone already has its end.
    cluster.kubelet.evict({ namespace, name }).catch(() => undefined);
  });
  return {
    cluster,
    starts: (slot: string, turn: number) => starts.get(`${slot}/${turn}`) ?? 0,
    evictions: () => evictions,
    evictIn: (own: string) => void (namespace = own),
    async close() {
      watcher.close();
      await cluster.close();
    },
  };
}
