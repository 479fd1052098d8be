/** One entry of a stage → its place, each in one step that can be done again. */

import { constants } from "node:fs";
import { access, cp, lstat, mkdir, open, readlink, rename, rm, symlink, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ListedEntry } from "./listing.ts";
import { temporaryName } from "./names.ts";
import type { StagedItem } from "./stage.ts";
import { entryOf, kindOf } from "./walk.ts";

/** A file that this process may not read never went into the run: nobody has seen what is in it. */
export async function wasRead({ kind }: ListedEntry, place: string): Promise<boolean> {
  if (kind !== "file") return true;
  return access(place, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** False: it was so already. */
export async function putInPlace(
  { item }: StagedItem,
  source: string | null,
  place: string,
): Promise<boolean> {
  switch (item.kind) {
    case "file":
      if (source === null) return false;
      await moveFile(source, place);
      return true;
    case "folder":
      await mkdir(place, { mode: item.mode }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
      await chmodFolder(place, item.mode);
      return true;
    case "link": {
      const temporary = join(dirname(place), temporaryName);
      await unlink(temporary).catch(() => undefined);
      await symlink(item.target, temporary);
      await rename(temporary, place);
      return true;
    }
    case "deleted":
      return false;
  }
}

/** What was put down beside the first folder may lie on another file system than the others: it is copied next to its place first. */
async function moveFile(source: string, place: string): Promise<void> {
  try {
    await rename(source, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const temporary = join(dirname(place), temporaryName);
    await rm(temporary, { recursive: true, force: true });
    await cp(source, temporary, { preserveTimestamps: true, errorOnExist: true, force: false });
    await rename(temporary, place);
    await unlink(source);
  }
}

/** `chmod` follows links; the folder is opened as one first. */
async function chmodFolder(place: string, mode: number): Promise<void> {
  const handle = await open(place, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

export async function entryAt(place: string, copy: number, path: string): Promise<ListedEntry | null> {
  try {
    const stats = await lstat(place, { bigint: true });
    const kind = kindOf(stats) ?? "file";
    const target = kind === "link" ? await readlink(place) : null;
    return { copy, ...entryOf(path, kind, stats, target) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
