/**
 * `pnpm e2e [stage…] [--all] [--report]`: the adapter inside a real Paperclip server, with the real Claude Code on a real cluster and
 * in a real browser. What the machine lacks is named and skipped. Evidence is kept in `test-results/`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { machine } from "../e2e/support/machine.ts";
import { tryParts } from "../e2e/support/try-parts.ts";
import { root } from "./packages.ts";

const stages = ["host", "in-cluster", "browser"].filter((name) => existsSync(join(root, "e2e", name)));
const words = process.argv.slice(2);
const all = words.includes("--all");
const report = all || words.includes("--report");
const wanted = words.filter((word) => !["--all", "--report"].includes(word));
const unknown = wanted.filter(
  (word) => !word.startsWith("-") && !stages.some((stage) => word.startsWith(stage)),
);
if (words.includes("--help") || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no stage is called ${unknown.join(", ")}`);
  console.error(
    `usage: pnpm e2e [stage…] [--all] [--report]\n\nStages: ${stages.join(", ")}; one file of a stage: host/install. Without one, all of them.`,
  );
  console.error("--all also runs what takes too long for every change, such as the load test, and reports.");
  console.error("--report writes what ran, and when, into docs/evidence/end-to-end.md.");
  process.exit(unknown.length > 0 ? 2 : 0);
}
rmSync(machine.results, { recursive: true, force: true });
const missing = tryParts();
for (const [variable, reason] of Object.entries(missing))
  console.log(`skipped, what needs ${variable.replace(/^E2E_|_MISSING$/g, "")}: ${reason}`);
const environment = {
  ...process.env,
  ...missing,
  TURBO_TELEMETRY_DISABLED: "1",
  E2E_VERSIONS: versions(),
  ...(all && { E2E_ALL: "1" }),
};
const reporters = [
  "default",
  "./scripts/summary-reporter.ts",
  ...(report ? ["./scripts/e2e-report.ts"] : []),
];
for (const [program, ...args] of [
  ["turbo", "run", "build", "--output-logs=errors-only"],
  [
    "vitest",
    "run",
    "--config",
    "e2e/vitest.config.ts",
    ...reporters.map((name) => `--reporter=${name}`),
    ...wanted,
  ],
] as const) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: "inherit", env: environment });
  if (status !== 0) process.exit(status ?? 1);
}

/** Of what the adapter meets, as far as it is there. */
function versions(): string {
  const server = join(machine.paperclipRoot, "server/node_modules/@paperclipai/server/package.json");
  const paperclip = existsSync(server) ? `Paperclip ${JSON.parse(readFileSync(server, "utf8")).version}` : "";
  const kubernetes = missing["E2E_CLUSTER_MISSING"] === undefined ? kubernetesVersion() : "";
  return [paperclip, kubernetes, `Claude Code ${machine.claudeVersion}`].filter(Boolean).join(", ");
}

function kubernetesVersion(): string {
  const answer = execFileSync(machine.cluster.path, ["kubectl", "version", "-o", "json"], {
    encoding: "utf8",
  });
  return `Kubernetes ${JSON.parse(answer).serverVersion.gitVersion.replace(/^v/, "")}`;
}
