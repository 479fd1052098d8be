import { stringify } from "yaml";

import { withCluster } from "../cluster.ts";
import { findClaims } from "../claims.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonOptions, type FormatOptions, formatOf } from "../options.ts";
import { ageWords } from "../screen/age.ts";
import { plainData, plainJson } from "../screen/plain.ts";
import { table } from "../screen/table.ts";
import { type Streams, tableWidthOf } from "../streams.ts";

/** As the runner's own sweep: what is younger may be in the making. */
const defaultSeconds = 3600;

/** `clean`: what crashes left behind. Tells only, unless it is told to remove. */
export async function cleanCommand(
  streams: Streams,
  options: CommonOptions &
    FormatOptions & {
      readonly remove?: boolean;
      readonly dryRun?: boolean;
      readonly claims?: boolean;
      readonly olderThan?: number;
    },
): Promise<number> {
  const { output, errors } = streams;
  return withCluster(streams, options, async ({ runner, cluster }, namespace) => {
    const removes = options.remove === true && options.dryRun !== true;
    const older = options.olderThan === undefined ? {} : { olderThanSeconds: options.olderThan };
    const findings =
      options.claims === true
        ? await findClaims(cluster, { namespace, removes, olderThanSeconds: defaultSeconds, ...older })
        : await runner.sweep({ namespace, dryRun: !removes, ...older });
    const format = formatOf(options, "table");
    if (format === "json") output.write(`${plainJson(findings)}\n`);
    else if (format === "yaml") output.write(stringify(plainData(findings)));
    else if (format === "name") output.write(findings.map(({ object }) => `${object}\n`).join(""));
    else if (findings.length === 0) output.write("nothing to clean\n");
    else {
      const rows = findings.map(({ object, ageSeconds, removed, reason }) => [
        object,
        ageWords(ageSeconds),
        removed ? "removed" : "left",
        reason,
      ]);
      const columns = [
        { head: "OBJECT", least: 20 },
        { head: "AGE" },
        { head: "STATE" },
        { head: "WHY", least: 12 },
      ];
      output.write(table(columns, rows, tableWidthOf(output)));
    }
    if (!removes && findings.length > 0) errors.write("▸ Nothing was removed: --remove does it.\n");
    return removes && findings.some(({ removed }) => !removed) ? exitCodes.failure : exitCodes.success;
  });
}
