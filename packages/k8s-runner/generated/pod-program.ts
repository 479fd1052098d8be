/** The program that runs beside the command in a pod, as one text: built from src/files/pod, which has its tests. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "tsup";

export async function generated(): Promise<{ readonly path: string; readonly content: string }> {
  const folder = await mkdtemp(join(tmpdir(), "pod-program-"));
  try {
    await build({
      config: false,
      silent: true,
      entry: { program: join(import.meta.dirname, "../src/files/pod/program.ts") },
      outDir: folder,
      format: "cjs",
      outExtension: () => ({ js: ".cjs" }),
      // What images of agents have; the runner itself needs a newer one.
      target: "node18",
      platform: "node",
      noExternal: [/.*/],
      minify: true,
      dts: false,
      sourcemap: false,
    });
    return {
      path: "packages/k8s-runner/src/files/pod-program.ts",
      content: pageOf(await readFile(join(folder, "program.cjs"), "utf8")),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pageOf(program: string): string {
  return [
    "/** Made from src/files/pod by `pnpm generate`; edit that. */",
    "",
    "export const podProgram: string =",
    `  ${JSON.stringify(program)};`,
    "",
  ].join("\n");
}
