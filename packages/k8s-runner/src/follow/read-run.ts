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

/** One try; whoever asks decides when to ask again. */
export async function readFresh(
  { cluster }: Pick<RunnerContext, "cluster">,
  ref: RunRef,
  signal: AbortSignal,
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
    pods: newestFirst(pods.value.items.filter((pod) => jobUidOf(pod) === ref.jobUid)),
  };
}

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
