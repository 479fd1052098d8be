import { ClusterRequestError, type RunListing } from "@claude-k8s/k8s-runner";
import type { Connection } from "paperclip-adapter-claude-k8s/cli-parts";
import { stringify } from "yaml";

import { withCluster } from "../cluster.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonOptions, type FormatOptions, type OutputFormat, formatOf } from "../options.ts";
import { labelsOf, runColumns, runRow, sorted, wideCells, wideColumns } from "../run-rows.ts";
import { plainData, plainJson } from "../screen/plain.ts";
import { redrawEvery } from "../screen/redraw.ts";
import { markdownTable, table } from "../screen/table.ts";
import { type Streams, tableWidthOf } from "../streams.ts";

export interface ListOptions extends CommonOptions, FormatOptions {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly sortBy?: string;
  readonly watch?: boolean;
}

/** `list`: the runs of a namespace, or of all, whoever supervises them. */
export async function listCommand(
  streams: Streams,
  options: ListOptions,
  signal: AbortSignal,
): Promise<number> {
  const labels = labelsOf(options.selector);
  const format = formatOf(options, "table");
  return withCluster(streams, options, async (connection, namespace) => {
    const find = async (): Promise<readonly RunListing[]> => {
      const namespaces =
        options.allNamespaces === true ? await namespacesOf(connection, signal) : [namespace];
      const found = await Promise.all(
        namespaces.map((each) => connection.runner.list({ namespace: each, labels })),
      );
      return sorted(found.flat(), options.sortBy ?? "age");
    };
    const empty = `no runs in ${options.allNamespaces === true ? "any namespace" : `namespace ${namespace}`}\n`;
    const show = async (): Promise<string> => {
      const runs = await find();
      const width = tableWidthOf(streams.output);
      return shown(runs, format, { width, withNamespace: options.allNamespaces === true, empty });
    };
    if (options.watch !== true) {
      const runs = await find();
      const isForPeople = format === "table" || format === "wide";
      // Nothing is no data: a script that counts lines counts none.
      if (runs.length === 0 && isForPeople) streams.errors.write(empty);
      else
        streams.output.write(
          shown(runs, format, {
            width: tableWidthOf(streams.output),
            withNamespace: options.allNamespaces === true,
            empty,
          }),
        );
      return exitCodes.success;
    }
    await redrawEvery(streams, show, { milliseconds: 2000, signal });
    return exitCodes.interrupted;
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

function shown(
  runs: readonly RunListing[],
  format: OutputFormat,
  {
    width,
    withNamespace,
    empty,
  }: { readonly width: number | null; readonly withNamespace: boolean; readonly empty: string },
): string {
  if (format === "json") return `${plainJson(runs)}\n`;
  if (format === "yaml") return stringify(plainData(runs));
  if (format === "name") return runs.map(({ ref }) => `job/${ref.jobName}\n`).join("");
  const now = Date.now();
  const isWide = format === "wide";
  const columns = [
    ...(withNamespace ? [{ head: "NAMESPACE", least: 10 }] : []),
    ...runColumns,
    ...(isWide ? wideColumns : []),
  ];
  const rows = runs.map((run) => [
    ...(withNamespace ? [run.ref.namespace] : []),
    ...runRow(run, now),
    ...(isWide ? wideCells(run) : []),
  ]);
  if (format === "markdown") return markdownTable(columns, rows);
  return rows.length === 0 ? empty : table(columns, rows, width);
}
