import { quotaUsage } from "../api/admission/quota.ts";
import type { Registry } from "../api/registry.ts";
import type { ResourceQuota } from "../objects/types.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Tells in each ResourceQuota's status what is used. Admission counts by itself and never waits for this. */
export function startQuotaController(registry: Registry): () => void {
  const { store, clock } = registry;
  const queue = createWorkQueue(clock, (namespace) => {
    for (const quota of store.list("resourcequotas", namespace) as ResourceQuota[]) {
      const used = quotaUsage(store, quota);
      registry.mutate<ResourceQuota>("resourcequotas", namespace, quota.metadata.name, (draft) => {
        draft.status = { hard: { ...draft.spec.hard }, used };
      });
    }
  });
  const unsubscribe = store.subscribe(null, ({ object }) => {
    const { namespace = "" } = object.metadata;
    if (namespace !== "" && store.list("resourcequotas", namespace).length > 0) queue.add(namespace);
  });
  return () => {
    queue.close();
    unsubscribe();
  };
}
