/**
 * `pnpm test`: every unit, property and contract test of every package, in about four minutes. `--all` adds the whole runs
 * (`test/whole-runs.ts`); whatever else is said is Vitest's, and then nothing is left out. Where KUBECONFIG points to a
 * cluster, nothing is left out either, and the contract and scenario tests run there, too.
 */
import { spawnSync } from "node:child_process";

const asked = process.argv.slice(2);
const isBare = asked.length === 0 && process.env["KUBECONFIG"] === undefined;
const reporters = ["--reporter=default", "--reporter=./scripts/summary-reporter.ts"];
const result = spawnSync("vitest", ["run", ...reporters, ...asked.filter((word) => word !== "--all")], {
  stdio: "inherit",
  env: { ...process.env, WITHOUT_WHOLE_RUNS: isBare ? "1" : "" },
});
if (isBare) console.log("whole runs were left out: `pnpm test --all` plays them, too");
process.exitCode = result.status ?? 1;
