/** A proxy in front of the cluster for each lane, so that what breaks for one does not always break for all. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startFaultProxy } from "@claude-k8s/local-cluster";
import type { FaultProxy } from "@claude-k8s/local-cluster";
import { faultPlan, kindOf } from "./faults.ts";
import type { Settings } from "./settings.ts";

export interface LaneProxy {
  readonly proxy: FaultProxy;
  readonly kubeconfigPath: string;
}

export function openProxies(settings: Settings, target: string, folder: string): Promise<LaneProxy[]> {
  const { lanes, seed, strength, kinds } = settings;
  const plan = strength === 0 ? [] : faultPlan(strength, kinds);
  return Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      // Read anew, as a service account's token is.
      const tokenFile = join(folder, `lane-${lane}.token`);
      const proxy = await startFaultProxy({ target, seed: (seed + lane) % 2 ** 32, plan, tokenFile });
      const kubeconfigPath = join(folder, `lane-${lane}.kubeconfig`);
      writeFileSync(kubeconfigPath, proxy.kubeconfig, { mode: 0o600 });
      return { proxy, kubeconfigPath };
    }),
  );
}

/** How often each kind happened. A proxy keeps a bounded number of incidents: beyond it, at least so often. */
export function countFaults(proxies: readonly LaneProxy[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { proxy } of proxies)
    for (const incident of proxy.incidents) {
      const kind = kindOf(incident);
      if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  return counts;
}

/** Each proxy stops breaking after so many faults. */
export function healAfter(proxies: readonly LaneProxy[], mostFaults: number): () => void {
  if (mostFaults === Infinity) return () => undefined;
  const timer = setInterval(() => {
    for (const { proxy } of proxies) if (proxy.incidents.length >= mostFaults) proxy.heal();
  }, 50);
  return () => clearInterval(timer);
}
