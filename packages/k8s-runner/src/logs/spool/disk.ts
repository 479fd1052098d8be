/** What a spool needs of a disk. */

import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/** What is used of a file. */
export type SpoolHandle = Pick<FileHandle, "read" | "write" | "close" | "truncate">;

/** What is used of a disk; tests put a full one behind it, and one whose writer dies in the middle of a write. */
export interface SpoolDisk {
  open(path: string, flags: string): Promise<SpoolHandle>;
  /** With those above it. */
  makeFolder(path: string): Promise<void>;
  /** The names in a folder. */
  list(path: string): Promise<readonly string[]>;
  rename(from: string, to: string): Promise<void>;
  /** Resolves also when there is no such file. */
  remove(path: string): Promise<void>;
}

export const REAL_DISK: SpoolDisk = {
  open: (path, flags) => open(path, flags, 0o600),
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  list: (path) => readdir(path),
  rename,
  remove: (path) => rm(path, { force: true }),
};
