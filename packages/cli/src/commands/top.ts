import type { RunListing } from "@claude-k8s/k8s-runner";
import type { RunSummary } from "@claude-k8s/stream-parser";
import { stringify } from "yaml";

import { withCluster } from "../cluster.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonOptions, type FormatOptions, formatOf } from "../options.ts";
import { labelsOf, workOf } from "../run-rows.ts";
import { ageOf } from "../screen/age.ts";
import { costWords, countWords, tokensOf } from "../screen/numbers.ts";
import { plainData, plainJson } from "../screen/plain.ts";
import { redrawEvery } from "../screen/redraw.ts";
import { type Column, table } from "../screen/table.ts";
import { type Streams, tableWidthOf } from "../streams.ts";
import { type Reader, createReaders, readOnce } from "../usage-readers.ts";

export interface TopOptions extends CommonOptions, FormatOptions {
  readonly selector?: string;
  readonly once?: boolean;
}

const columns: readonly Column[] = [
  { head: "JOB" },
  { head: "AGENT", least: 8, dispensable: 2 },
  { head: "TASK", least: 8, dispensable: 3 },
  { head: "STATE" },
  { head: "AGE" },
  { head: "TURNS", dispensable: 1 },
  { head: "TOKENS" },
  { head: "TOKENS/MIN", dispensable: 0 },
  { head: "COST" },
  { head: "COST/MIN" },
  { head: "DOING", least: 8, dispensable: 4 },
];

/** `top`: the runs that live, with what they use, most expensive first. */
export async function topCommand(
  streams: Streams,
  options: TopOptions,
  signal: AbortSignal,
): Promise<number> {
  const labels = labelsOf(options.selector);
  const format = formatOf(options, "table");
  return withCluster(streams, options, async ({ runner, cluster }, namespace) => {
    const look = async (
      read: (runs: readonly RunListing[]) => Promise<readonly (readonly [RunListing, Reader])[]>,
    ) => {
      const live = (await runner.list({ namespace, labels })).filter(({ state }) => state !== "finished");
      return (await read(live)).toSorted(([, a], [, b]) => costOf(b) - costOf(a));
    };
    if (options.once === true || format !== "table") {
      const found = await look((runs) => readOnce(cluster, runs, signal));
      const data = found.map(([run, { summary }]) => ({
        job: run.ref.jobName,
        namespace,
        ...workOf(run),
        state: run.state,
        createdAt: run.createdAt,
        turns: summary.turns,
        tokens: tokensOf(summary.cost.own),
        costUsd: summary.cost.own.costUsd,
        models: summary.cost.own.models,
      }));
      if (format === "json") streams.output.write(`${plainJson(data)}\n`);
      else if (format === "yaml") streams.output.write(stringify(plainData(data)));
      else if (found.length === 0) streams.errors.write(`no run lives in namespace ${namespace}\n`);
      else streams.output.write(table(columns, found.map(rowOf), tableWidthOf(streams.output)));
      return exitCodes.success;
    }
    const readers = createReaders(runner, signal);
    const draw = async (): Promise<string> => {
      const found = await look((runs) => readers.read(runs));
      const total = found.reduce((sum, [, reader]) => sum + costOf(reader), 0);
      const head = `${found.length} running in namespace ${namespace}, ${costWords({ costUsd: total, estimated: true })} so far\n\n`;
      return head + table(columns, found.map(rowOf), tableWidthOf(streams.output));
    };
    await redrawEvery(streams, draw, { milliseconds: 2000, signal });
    return exitCodes.interrupted;
  });
}

function costOf({ summary }: Reader): number {
  return summary.cost.own.costUsd ?? 0;
}

function rowOf([run, reader]: readonly [RunListing, Reader]): readonly string[] {
  const { agent, task } = workOf(run);
  const { summary, perMinute } = reader;
  const { own } = summary.cost;
  return [
    run.ref.jobName,
    agent,
    task,
    run.supervised ? run.state : `${run.state}, unwatched`,
    ageOf(run.createdAt, Date.now()),
    String(summary.turns || summary.messages),
    countWords(tokensOf(own)),
    perMinute === null ? "-" : countWords(Math.round(perMinute.tokens)),
    costWords(own),
    perMinute === null ? "-" : costWords({ costUsd: perMinute.costUsd, estimated: true }),
    doing(summary),
  ];
}

function doing({ tools, lastAssistantText }: RunSummary): string {
  const open = tools.open.at(-1);
  return open === undefined ? (lastAssistantText ?? "-").slice(0, 200) : open.name;
}
