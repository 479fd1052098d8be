/** Pod and Job as they are now, by UID; never from a cache. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Job, Pod } from "../cluster/wire.ts";
import type { RunRef } from "../types/run.ts";
import { jobUidOf } from "../watch/watches.ts";
import type { RunnerContext } from "../runner-context.ts";

export interface Fresh {
  /** `null`: there is no Job of this UID. */
  readonly job: Job | null;
  /** Newest first. */
  readonly pods: readonly Pod[];
}

export type FreshAnswer =
  | ({ readonly kind: "ok" } & Fresh)
  | { readonly kind: "error"; readonly error: ApiError };

/**
 * One try; whoever asks decides when to ask again. `known`: UIDs of pods that were seen to be the Job's. Whoever deletes a Job and
 * orphans its pod takes the owner from that pod, which works on all the same; its UID no other pod will ever have.
 */
export async function readFresh(
  { cluster }: Pick<RunnerContext, "cluster">,
  ref: RunRef,
  signal: AbortSignal,
  known: ReadonlySet<string> = nobody,
): Promise<FreshAnswer> {
  const [job, pods] = await Promise.all([
    cluster.get("jobs", ref.namespace, ref.jobName, { signal }),
    cluster.list("pods", ref.namespace, { labelSelector: podSelectorOf(ref.jobUid) }, { signal }),
  ]);
  if (job.kind === "error" && job.error.kind !== "not-found") return job;
  if (pods.kind === "error") return pods;
  const found = job.kind === "ok" && job.value.metadata?.uid === ref.jobUid ? job.value : null;
  return {
    kind: "ok",
    job: found,
    pods: newestFirst(
      pods.value.items.filter((pod) => jobUidOf(pod) === ref.jobUid || known.has(pod.metadata?.uid ?? "")),
    ),
  };
}

const nobody: ReadonlySet<string> = new Set();

/** The Job's own list, as its controller asks for it: by the Job's UID, which no other Job will ever have. */
export function podSelectorOf(jobUid: string): string {
  return `batch.kubernetes.io/controller-uid=${jobUid}`;
}

export function newestFirst(pods: readonly Pod[]): readonly Pod[] {
  return pods.toSorted((left, right) => createdAt(right).localeCompare(createdAt(left)));
}

function createdAt(pod: Pod): string {
  return pod.metadata?.creationTimestamp ?? "";
}
