/**
 * `pnpm e2e [stage…] [--all]`: the adapter inside a real Paperclip server, with the real Claude Code on a real cluster and in a
 * real browser. What the machine lacks is named and skipped. Evidence is kept in `test-results/`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./packages.ts";

const stages = ["host", "in-cluster", "browser"].filter((name) => existsSync(join(root, "e2e", name)));
const words = process.argv.slice(2);
const all = words.includes("--all");
const wanted = words.filter((word) => word !== "--all");
const unknown = wanted.filter(
  (word) => !word.startsWith("-") && !stages.some((stage) => word.startsWith(stage)),
);
if (words.includes("--help") || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no stage is called ${unknown.join(", ")}`);
  console.error(
    `usage: pnpm e2e [stage…] [--all]\n\nStages: ${stages.join(", ")}. Without one, all of them.`,
  );
  console.error("--all also runs what takes too long for every change, such as the load test.");
  process.exit(unknown.length > 0 ? 2 : 0);
}
rmSync(join(root, "test-results"), { recursive: true, force: true });
for (const [program, ...args] of [
  ["turbo", "run", "build", "--output-logs=errors-only"],
  [
    "vitest",
    "run",
    "--config",
    "e2e/vitest.config.ts",
    "--reporter=default",
    "--reporter=./scripts/summary-reporter.ts",
    ...wanted,
  ],
] as const) {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", ...(all && { E2E_ALL: "1" }) },
  });
  if (status !== 0) process.exit(status ?? 1);
}
