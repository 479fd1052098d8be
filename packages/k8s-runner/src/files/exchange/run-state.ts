/**
 * What this side remembers of one run's copies: beside the first of its folders, so that whoever goes on with the run finds it
 * where the folder is, and so that what came back is moved into its place within one file system.
 */

import { access, constants, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CopiedFolder } from "../../types/copies.ts";
import { reservedName } from "../names.ts";
import { readJson } from "../stage.ts";

export interface RunState {
  readonly folder: string;
  /** What the files of these folders hashed to, whichever run asked. */
  readonly hashes: string;
  /** What the folders were like when they were sent under this token. */
  listing(token: string): string;
  /** A new folder for something that arrives. */
  incoming(): string;
  /** It has arrived whole: from now on it will be in the folders. False: somebody else was first. */
  commit(incoming: string): Promise<boolean>;
  /** The stage that has arrived whole; `null`: none. */
  committed(): Promise<string | null>;
  /** It is in the folders. */
  finish(report: object): Promise<void>;
  /** What was said then; `null`: it is not finished. */
  finished(): Promise<object | null>;
  remove(): Promise<void>;
  /** Nobody has touched it for a week: its run was never cleaned up. */
  removeIfOld(): Promise<void>;
}

const commitName = "committed";
const finishName = "finished";
const hashesName = "hashes";
const oldMilliseconds = 7 * 24 * 3600 * 1000;

/** `null`: nothing is copied. */
export async function stateRootOf(folders: readonly CopiedFolder[]): Promise<string | null> {
  const first = folders[0]?.folder;
  if (first === undefined) return null;
  const parent = dirname(first);
  const beside = join(parent, `${reservedName}-${basename(first)}`);
  if (await isFolder(beside)) return beside;
  try {
    await mkdir(parent, { recursive: true });
    await access(parent, constants.W_OK);
    return beside;
  } catch {
    // Its parent is not ours: within, where no copy looks.
    return join(first, reservedName);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

export function runStateOf(root: string, run: string): RunState {
  const folder = join(root, run);
  let count = 0;
  return {
    folder,
    hashes: join(root, hashesName),
    listing: (token) => join(folder, `before-${token.replaceAll(/[^a-z0-9-]/gi, "")}`),
    incoming() {
      count += 1;
      return join(folder, `incoming-${process.pid}-${Date.now().toString(36)}-${count}`);
    },
    async commit(incoming) {
      try {
        await rename(incoming, join(folder, commitName));
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
        await rm(incoming, { recursive: true, force: true });
        return false;
      }
    },
    async committed() {
      const path = join(folder, commitName);
      return (await isFolder(path)) ? path : null;
    },
    async finish(report) {
      const path = join(folder, finishName);
      await writeFile(`${path}.new`, JSON.stringify(report), { mode: 0o600 });
      await rename(`${path}.new`, path);
      await rm(join(folder, commitName), { recursive: true, force: true });
    },
    async finished() {
      const value = await readJson(join(folder, finishName));
      return typeof value === "object" ? value : null;
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
      // Only when it is empty: another run may be at it.
      await rmdir(root).catch(() => undefined);
    },
    async removeIfOld() {
      const touched = (await stat(folder).catch(() => null))?.mtimeMs;
      if (touched !== undefined && Date.now() - touched > oldMilliseconds)
        await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs that have left something. */
export async function runsIn(root: string): Promise<readonly string[]> {
  const names = await readdir(root).catch(() => []);
  return names.filter((name) => !name.startsWith(hashesName));
}
