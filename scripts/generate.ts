/**
 * `pnpm generate [--check]`: writes what is made from code (endings, settings, permissions); with `--check` fails where a
 * committed file differs. A package takes part by a `generated/*.ts` whose default export returns path and content.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, workspacePackages } from "./packages.ts";

/** What `packages/NAME/generated/*.ts` exports as `generated`. */
export interface GeneratedFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly content: string;
}

const check = process.argv.includes("--check");
let stale = 0;
for (const { folder } of workspacePackages()) {
  const sources = join(folder, "generated");
  if (!existsSync(sources)) continue;
  for (const file of readdirSync(sources).filter((name) => name.endsWith(".ts"))) {
    const { generated } = (await import(join(sources, file))) as {
      generated: () => GeneratedFile | Promise<GeneratedFile>;
    };
    const { path, content } = await generated();
    const target = join(root, path);
    if (existsSync(target) && readFileSync(target, "utf8") === content) continue;
    stale += 1;
    if (check) console.log(`${path} differs from what the code says`);
    else {
      writeFileSync(target, content);
      console.log(`${path} written`);
    }
  }
}
if (check && stale > 0) {
  console.error(`${stale} generated files are stale: run "pnpm generate" and commit the difference`);
  process.exitCode = 1;
}
