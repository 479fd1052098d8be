import type { Registry } from "../api/registry.ts";
import { resourceOf } from "../api/resources.ts";
import { ApiError } from "../api/status.ts";
import type { Job, Pod } from "../objects/types.ts";
import type { EventRecorder } from "./events.ts";
import { podFor, trackingFinalizer } from "./job-plan.ts";

const retryFirstMilliseconds = 1000;
const retryMostMilliseconds = 600_000;

/** The pods of Jobs: making them, finding them, letting them go. */
export interface JobPods {
  ownedPods(job: Job): Pod[];
  /** Makes so many, or as many as admission lets through; a refusal is an event and a later try. */
  createPods(job: Job, count: number): number;
  release(owned: readonly Pod[]): void;
  releaseAll(namespace: string, name: string): void;
  releaseOrphan(pod: Pod): void;
  forgetFailures(key: string): void;
}

export function createJobPods(
  registry: Registry,
  events: EventRecorder,
  retryAfter: (key: string, milliseconds: number) => void,
): JobPods {
  const { store } = registry;
  const pods = resourceOf("pods");
  const failures = new Map<string, number>();

  /** A pod whose Job is gone, or that was orphaned by it, is counted by nobody: its finalizer would keep it for ever. */
  function releaseOrphan(pod: Pod): void {
    const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller === true);
    const job = store.get("jobs", pod.metadata.namespace ?? "", owner?.name ?? "");
    if (owner === undefined || job?.metadata.uid !== owner.uid) setImmediate(() => release([pod]));
  }

  function ownedPods(job: Job): Pod[] {
    return store
      .list("pods", job.metadata.namespace)
      .filter((pod) =>
        (pod.metadata.ownerReferences ?? []).some(
          (owner) => owner.uid === job.metadata.uid && owner.controller === true,
        ),
      ) as Pod[];
  }

  function createPods(job: Job, count: number): number {
    const key = `${job.metadata.namespace ?? ""}/${job.metadata.name}`;
    let made = 0;
    for (let index = 0; index < count; index += 1) {
      try {
        const pod = registry.create(pods, job.metadata.namespace ?? "", podFor(job));
        events.record(job, {
          type: "Normal",
          reason: "SuccessfulCreate",
          message: `Created pod: ${pod.metadata.name}`,
        });
        made += 1;
        failures.delete(key);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        events.record(job, {
          type: "Warning",
          reason: "FailedCreate",
          message: `Error creating: ${error.message}`,
        });
        const tries = (failures.get(key) ?? 0) + 1;
        failures.set(key, tries);
        retryAfter(key, Math.min(retryFirstMilliseconds * 2 ** (tries - 1), retryMostMilliseconds));
        break;
      }
    }
    return made;
  }

  function release(owned: readonly Pod[]): void {
    for (const pod of owned) {
      if (pod.metadata.finalizers?.includes(trackingFinalizer) !== true) continue;
      registry.mutate<Pod>("pods", pod.metadata.namespace ?? "", pod.metadata.name, (draft) => {
        draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter(
          (entry) => entry !== trackingFinalizer,
        );
        if (draft.metadata.finalizers.length === 0) delete draft.metadata.finalizers;
      });
    }
  }

  function releaseAll(namespace: string, name: string): void {
    release(
      store
        .list("pods", namespace)
        .filter((pod) => (pod.metadata.ownerReferences ?? []).some((owner) => owner.name === name)) as Pod[],
    );
  }

  return {
    ownedPods,
    createPods,
    release,
    releaseAll,
    releaseOrphan,
    forgetFailures: (key) => void failures.delete(key),
  };
}
