import type { Registry } from "../api/registry.ts";
import { resourceOf } from "../api/resources.ts";
import type { ClusterClock } from "../clock.ts";
import type { ApiObject } from "../objects/types.ts";
import type { LocalClusterOptions } from "../options.ts";
import { startNamespaceController, startTtlController } from "./clean-up.ts";
import type { createEvents } from "./events.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import { startJobController } from "./job.ts";
import { defaultNodeGraceMilliseconds, startNodeLifecycle } from "./node-lifecycle.ts";
import { startQuotaController } from "./quota.ts";
import { startScheduler, type Scheduler } from "./scheduler.ts";
import { startTaintEviction } from "./taint-eviction.ts";

export interface Controllers {
  readonly scheduler: Scheduler;
  stop(): void;
}

export function startControllers(
  registry: Registry,
  base: ClusterClock,
  events: ReturnType<typeof createEvents>,
  { admission = {}, nodeGraceMilliseconds = defaultNodeGraceMilliseconds }: LocalClusterOptions,
): Controllers {
  const stops = [
    startNodeLifecycle(registry, base, events({ component: "node-controller" }), nodeGraceMilliseconds),
    startTaintEviction(registry, events({ component: "taint-eviction-controller" })),
    startQuotaController(registry),
    startNamespaceController(registry, (namespace) => admission.serviceAccounts?.[namespace] ?? []),
    startGarbageCollector(registry),
    startTtlController(registry),
    startJobController(registry, events({ component: "job-controller" })),
  ];
  const scheduler = startScheduler(registry, events({ component: "default-scheduler" }));
  return {
    scheduler,
    stop() {
      for (const stop of stops) stop();
      scheduler.close();
    },
  };
}

/** The ones that every cluster has, and those that were asked for. */
export function createNamespaces(registry: Registry, further: readonly string[]): void {
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease", ...further]) {
    registry.create(resourceOf("namespaces"), "", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name } as ApiObject["metadata"],
    });
  }
}
