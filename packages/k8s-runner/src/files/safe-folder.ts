/**
 * Entries below a folder, touched without ever following a link: each folder on the way is opened as a folder, and what is in it is
 * reached through the open folder. Somebody who puts a link in a folder's place meanwhile changes nothing.
 */

import { constants, existsSync } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

export type Place =
  | { readonly kind: "ok"; readonly path: string }
  /** A folder on the way is missing. */
  | { readonly kind: "missing" }
  /** Something on the way is no folder. `path`: where it can be touched; `name`: its path below the root. */
  | { readonly kind: "blocked"; readonly path: string; readonly name: string };

export interface SafeFolder {
  /** Where the entry can be touched until the next call. */
  place(path: string, options?: { readonly make?: boolean }): Promise<Place>;
  /** What was known of this folder and of all below it holds no more. */
  forget(path: string): Promise<void>;
  close(): Promise<void>;
}

interface Level {
  readonly name: string;
  readonly handle: FileHandle;
}

const openFolderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Linux only. Elsewhere each folder on the way is looked at instead, which a fast hand could get around. */
const throughHandles = existsSync("/proc/self/fd");

export async function openSafeFolder(root: string): Promise<SafeFolder> {
  const top = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
  const levels: Level[] = [];

  function base(depth: number): string {
    if (!throughHandles) return [root, ...levels.slice(0, depth).map(({ name }) => name)].join("/");
    const handle = depth === 0 ? top : levels[depth - 1]?.handle;
    return `/proc/self/fd/${handle?.fd ?? -1}`;
  }
  async function cut(depth: number): Promise<void> {
    for (const { handle } of levels.splice(depth)) await handle.close();
  }
  return {
    async place(path, { make = false } = {}) {
      const parts = path.split("/");
      const name = parts.pop() ?? "";
      const common = levels.findIndex((level, index) => level.name !== parts[index]);
      await cut(common === -1 ? Math.min(levels.length, parts.length) : common);
      for (let depth = levels.length; depth < parts.length; depth += 1) {
        const part = parts[depth] ?? "";
        const here = `${base(depth)}/${part}`;
        const opened = await enter(here, make);
        if (opened === "missing") return { kind: "missing" };
        if (opened === "blocked")
          return { kind: "blocked", path: here, name: parts.slice(0, depth + 1).join("/") };
        levels.push({ name: part, handle: opened });
      }
      return { kind: "ok", path: `${base(parts.length)}/${name}` };
    },
    async forget(path) {
      const parts = path.split("/");
      if (parts.every((part, index) => levels[index]?.name === part)) await cut(parts.length - 1);
    },
    async close() {
      await cut(0);
      await top.close();
    },
  };
}

async function enter(path: string, make: boolean): Promise<FileHandle | "missing" | "blocked"> {
  if (!throughHandles && (await lstat(path).catch(() => null))?.isSymbolicLink() === true) return "blocked";
  try {
    return await open(path, openFolderFlags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP" || code === "ENOTDIR") return "blocked";
    if (code !== "ENOENT") throw error;
    if (!make) return "missing";
  }
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return open(path, openFolderFlags);
}
