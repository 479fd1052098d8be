import { type Cluster, ClusterRequestError, type RunListing, listRuns } from "@claude-k8s/k8s-runner";

import { withBriefCluster } from "../brief-cluster.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonOptions, type FormatOptions, type SortKey, formatOf } from "../options.ts";
import { labelsOf, runRows, sorted } from "../run-rows.ts";
import { isForPeople, rowsText } from "../screen/rows.ts";
import type { Streams } from "../streams.ts";
import { type ListedRun, seenRuns } from "../usage.ts";

export interface ListOptions extends CommonOptions, FormatOptions {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly sortBy?: SortKey;
  readonly watch?: boolean;
}

/** `list`: the runs of a namespace, or of all, whoever supervises them, with what they have used and how they ended. */
export async function listCommand(
  streams: Streams,
  options: ListOptions,
  signal: AbortSignal,
): Promise<number> {
  const format = formatOf(options, "table");
  const labels = labelsOf(options.selector);
  if (options.watch === true) {
    const { watchRuns } = await import("./list-watch.ts");
    return watchRuns(streams, options, signal);
  }
  return withBriefCluster(streams, options, async (cluster, namespace) => {
    const found = await findRuns(cluster, { ...options, namespace }, labels, signal);
    // A name alone is nobody's cost, and no ending.
    const sortsByLog = ["tokens", "cost", "state"].includes(options.sortBy ?? "age");
    const runs =
      format === "name" && !sortsByLog
        ? found.map((run): ListedRun => [run, null, null])
        : await seenRuns(cluster, found, signal);
    // Nothing is no data: a script that counts lines counts none.
    if (runs.length === 0 && isForPeople(format)) streams.errors.write(noRuns(options, namespace));
    else streams.output.write(await listText(streams, options, runs));
    return exitCodes.success;
  });
}

export function noRuns({ allNamespaces }: ListOptions, namespace: string): string {
  return `no runs in ${allNamespaces === true ? "any namespace" : `namespace ${namespace}`}\n`;
}

export function listText(
  { output }: Pick<Streams, "output">,
  options: ListOptions,
  runs: readonly ListedRun[],
): Promise<string> {
  const format = formatOf(options, "table");
  const withNamespace = options.allNamespaces === true;
  const rows = runRows({ wide: format === "wide", withNamespace, now: Date.now() });
  return rowsText(sorted(runs, options.sortBy ?? "age"), format, rows, output);
}

export async function findRuns(
  cluster: Cluster,
  { allNamespaces, namespace }: { readonly allNamespaces?: boolean; readonly namespace: string },
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly RunListing[]> {
  const namespaces = allNamespaces === true ? await namespacesOf(cluster, signal) : [namespace];
  const found = await Promise.all(
    namespaces.map((each) => listRuns(cluster, { namespace: each, labels, signal })),
  );
  return found.flat();
}

/** Those that have a run of ours in them. */
async function namespacesOf(cluster: Cluster, signal: AbortSignal): Promise<readonly string[]> {
  const labelSelector = "app.kubernetes.io/managed-by=claude-k8s";
  const jobs = await cluster.list("jobs", null, { labelSelector }, { signal });
  if (jobs.kind === "error") throw new ClusterRequestError("list", "jobs", null, jobs.error);
  return [...new Set(jobs.value.items.flatMap(({ metadata }) => metadata?.namespace ?? []))];
}
