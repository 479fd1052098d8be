import type { Registry } from "../api/registry.ts";
import { resourceOf, resources } from "../api/resources.ts";
import { milliseconds } from "../objects/time.ts";
import type { ApiObject, Job } from "../objects/types.ts";
import { hasCondition } from "./conditions.ts";
import { isFinished } from "./job-plan.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Removes finished Jobs after `ttlSecondsAfterFinished`, in the foreground as the real controller does. */
export function startTtlController(registry: Registry): () => void {
  const { store, clock } = registry;
  const queue = createWorkQueue(clock, (key) => {
    const [namespace = "", name = ""] = key.split("/");
    const job = store.get("jobs", namespace, name) as Job | undefined;
    if (job === undefined || job.metadata.deletionTimestamp !== undefined || !isFinished(job)) return;
    const ttl = job.spec.ttlSecondsAfterFinished;
    if (ttl === undefined) return;
    const left = finishedAt(job) + ttl * 1000 - milliseconds(clock);
    if (left > 0) return queue.addAfter(key, left);
    registry.remove(resourceOf("jobs"), namespace, name, {
      propagationPolicy: "Foreground",
      preconditions: { uid: job.metadata.uid },
    });
  });
  const unsubscribe = store.subscribe("jobs", ({ object }) => {
    const job = object as Job;
    if (job.spec.ttlSecondsAfterFinished !== undefined && isFinished(job)) {
      queue.add(`${job.metadata.namespace ?? ""}/${job.metadata.name}`);
    }
  });
  return () => {
    queue.close();
    unsubscribe();
  };
}

function finishedAt(job: Job): number {
  const condition = (job.status.conditions ?? []).find(
    (entry) => hasCondition([entry], "Complete") || hasCondition([entry], "Failed"),
  );
  return Date.parse(condition?.lastTransitionTime ?? "");
}

/** Gives each namespace its default service account; empties a namespace that is deleted, then lets it go. */
export function startNamespaceController(
  registry: Registry,
  serviceAccounts: (namespace: string) => readonly string[],
): () => void {
  const { store } = registry;
  const accounts = resourceOf("serviceaccounts");
  const contents = resources.filter((resource) => resource.namespaced);

  const unsubscribe = store.subscribe(null, (event) => {
    if (event.resource === "namespaces" && event.type === "ADDED") populate(event.object);
    const namespace =
      event.resource === "namespaces" ? event.object.metadata.name : (event.object.metadata.namespace ?? "");
    const found = store.get("namespaces", "", namespace);
    if (found?.metadata.deletionTimestamp !== undefined) setImmediate(() => empty(namespace));
  });

  function populate(namespace: ApiObject): void {
    const { name } = namespace.metadata;
    for (const account of ["default", ...serviceAccounts(name)]) {
      registry.create(accounts, name, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: account } as ApiObject["metadata"],
      });
    }
  }

  function empty(namespace: string): void {
    const found = store.get("namespaces", "", namespace) as
      | (ApiObject & { status: { phase: string } })
      | undefined;
    if (found?.metadata.deletionTimestamp === undefined) return;
    if (found.status.phase !== "Terminating") {
      registry.mutate<typeof found>("namespaces", "", namespace, (draft) => {
        draft.status.phase = "Terminating";
      });
    }
    let left = 0;
    for (const resource of contents) {
      for (const object of store.list(resource.plural, namespace)) {
        left += 1;
        if (object.metadata.deletionTimestamp !== undefined) continue;
        registry.remove(resource, namespace, object.metadata.name, { propagationPolicy: "Background" });
      }
    }
    if (left === 0) store.remove("namespaces", "", namespace);
  }

  return unsubscribe;
}
