/** An empty project of somebody's own, with one of our packages installed from its tarball. */
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { WorkspacePackage } from "../packages.ts";
import { execute, mustSucceed } from "./execute.ts";

export interface Project {
  readonly folder: string;
  readonly tested: WorkspacePackage;
  /** `node` of the oldest version that the package's `engines` allow. */
  readonly oldestNode: string;
  readonly oldestVersion: string;
}

export interface Outcome {
  readonly name: string;
  /** `null`: it holds. */
  readonly problem: string | null;
}

export type Check = (project: Project) => AsyncIterable<Outcome>;

/** What the projects of all packages need beside: compilers, bundlers and an old Node, each by its own name. */
const tools = {
  "typescript-oldest": "npm:typescript@5.6.3",
  "typescript-newest": "npm:typescript@latest",
  esbuild: "*",
  vite: "*",
};

export async function createProject(
  place: string,
  tested: WorkspacePackage,
  tarballs: ReadonlyMap<string, string>,
): Promise<Project> {
  const folder = join(place, basename(tested.folder));
  const oldestVersion = oldestOf(tested);
  await mkdir(folder);
  const manifest = {
    name: "somebodys-project",
    private: true,
    type: "module",
    dependencies: { ...besides(tested), [tested.name]: `file:${tarballs.get(tested.name)}` },
    // Our packages that it depends on are not published yet: they come from their tarballs, too.
    overrides: Object.fromEntries(
      [...tarballs].filter(([name]) => name !== tested.name).map(([name, file]) => [name, `file:${file}`]),
    ),
    devDependencies: { ...tools, "@types/node": "^22", node: oldestVersion },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--engine-strict=false"];
  mustSucceed(await execute("npm", ["install", ...quiet], { cwd: folder }));
  const oldestNode = join(folder, "node_modules/node/bin/node");
  return { folder, tested, oldestNode, oldestVersion };
}

/** What a README's examples import beside the package. */
function besides({ name }: WorkspacePackage): Record<string, string> {
  return name === "@claude-k8s/local-cluster" ? { "@kubernetes/client-node": "^2", yaml: "^2" } : {};
}

function oldestOf({ name, manifest }: WorkspacePackage): string {
  const { node } = (manifest["engines"] ?? {}) as { node?: string };
  const version = /^>=(\d+\.\d+)$/.exec(node ?? "")?.[1];
  if (version === undefined) throw new Error(`engines.node of ${name} is not of the form ">=22.19": ${node}`);
  return `${version}.0`;
}
