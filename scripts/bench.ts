/** `pnpm bench [package…]`: runs packages/NAME/bench/bench.ts one after another; each prints its ratios. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { workspacePackages } from "./packages.ts";

const wanted = process.argv.slice(2);
for (const { folder, name } of workspacePackages()) {
  const bench = join(folder, "bench", "bench.ts");
  if (!existsSync(bench) || (wanted.length > 0 && !wanted.includes(basename(folder)))) continue;
  console.log(`\n# ${name}`);
  const result = spawnSync(process.execPath, ["--expose-gc", "--conditions=@claude-k8s/source", bench], {
    stdio: "inherit",
  });
  if (result.status !== 0) process.exitCode = 1;
}
