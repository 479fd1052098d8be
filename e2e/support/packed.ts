/** The adapter as npm gives it: packed, and installed into a folder of its own. */

import { execFile } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { machine } from "./machine.ts";

const run = promisify(execFile);

/** `npm install --prefix FOLDER adapter.tgz`; answers with the folder that the server is to load. */
export async function installPacked(): Promise<string> {
  const place = path.join(machine.paperclipRoot, "adapters");
  const packed = path.join(machine.paperclipRoot, "packed");
  await Promise.all([place, packed].map((folder) => rm(folder, { recursive: true, force: true })));
  await Promise.all([place, packed].map((folder) => mkdir(folder, { recursive: true })));
  await run("pnpm", ["pack", "--pack-destination", packed], {
    cwd: path.join(machine.root, "packages/adapter"),
  });
  const [tarball = ""] = await readdir(packed);
  await run(
    "npm",
    ["install", "--prefix", place, "--no-audit", "--no-fund", "--prefer-offline", path.join(packed, tarball)],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return path.join(place, "node_modules/paperclip-adapter-claude-k8s");
}
