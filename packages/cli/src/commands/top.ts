import type { RunListing } from "@claude-k8s/k8s-runner";
import type { RunSummary } from "@claude-k8s/stream-parser";
import { usageOf } from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonOptions, type FormatOptions, formatOf } from "../options.ts";
import { labelsOf, workCells, workColumns, workOf } from "../run-rows.ts";
import { costWords, countWords } from "../screen/numbers.ts";
import { redrawEvery } from "../screen/redraw.ts";
import { type Rows, rowsText } from "../screen/rows.ts";
import type { Streams } from "../streams.ts";
import { type Reader, createReaders, readOnce } from "../usage-readers.ts";

export interface TopOptions extends CommonOptions, FormatOptions {
  readonly selector?: string;
  readonly once?: boolean;
}

type Busy = readonly [RunListing, Reader];

/** `top`: the runs that live, with what they use, most expensive first. */
export async function topCommand(
  streams: Streams,
  options: TopOptions,
  signal: AbortSignal,
): Promise<number> {
  const labels = labelsOf(options.selector);
  const format = formatOf(options, "table");
  return withCluster(streams, options, async ({ runner, cluster }, namespace) => {
    const live = async (): Promise<readonly RunListing[]> =>
      (await runner.list({ namespace, labels })).filter(({ state }) => state !== "finished");
    const text = (found: readonly Busy[]): Promise<string> =>
      rowsText(byCost(found), format, rowsAt(Date.now(), namespace), streams.output);
    if (options.once === true || format !== "table") {
      const found = await readOnce(cluster, await live(), signal);
      if (found.length === 0 && format === "table")
        streams.errors.write(`no run lives in namespace ${namespace}\n`);
      else streams.output.write(await text(found));
      return exitCodes.success;
    }
    const readers = createReaders(runner, signal);
    const draw = async (): Promise<string> => {
      const found = readers.read(await live());
      const costUsd = found.reduce((sum, one) => sum + costOf(one), 0);
      const head = `${found.length} running in namespace ${namespace}, ${costWords({ costUsd, estimated: true })} so far\n\n`;
      return head + (await text(found));
    };
    await redrawEvery(streams, draw, { milliseconds: 2000, signal });
    return exitCodes.interrupted;
  });
}

function byCost(found: readonly Busy[]): readonly Busy[] {
  return found.toSorted((a, b) => costOf(b) - costOf(a));
}

function costOf([, { summary }]: Busy): number {
  return summary.cost.own.costUsd ?? 0;
}

function rowsAt(now: number, namespace: string): Rows<Busy> {
  return {
    columns: [
      ...workColumns,
      { head: "TURNS", dispensable: 1 },
      { head: "TOKENS" },
      { head: "TOKENS/MIN", dispensable: 1 },
      { head: "COST" },
      { head: "COST/MIN", dispensable: 0 },
      { head: "DOING", least: 8, dispensable: 4 },
    ],
    row: ([run, { summary, perMinute }]) => [
      ...workCells(run, now),
      String(usageOf(summary).turns),
      countWords(usageOf(summary).tokens),
      perMinute === null ? "-" : countWords(Math.round(perMinute.tokens)),
      costWords(summary.cost.own),
      perMinute === null ? "-" : costWords({ costUsd: perMinute.costUsd, estimated: true }),
      doing(summary),
    ],
    data: ([run, { summary }]) => ({
      job: run.ref.jobName,
      namespace,
      ...workOf(run),
      state: run.state,
      createdAt: run.createdAt,
      ...usageOf(summary),
      models: summary.cost.own.models,
    }),
  };
}

function doing({ tools, lastAssistantText }: RunSummary): string {
  const open = tools.open.at(-1);
  return open === undefined ? (lastAssistantText ?? "-").slice(0, 200) : open.name;
}
