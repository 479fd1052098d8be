import { ClusterRequestError, type RunListing } from "@claude-k8s/k8s-runner";
import type { Connection } from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonOptions, type FormatOptions, type SortKey, formatOf } from "../options.ts";
import { labelsOf, runRows, sorted } from "../run-rows.ts";
import { redrawEvery } from "../screen/redraw.ts";
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
  const labels = labelsOf(options.selector);
  const format = formatOf(options, "table");
  const withNamespace = options.allNamespaces === true;
  return withCluster(streams, options, async (connection, namespace) => {
    const { runner, cluster } = connection;
    const find = async (): Promise<readonly RunListing[]> => {
      const namespaces = withNamespace ? await namespacesOf(connection, signal) : [namespace];
      return (await Promise.all(namespaces.map((each) => runner.list({ namespace: each, labels })))).flat();
    };
    const text = (runs: readonly ListedRun[]): Promise<string> => {
      const rows = runRows({ wide: format === "wide", withNamespace, now: Date.now() });
      return rowsText(sorted(runs, options.sortBy ?? "age"), format, rows, streams.output);
    };
    const empty = `no runs in ${withNamespace ? "any namespace" : `namespace ${namespace}`}\n`;
    if (options.watch === true) {
      const { createUsages } = await import("../usage-readers.ts");
      const usages = createUsages(runner, cluster, signal);
      const draw = async (): Promise<string> => {
        const runs = await usages.read(await find());
        return runs.length === 0 && isForPeople(format) ? empty : text(runs);
      };
      await redrawEvery(streams, draw, { milliseconds: 2000, signal });
      return exitCodes.interrupted;
    }
    const found = await find();
    // A name alone is nobody's cost, and no ending.
    const sortsByLog = ["tokens", "cost", "state"].includes(options.sortBy ?? "age");
    const runs =
      format === "name" && !sortsByLog
        ? found.map((run): ListedRun => [run, null, null])
        : await seenRuns(cluster, found, signal);
    // Nothing is no data: a script that counts lines counts none.
    if (runs.length === 0 && isForPeople(format)) streams.errors.write(empty);
    else streams.output.write(await text(runs));
    return exitCodes.success;
  });
}

/** Those that have a run of ours in them. */
async function namespacesOf(
  { cluster }: Pick<Connection, "cluster">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labelSelector = "app.kubernetes.io/managed-by=claude-k8s";
  const jobs = await cluster.list("jobs", null, { labelSelector }, { signal });
  if (jobs.kind === "error") throw new ClusterRequestError("list", "jobs", null, jobs.error);
  return [...new Set(jobs.value.items.flatMap(({ metadata }) => metadata?.namespace ?? []))];
}
