import { withCluster } from "../cluster.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOf } from "../options.ts";
import { labelsOf } from "../run-rows.ts";
import { redrawEvery } from "../screen/redraw.ts";
import { isForPeople } from "../screen/rows.ts";
import type { Streams } from "../streams.ts";
import { createUsages } from "../usage-readers.ts";
import { type ListOptions, findRuns, listText, noRuns } from "./list.ts";

/** `list --watch`: the logs of runs that live are followed, which takes a runner. */
export async function watchRuns(
  streams: Streams,
  options: ListOptions,
  signal: AbortSignal,
): Promise<number> {
  const labels = labelsOf(options.selector);
  return withCluster(streams, options, async ({ runner, cluster }, namespace) => {
    const usages = createUsages(runner, cluster, signal);
    const draw = async (): Promise<string> => {
      const runs = await usages.read(await findRuns(cluster, { ...options, namespace }, labels, signal));
      return runs.length === 0 && isForPeople(formatOf(options, "table"))
        ? noRuns(options, namespace)
        : listText(streams, options, runs);
    };
    await redrawEvery(streams, draw, { milliseconds: 2000, signal });
    return exitCodes.interrupted;
  });
}
