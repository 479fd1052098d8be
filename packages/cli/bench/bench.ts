/**
 * How long somebody waits for the first word: `--help` against a Node that does nothing, and `list` against `kubectl get jobs` where
 * KUBECONFIG names a cluster and kubectl is there. Medians of runs that take turns.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { benchRow } from "../../../scripts/bench-row.ts";

const program = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const rounds = 25;

function milliseconds(command: string, args: readonly string[]): number {
  const since = performance.now();
  const { status, stderr } = spawnSync(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${String(stderr)}`);
  return performance.now() - since;
}

function compare(
  name: string,
  ours: readonly string[],
  theirs: readonly [string, ...string[]],
  limit: number,
): void {
  const [command, ...args] = theirs;
  const times = Array.from({ length: rounds }, () => ({
    theirs: milliseconds(command, args),
    ours: milliseconds(process.execPath, [program, ...ours]),
  }));
  const own = median(times.map((each) => each.ours));
  const other = median(times.map((each) => each.theirs));
  const ratio = own / other;
  benchRow({
    what: name,
    figure: `${ratio.toFixed(2)} × (${own.toFixed(0)} ms)`,
    peer: `\`${basename(command)} ${args.join(" ")}\` (${other.toFixed(0)} ms)`,
    limit: `${limit} ×`,
    held: ratio <= limit,
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (existsSync(program)) {
  compare("--help", ["--help"], [process.execPath, "-e", "0"], 2);
  compare("--version", ["--version"], [process.execPath, "-e", "0"], 2);
  const hasKubectl = spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).status === 0;
  if (process.env["KUBECONFIG"] !== undefined && hasKubectl)
    compare("list", ["list"], ["kubectl", "get", "jobs"], 1.5);
  else console.log("list: not compared, as KUBECONFIG or kubectl is missing");
} else console.log(`${program} is missing: run "pnpm build" first`);
