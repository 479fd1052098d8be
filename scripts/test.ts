/**
 * `pnpm test [vitest arguments]`: every unit, property, contract and scenario test of every package. Where KUBECONFIG
 * points to a cluster, the contract and scenario tests run there, too.
 */
import { spawnSync } from "node:child_process";

const reporters = ["--reporter=default", "--reporter=./scripts/summary-reporter.ts"];
const result = spawnSync("vitest", ["run", ...reporters, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = result.status ?? 1;
