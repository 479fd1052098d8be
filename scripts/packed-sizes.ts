/** `node scripts/packed-sizes.ts`: no built package is larger, as it is downloaded, than its budget. A budget is a tenth above what it was. */
import { execute, mustSucceed } from "./packed/execute.ts";
import { workspacePackages } from "./packages.ts";

/** In kB, of the packed archive. */
const budgets: Readonly<Record<string, number>> = {
  "paperclip-adapter-claude-k8s": 690,
  "@claude-k8s/cli": 850,
  "@claude-k8s/diagnostics": 377,
  "@claude-k8s/k8s-runner": 730,
  "@claude-k8s/local-cluster": 320,
  "@claude-k8s/stream-parser": 157,
};

const problems: string[] = [];
for (const { name, folder } of workspacePackages()) {
  const { stdout } = mustSucceed(await execute("npm", ["pack", "--dry-run", "--json"], { cwd: folder }));
  // An array or, of newer releases, an object by the packages' names.
  const [packed] = Object.values(JSON.parse(stdout) as Readonly<Record<string, { readonly size: number }>>);
  const kilobytes = (packed?.size ?? 0) / 1000;
  const budget = budgets[name];
  console.log(`${name}: ${kilobytes.toFixed(0)} kB of ${budget ?? "?"} kB`);
  if (budget === undefined) problems.push(`${name} has no budget: give it one in scripts/packed-sizes.ts`);
  else if (kilobytes > budget)
    problems.push(
      `${name} is ${kilobytes.toFixed(0)} kB packed, and its budget is ${budget} kB: see what came along with \`npm pack --dry-run\``,
    );
  // An empty folder would keep every budget.
  else if (kilobytes < budget / 2)
    problems.push(`${name} is ${kilobytes.toFixed(0)} kB packed: build it first, or lower its budget`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
