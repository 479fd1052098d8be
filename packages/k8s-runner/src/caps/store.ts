/** A cap's state in the cluster: an annotation of a Lease object, changed by writes that fail when somebody else was faster. */

import { createBackoff } from "../async/backoff.ts";
import { patiently } from "../async/patience.ts";
import type { ApiAnswer, ApiError, Cluster } from "../cluster/cluster.ts";
import type { Job, Lease } from "../cluster/wire.ts";
import type { Clock } from "../clock.ts";
import { annotations, capLeasePrefix, labels, manager } from "../manifest/names.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { isFinished } from "../observe/job-state.ts";
import { refOf, supervisorOf } from "../supervision/slot-holder.ts";
import { reachSeconds } from "../timings.ts";
import { type CapEntry, type CapState, emptyCap, isEmpty, readCap, writeCap } from "./state.ts";

export type Stored<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "error"; readonly error: ApiError };

/** `change` may be called again with a newer state. The same state again: nothing is written. */
export type Change<T> = (state: CapState) => { readonly state: CapState; readonly value: T };

export interface CapStore {
  /** Rejects with `signal.reason` only. */
  change<T>(namespace: string, name: string, change: Change<T>, signal: AbortSignal): Promise<Stored<T>>;
}

export interface CapStoreOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

export function createCapStore(options: CapStoreOptions): CapStore {
  const { cluster, clock } = options;
  // Starts of one process take turns: they would only make each other's writes fail.
  const lanes = new Map<string, Promise<unknown>>();

  async function once<T>(
    namespace: string,
    name: string,
    change: Change<T>,
    signal: AbortSignal,
  ): Promise<Stored<T> | "again"> {
    const patience = { clock, signal, seconds: reachSeconds };
    const found = await patiently(patience, () => cluster.get("leases", namespace, name, { signal }));
    if (found.kind === "error" && found.error.kind !== "not-found") return found;
    const lease = found.kind === "ok" ? found.value : null;
    const known = lease === null ? await rebuilt(options, namespace, name, signal) : stateOf(lease);
    if (known.kind === "error") return known;
    const before = known.value;
    const { state, value } = change(before);
    if (state === before) return { kind: "ok", value };
    const answer = await write(cluster, namespace, name, lease, state, signal);
    if (answer.kind === "ok") return { kind: "ok", value };
    // Of a write whose answer is lost nobody knows whether it was made: the next look tells, as every change can be made twice.
    return isLost(answer.error) ? "again" : answer;
  }

  async function insist<T>(
    namespace: string,
    name: string,
    change: Change<T>,
    signal: AbortSignal,
  ): Promise<Stored<T>> {
    const backoff = createBackoff({ first: 20, last: 2000, factor: 1.5, random: () => clock.random() });
    for (;;) {
      const answer = await once(namespace, name, change, signal);
      if (answer !== "again") return answer;
      // From nothing to the whole of it: fifty processes that met must not meet again.
      await clock.sleep(backoff.next() * clock.random(), signal);
    }
  }

  return {
    async change(namespace, name, change, signal) {
      const lane = `${namespace}/${name}`;
      const turn = (lanes.get(lane) ?? Promise.resolve()).then(() => {
        signal.throwIfAborted();
        return insist(namespace, name, change, signal);
      });
      const settled = turn.catch(() => undefined);
      lanes.set(lane, settled);
      try {
        return await turn;
      } finally {
        if (lanes.get(lane) === settled) lanes.delete(lane);
      }
    },
  };
}

/** Nobody has a place, or somebody has removed the object: the Jobs that live have their places all the same. */
async function rebuilt(
  { cluster, clock }: CapStoreOptions,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Stored<CapState>> {
  const labelSelector = `${labels.cap}=${name.slice(capLeasePrefix.length)}`;
  const listed = await patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.list("jobs", namespace, { labelSelector }, { signal }),
  );
  if (listed.kind === "error") return listed;
  const running = listed.value.items.filter(isLive).map(entryOf);
  return { kind: "ok", value: running.length === 0 ? emptyCap : { running, waiting: [] } };
}

function write(
  cluster: Cluster,
  namespace: string,
  name: string,
  lease: Lease | null,
  state: CapState,
  signal: AbortSignal,
): Promise<ApiAnswer<unknown>> {
  const { uid, resourceVersion } = lease?.metadata ?? {};
  const noted = { [annotations.capState]: writeCap(state) };
  if (lease === null) {
    const metadata = { name, namespace, labels: { [labels.managedBy]: manager }, annotations: noted };
    return cluster.create("leases", namespace, { metadata }, { signal });
  }
  if (isEmpty(state)) {
    const precondition = {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    return cluster.delete("leases", namespace, name, precondition, { signal });
  }
  const metadata = { uid, resourceVersion, annotations: noted };
  return cluster.patch("leases", namespace, name, { metadata }, { signal });
}

function stateOf({ metadata }: Lease): { readonly kind: "ok"; readonly value: CapState } {
  return { kind: "ok", value: readCap(metadata?.annotations?.[annotations.capState]) };
}

/** Released, by its process or to a queue, and not over. */
function isLive(job: Job): boolean {
  return job.metadata?.annotations?.[annotations.releasedAt] !== undefined && !isFinished(jobEvidence(job));
}

function entryOf(job: Job): CapEntry {
  const { runId, jobName, jobUid } = refOf(job);
  return {
    ticket: job.metadata?.annotations?.[annotations.attempt] ?? "",
    owner: supervisorOf(job) ?? "",
    runId,
    jobName,
    since: job.metadata?.creationTimestamp ?? "",
    jobUid,
  };
}

function isLost({ kind }: ApiError): boolean {
  return kind === "conflict" || kind === "already-exists" || kind === "not-found" || kind === "unavailable";
}
