/** `pnpm run sbom`: what each package brings along when it is installed, as CycloneDX, into `sbom/`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute, mustSucceed } from "./packed/execute.ts";
import { root, workspacePackages } from "./packages.ts";

const folder = join(root, "sbom");
mkdirSync(folder, { recursive: true });
for (const { name, manifest } of workspacePackages()) {
  const { stdout } = mustSucceed(
    await execute("pnpm", ["--filter", name, "sbom", "--prod", "--sbom-format", "cyclonedx"], { cwd: root }),
  );
  const { components = [] } = JSON.parse(stdout) as {
    readonly components?: readonly { readonly name: string }[];
  };
  const dependencies = Object.keys(manifest["dependencies"] ?? {});
  const missing = dependencies.filter(
    (dependency) => !stdout.includes(`"pkg:npm/${dependency.replace("@", "%40")}@`),
  );
  if (missing.length > 0) throw new Error(`the bill of ${name} does not name ${missing.join(", ")}`);
  const file = `${name.replace("@", "").replace("/", "-")}.cdx.json`;
  writeFileSync(join(folder, file), stdout);
  console.log(`sbom/${file}: ${components.length} components`);
}
