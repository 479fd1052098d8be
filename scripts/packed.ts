/**
 * `pnpm packed [package…]`: each package as npm gives it. Its tarball is installed into an empty project, loaded by the oldest Node of
 * its `engines` (import and require), type-checked by the oldest and the newest compiler without `skipLibCheck`, bundled, and
 * every block of code of its README is run there and its output compared.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { bundles } from "./packed/bundles.ts";
import { compilers } from "./packed/compilers.ts";
import { credentials } from "./packed/credentials.ts";
import { loads } from "./packed/loads.ts";
import { createProject } from "./packed/project.ts";
import { readmeBlocks } from "./packed/readme.ts";
import { otherRuntimes } from "./packed/runtimes.ts";
import { packAll } from "./packed/tarballs.ts";
import type { Check } from "./packed/project.ts";
import { workspacePackages } from "./packages.ts";

const wanted = process.argv.slice(2);
const chosen = workspacePackages().filter(
  ({ folder }) => wanted.length === 0 || wanted.includes(basename(folder)),
);
if (chosen.length === 0) {
  console.error(
    `no such package; there are: ${workspacePackages()
      .map(({ folder }) => basename(folder))
      .join(", ")}`,
  );
  process.exit(2);
}

const checks: readonly Check[] = [loads, compilers, readmeBlocks, bundles, otherRuntimes, credentials];
const place = await mkdtemp(join(tmpdir(), "claude-k8s-packed-"));
let passed = 0;
let failed = 0;
try {
  const tarballs = await packAll(join(place, "tarballs"));
  for (const one of chosen) {
    console.log(`\n# ${one.name}`);
    const project = await createProject(place, one, tarballs);
    for (const check of checks) {
      for await (const { name, problem } of check(project)) {
        console.log(`  ${problem === null ? "ok    " : "FAILED"} ${name}`);
        if (problem === null) passed += 1;
        else {
          failed += 1;
          console.log(problem.trimEnd().replaceAll(/^/gm, "         "));
        }
      }
    }
  }
} finally {
  await rm(place, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
