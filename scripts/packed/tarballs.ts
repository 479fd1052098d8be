/** Every package of the repository, built and packed as it would be published. */
import { mkdir } from "node:fs/promises";
import { root, workspacePackages } from "../packages.ts";
import { execute, mustSucceed } from "./execute.ts";

/** The path of each package's tarball, by its name. */
export async function packAll(folder: string): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true });
  mustSucceed(await execute("turbo", ["run", "build", "--output-logs=errors-only"], { cwd: root }));
  const tarballs = new Map<string, string>();
  for (const { name, folder: cwd } of workspacePackages()) {
    const packed = mustSucceed(
      await execute("pnpm", ["pack", "--json", "--pack-destination", folder], { cwd }),
    );
    tarballs.set(name, JSON.parse(packed.stdout).filename);
  }
  return tarballs;
}
