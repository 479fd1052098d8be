import { appendFileSync } from "node:fs";

/** One figure of a benchmark, with what it is measured against. */
export interface BenchRow {
  readonly what: string;
  /** With its unit; of a ratio what it is a ratio to stands in `what`, or in `peer`. */
  readonly figure: string;
  /** What does the same, and what it needed in the same run. */
  readonly peer?: string;
  readonly limit?: string;
  /** Of the limit; left out where there is none. */
  readonly held?: boolean;
}

/** Names a file that the rows are added to, so that `pnpm bench` can make one table of several programs. */
export const rowsVariable = "BENCH_ROWS";

/** Prints a figure as soon as it is known. One that misses its limit says so; it fails nothing, as another program may have had the processor. */
export function benchRow(row: BenchRow): void {
  const { what, figure, peer, limit, held } = row;
  const verdict = held === undefined ? "" : held ? ": held" : ": MISSED";
  console.log(
    [
      `${what}: ${figure}`,
      ...(peer === undefined ? [] : [`beside ${peer}`]),
      ...(limit === undefined ? [] : [`limit ${limit}${verdict}`]),
    ].join(", "),
  );
  const file = process.env[rowsVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
