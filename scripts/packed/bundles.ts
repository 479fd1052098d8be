/** Packages that claim no platform go through the usual bundlers for a browser, with nothing of Node in them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute, problemOf } from "./execute.ts";
import type { Check } from "./project.ts";

export const platformless: readonly string[] = ["@claude-k8s/stream-parser", "@claude-k8s/diagnostics"];

export const bundles: Check = async function* ({ folder, tested }) {
  if (!platformless.includes(tested.name)) return;
  await writeFile(
    join(folder, "bundled.js"),
    `import * as all from "${tested.name}";\nconsole.log(Object.keys(all).length > 0);\n`,
  );
  const esbuild = [
    "bundled.js",
    "--bundle",
    "--format=esm",
    "--platform=browser",
    "--outfile=out/esbuild.js",
  ];
  yield {
    name: "bundled by esbuild for a browser",
    problem: await bundledBy(folder, "esbuild", esbuild, "out/esbuild.js"),
  };
  await writeFile(
    join(folder, "vite.config.js"),
    `export default { build: { outDir: "out/vite", lib: { entry: "bundled.js", formats: ["es"], fileName: () => "vite.js" } } };\n`,
  );
  yield { name: "bundled by vite", problem: await bundledBy(folder, "vite", ["build"], "out/vite/vite.js") };
};

async function bundledBy(
  folder: string,
  tool: string,
  args: readonly string[],
  out: string,
): Promise<string | null> {
  const built = problemOf(await execute(join(folder, "node_modules/.bin", tool), args, { cwd: folder }));
  if (built !== null) return built;
  const run = await execute(process.execPath, [out], { cwd: folder });
  return problemOf(run) ?? (run.stdout.trim() === "true" ? null : `the bundle printed ${run.stdout}`);
}
