/** All runs of a namespace, whoever supervises them. */

import type { Job, Pod } from "../cluster/wire.ts";
import { ClusterRequestError } from "../errors.ts";
import { annotations, labels, longestNote, mainContainer, manager } from "../manifest/names.ts";
import { formReason } from "../manifest/seal.ts";
import { endingOf } from "../observe/ending.ts";
import { jobState } from "../observe/job-state.ts";
import { hasStarted, viewOf } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { ListedEnding } from "../types/listed-ending.ts";
import type { RunListing, RunRef } from "../types/run.ts";
import { jobUidOf } from "../watch/watches.ts";
import type { RunnerContext } from "../runner-context.ts";
import { newestFirst } from "../follow/read-run.ts";
import { refOf, supervisorOf } from "./slot-holder.ts";

export interface ListOptions {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a list needs of all that a runner has. */
export interface ListContext extends Pick<RunnerContext, "cluster" | "closing" | "seals"> {
  readonly leases: Pick<RunnerContext["leases"], "liveness">;
}

/** Rejects with `ClusterRequestError` when the API server does not tell. */
export async function listRuns(context: ListContext, options: ListOptions): Promise<readonly RunListing[]> {
  const { cluster, closing } = context;
  const own = { ...options.labels, [labels.managedBy]: manager };
  const labelSelector = Object.entries(own)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const [jobs, pods] = await Promise.all([
    cluster.list("jobs", options.namespace, { labelSelector }, { signal: closing }),
    cluster.list(
      "pods",
      options.namespace,
      { labelSelector: `${labels.managedBy}=${manager}` },
      { signal: closing },
    ),
  ]);
  if (jobs.kind === "error") throw new ClusterRequestError("list", "jobs", options.namespace, jobs.error);
  if (pods.kind === "error") throw new ClusterRequestError("list", "pods", options.namespace, pods.error);
  // What only has the label may be anybody's, with any text as its slot.
  const listed = jobs.value.items.filter((job) => formReason(job) === null);
  const alive = await livingSupervisors(context, options.namespace, listed);
  return listed.map((job) => listingOf(context, job, pods.value.items, alive));
}

/** Each supervisor is asked for once, whatever the number of its runs. */
async function livingSupervisors(
  { leases, closing }: ListContext,
  namespace: string,
  jobs: readonly Job[],
): Promise<ReadonlySet<string>> {
  const names = [...new Set(jobs.map(supervisorOf).filter((name) => name !== null))];
  const states = await Promise.all(names.map((name) => leases.liveness(namespace, name, closing)));
  return new Set(names.filter((_, index) => states[index]?.kind !== "expired"));
}

function listingOf(
  { seals }: ListContext,
  job: Job,
  pods: readonly Pod[],
  alive: ReadonlySet<string>,
): RunListing {
  const ref = refOf(job);
  const own = newestFirst(pods.filter((pod) => jobUidOf(pod) === ref.jobUid));
  const view = viewOf(job, own, mainContainer, null);
  const supervisor = supervisorOf(job);
  const state = stateOf(view);
  return {
    ref,
    slot: job.metadata?.annotations?.[annotations.slot] ?? null,
    state,
    ending: state === "finished" ? listedEnding(view, ref) : null,
    sealed: seals.checked ? seals.standing(job).kind === "ours" : null,
    supervisor,
    supervised: supervisor !== null && alive.has(supervisor),
    concludedAt: job.metadata?.annotations?.[annotations.concludedAt] ?? null,
    note: job.metadata?.annotations?.[annotations.note]?.slice(0, longestNote) ?? null,
    labels: job.metadata?.labels ?? {},
    createdAt: job.metadata?.creationTimestamp ?? null,
    podName: view.pod?.name ?? null,
    nodeName: view.pod?.nodeName ?? null,
  };
}

/** By the same tables as the ending of a run that is followed, from what was listed anyway. */
function listedEnding(view: View, { namespace, jobName }: RunRef): ListedEnding | null {
  const found = { job: true, pod: view.pod !== null };
  const ending = endingOf(view, { main: mainContainer, stopped: false, node: null, found });
  const { pod, otherPods, job } = view;
  return ending === null ? null : { ...ending, evidence: { namespace, jobName, pod, otherPods, job } };
}

function stateOf({ job, pod, podState }: View): RunListing["state"] {
  const state = job === null ? null : jobState(job);
  if (state?.kind === "complete" || state?.kind === "failed") return "finished";
  if (state?.kind === "ending" || pod?.deletionTimestamp) return "terminating";
  if (podState?.kind === "ended") return "finished";
  if (pod !== null && hasStarted(pod, mainContainer)) return "running";
  return state?.kind === "suspended" || podState?.kind === "gated" ? "queued" : "starting";
}
