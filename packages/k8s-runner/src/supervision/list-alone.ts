/** The list of a runner without the runner: for a program that asks for nothing else, and is to start at once. */

import type { Cluster } from "../cluster/cluster.ts";
import { systemClock } from "../clock.ts";
import { createSeals } from "../manifest/seal.ts";
import { createServerTime, keepingTime } from "../server-time.ts";
import { usualLeaseSeconds } from "../timings.ts";
import type { RunListing } from "../types/run.ts";
import { createLeases } from "./lease.ts";
import { listRuns as listRunsOf } from "./list.ts";

/** As `Runner.list`, of a runner without a key. Rejects with `ClusterRequestError`, and with the signal's reason. */
export async function listRuns(
  cluster: Cluster,
  {
    namespace = cluster.namespace ?? "default",
    labels = {},
    signal = new AbortController().signal,
  }: {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<readonly RunListing[]> {
  const serverTime = createServerTime(systemClock);
  const seals = createSeals(undefined);
  const timed = keepingTime(cluster, serverTime);
  // It holds none, so that there is none to close.
  const leases = createLeases({
    cluster: timed,
    clock: systemClock,
    serverTime,
    identity: "",
    leaseSeconds: usualLeaseSeconds,
    seals,
  });
  return listRunsOf({ cluster: timed, closing: signal, seals, leases }, { namespace, labels });
}
