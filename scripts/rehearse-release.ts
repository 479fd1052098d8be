/**
 * `pnpm rehearse-release`: a release as it will happen, in a clone and against a registry of its own on loopback. Versions are made from
 * the pending changesets, everything is built, packed and published, and installed again from there by its name; then a change of
 * one package alone releases it and its dependents, and nothing else.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, workspacePackages } from "./packages.ts";
import { execute, mustSucceed } from "./packed/execute.ts";
import { startRegistry } from "./publishing/registry.ts";

const place = await mkdtemp(join(tmpdir(), "claude-k8s-release-"));
const registry = await startRegistry(place);
const clone = join(place, "clone");
const environment = {
  npm_config_registry: registry.url,
  npm_config_userconfig: registry.npmrc,
  CI: "true",
  NPM_CONFIG_PROVENANCE: "false",
};
const pnpm = async (...args: readonly string[]) =>
  mustSucceed(await execute("pnpm", args, { cwd: clone, env: environment }));

let passed = 0;
let failed = 0;
function expectSame(name: string, found: unknown, expected: unknown): void {
  const holds = JSON.stringify(found) === JSON.stringify(expected);
  if (holds) passed += 1;
  else failed += 1;
  console.log(
    `${holds ? "ok    " : "FAILED"} ${name}${holds ? "" : `\n       found    ${JSON.stringify(found)}\n       expected ${JSON.stringify(expected)}`}`,
  );
}

const names = workspacePackages()
  .map(({ name }) => name)
  .toSorted();
try {
  mustSucceed(await execute("git", ["clone", "--quiet", root, clone], { cwd: place }));
  mustSucceed(await execute("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], { cwd: clone }));

  await pnpm("version-packages");
  const first = await versions();
  expectSame("the first versions", first, Object.fromEntries(names.map((name) => [name, "0.1.0"])));
  await pnpm("release");
  const published = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await registry.newest(name)] as const)),
  );
  expectSame("all of them are published", published, first);
  await installAll();
  expectSame("each is installed by its name and loads", true, true);

  await writeFile(
    join(clone, ".changeset/only-diagnostics.md"),
    `---\n"@claude-k8s/diagnostics": patch\n---\n\nA change of one package.\n`,
  );
  await pnpm("version-packages");
  const second = await versions();
  const changed = names.filter((name) => second[name] !== first[name]);
  // Its code is part of the adapter's and the command line's files.
  expectSame("a change of one package releases it and its dependents only", changed, [
    "@claude-k8s/cli",
    "@claude-k8s/diagnostics",
    "paperclip-adapter-claude-k8s",
  ]);
  await pnpm("release");
  const later = await Promise.all(changed.map((name) => registry.newest(name)));
  expectSame(
    "and publishes them",
    later,
    changed.map((name) => second[name]),
  );
} catch (error) {
  failed += 1;
  console.log(`FAILED ${error instanceof Error ? error.message : String(error)}`);
} finally {
  await registry.close();
  await rm(place, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;

async function versions(): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for (const { folder } of workspacePackages()) {
    const manifest = JSON.parse(
      await readFile(join(clone, folder.slice(root.length), "package.json"), "utf8"),
    );
    found.push([manifest.name, manifest.version]);
  }
  return Object.fromEntries(found.toSorted(([one], [other]) => one.localeCompare(other, "en")));
}

async function installAll(): Promise<void> {
  const project = join(place, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  mustSucceed(
    await execute("npm", ["install", "--no-audit", "--no-fund", ...names], {
      cwd: project,
      env: environment,
    }),
  );
  for (const { name, entries } of workspacePackages()) {
    const imports = entries
      .map(({ subpath }) => `await import(${JSON.stringify(join(name, subpath))});`)
      .join("");
    mustSucceed(
      await execute(process.execPath, ["--input-type=module", "--eval", imports], { cwd: project }),
    );
  }
  mustSucceed(await execute(join(project, "node_modules/.bin/claude-k8s"), ["--version"], { cwd: project }));
}
