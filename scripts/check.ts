/**
 * `pnpm check [name…]`: everything about the repository that needs no cluster, each as its own step; all steps run even
 * when one fails, and the failures are listed at the end.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, workspacePackages } from "./packages.ts";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly folder?: string;
}

const packages = workspacePackages();
const each = (
  name: string,
  command: (folder: string) => readonly string[],
  applies: (folder: string) => boolean = () => true,
): Step[] =>
  packages
    .filter(({ folder }) => applies(folder))
    .map(({ folder, name: packageName }) => ({
      name: `${name} ${packageName}`,
      command: command(folder),
      folder,
    }));

const importsOf = (folder: string): string =>
  packages
    .filter((one) => one.folder === folder)
    .flatMap(({ name, entries }) =>
      entries.map(({ subpath }) => `await import(${JSON.stringify(join(name, subpath))});`),
    )
    .join("\n");

const exportsCode = (folder: string): boolean =>
  packages.some((one) => one.folder === folder && one.entries.length > 0);

const steps: Step[] = [
  { name: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "format", command: ["oxfmt", "--check"] },
  { name: "typecheck", command: ["turbo", "run", "typecheck", "--output-logs=errors-only"] },
  { name: "typecheck scripts", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "build", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  { name: "api reports", command: ["node", "scripts/api-reports.ts", "--check"] },
  {
    name: "generated files",
    command: ["node", "--conditions=@claude-k8s/source", "scripts/generate.ts", "--check"],
  },
  { name: "dependencies", command: ["node", "scripts/dependencies.ts", "--check"] },
  { name: "links", command: ["node", "scripts/links.ts"] },
  { name: "workflows", command: ["node", "scripts/workflows.ts"] },
  {
    // What was judged before stands in a file, so that only new expressions take their seconds.
    name: "patterns",
    command: [
      "node",
      "--disable-warning=ExperimentalWarning",
      "--conditions=@claude-k8s/source",
      "scripts/patterns.ts",
    ],
  },
  { name: "knip", command: ["knip", "--no-config-hints"] },
  // As a host does: the built entries, in plain Node. A bundle can be well-formed and still fail on import.
  ...each("loads", (folder) => ["node", "--input-type=module", "--eval", importsOf(folder)]),
  ...each("publint", () => ["publint", "--strict", "--pack", "npm"]),
  ...each(
    "attw",
    (folder) => [
      "attw",
      "--pack",
      ".",
      "--quiet",
      "--profile",
      "esm-only",
      ...(folder.endsWith("adapter") ? ["--exclude-entrypoints", "./ui-parser", "./cli-parts"] : []),
    ],
    exportsCode,
  ),
  { name: "packed sizes", command: ["node", "scripts/packed-sizes.ts"] },
  ...each(
    "size",
    () => ["size-limit"],
    (folder) => existsSync(join(folder, ".size-limit.json")),
  ),
];

const wanted = process.argv.slice(2);
const chosen =
  wanted.length === 0 ? steps : steps.filter(({ name }) => wanted.some((word) => name.startsWith(word)));
if (chosen.length === 0) {
  console.error(
    `no step is called ${wanted.join(", ")}; the steps are: ${steps.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}

const failed: string[] = [];
for (const { name, command, folder } of chosen) {
  const started = Date.now();
  const [program = "", ...args] = command;
  const result = spawnSync(program, args, {
    cwd: folder ?? root,
    encoding: "utf8",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  });
  const passed = result.status === 0;
  console.log(`${passed ? "ok    " : "FAILED"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (passed) continue;
  failed.push(name);
  console.log(
    `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ? `${result.error.message}\n` : ""}`.trimEnd(),
  );
}
if (failed.length > 0) {
  console.error(`\n${failed.length} of ${chosen.length} checks failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
