/** Taking over the run of a process that died: a write that only one process can win. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import { annotations, labels, runLabel } from "../manifest/names.ts";
import type { RunnerContext } from "../runner-context.ts";
import { refOf, supervisorOf } from "../supervision/slot-holder.ts";
import type { AdoptedJob } from "../types/run.ts";
import { patiently } from "../async/patience.ts";
import { reachSeconds } from "../timings.ts";

export type Adoption =
  | {
      readonly kind: "adopted";
      readonly job: Job;
      readonly previousSupervisor: string | null;
      readonly previous: AdoptedJob;
    }
  /** Somebody else was faster, or it is gone. */
  | { readonly kind: "lost" }
  | { readonly kind: "error"; readonly error: ApiError };

/** What is written on a Job for its new run. */
export interface AdoptionMarks {
  readonly runId?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export async function adoptJob(
  { cluster, clock, serverTime, identity }: RunnerContext,
  job: Job,
  { runId, labels: given, annotations: noted }: AdoptionMarks,
  signal: AbortSignal,
): Promise<Adoption> {
  const metadata = {
    // The precondition: whoever writes second is refused.
    resourceVersion: job.metadata?.resourceVersion,
    uid: job.metadata?.uid,
    annotations: {
      ...noted,
      [annotations.supervisor]: identity,
      [annotations.adoptedAt]: serverTime.iso(),
      ...(runId === undefined ? {} : { [annotations.runId]: runId }),
    },
    labels: { ...given, ...(runId === undefined ? {} : { [labels.run]: runLabel(runId) }) },
  };
  const { namespace = "", name = "" } = job.metadata ?? {};
  const answer = await patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.patch("jobs", namespace, name, { metadata }, { signal }),
  );
  if (answer.kind === "ok")
    return {
      kind: "adopted",
      job: answer.value,
      previousSupervisor: supervisorOf(job),
      previous: adoptedJob(job),
    };
  const { kind } = answer.error;
  // A conflict may also be our own first try, whose reply was lost: looking again tells.
  return kind === "conflict" || kind === "not-found" || kind === "gone"
    ? { kind: "lost" }
    : { kind: "error", error: answer.error };
}

export function adoptedJob(job: Job): AdoptedJob {
  const { labels: had = {}, annotations: noted = {} } = job.metadata ?? {};
  return { runId: refOf(job).runId, labels: had, annotations: noted };
}
