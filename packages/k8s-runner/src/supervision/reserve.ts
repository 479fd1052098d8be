/** A chore about a run that nobody supervises, such as calling for a successor, is done by one process of many. */

import { ClusterRequestError } from "../errors.ts";
import { annotations } from "../manifest/names.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";

/**
 * True for one of all processes that ask. The reservation lasts as long as that process renews its Lease: when it dies before
 * it has done the chore, the next one that asks gets it. Rejects with `ClusterRequestError` when the API server refuses.
 */
export async function reserveRun(context: RunnerContext, ref: RunRef, signal: AbortSignal): Promise<boolean> {
  const { cluster, identity, leases } = context;
  const { namespace, jobName, jobUid } = ref;
  const job = await cluster.get("jobs", namespace, jobName, { signal });
  if (job.kind === "error") {
    if (job.error.kind === "not-found") return false;
    throw new ClusterRequestError("get", "jobs", namespace, job.error);
  }
  const { uid, resourceVersion, annotations: noted } = job.value.metadata ?? {};
  if (uid !== jobUid) return false;
  const reservedBy = noted?.[annotations.reservedBy];
  if (reservedBy === identity) return true;
  if (reservedBy !== undefined) {
    const { kind } = await leases.liveness(namespace, reservedBy, signal);
    // What cannot be asked may be alive.
    if (kind !== "expired") return false;
  }
  // A Lease of our own must be there first, or the others would take the reservation for a dead process's.
  const refused = await leases.hold(namespace, signal);
  if (refused !== null) throw new ClusterRequestError("create", "leases", namespace, refused);
  const body = { metadata: { uid, resourceVersion, annotations: { [annotations.reservedBy]: identity } } };
  const patched = await cluster.patch("jobs", namespace, jobName, body, { signal });
  if (patched.kind === "ok") return true;
  if (patched.error.kind === "conflict" || patched.error.kind === "not-found") return false;
  throw new ClusterRequestError("patch", "jobs", namespace, patched.error);
}
