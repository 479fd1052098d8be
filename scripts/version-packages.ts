/**
 * `pnpm version-packages`: new versions from the pending changesets. A bundle contains the code of our packages that it is built with, so a
 * release of one of them is a release of the bundle: the release tool sees only what a package asks for when it is installed.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root, workspacePackages } from "./packages.ts";
import type { WorkspacePackage } from "./packages.ts";

const folder = join(root, ".changeset");
const packages = workspacePackages();
const released = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .flatMap(packagesOf),
);

/** Until nothing is added: a bundle may be part of another one. */
for (let grown = true; grown;) {
  grown = false;
  for (const one of packages) {
    const contained = bundledInto(one).filter((name) => released.has(name));
    if (released.has(one.name) || contained.length === 0) continue;
    const text = `---\n"${one.name}": patch\n---\n\nWith the new ${contained.join(", ")}.\n`;
    writeFileSync(join(folder, `with-${one.name.replaceAll(/\W+/g, "-")}.md`), text);
    released.add(one.name);
    grown = true;
  }
}
process.exitCode = spawnSync("changeset", ["version"], { cwd: root, stdio: "inherit" }).status ?? 1;

function packagesOf(file: string): readonly string[] {
  const frontMatter = /^---\n(.*?)^---$/ms.exec(readFileSync(join(folder, file), "utf8"))?.[1];
  return frontMatter === undefined ? [] : Object.keys((parse(frontMatter) ?? {}) as Record<string, string>);
}

/** Those of our packages whose code a bundle's sources import; empty for a package that is no bundle. */
function bundledInto(bundle: WorkspacePackage): readonly string[] {
  const { build = "" } = bundle.manifest["scripts"] as { build?: string };
  if (!build.includes("notices.ts")) return [];
  const sources = join(bundle.folder, "src");
  const code = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(sources, name), "utf8"));
  return packages
    .map(({ name }) => name)
    .filter((name) => name !== bundle.name && code.some((text) => text.includes(`"${name}`)));
}
