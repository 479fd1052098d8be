/** The entries of all folders that are copied, in the order in which they travel. */

import type { Disk } from "./disk.ts";
import { excluder, selector } from "./names.ts";
import type { ListedEntry } from "./listing.ts";
import { walk } from "./walk.ts";
import type { Refusal } from "./walk.ts";

export interface CarriedFolder {
  readonly folder: string;
  /** Patterns of what is left out, and of what alone is carried. */
  readonly exclude: readonly string[];
  readonly only: readonly string[];
}

/** A folder that does not exist has no entries. */
export async function* carriedEntries(
  folders: readonly CarriedFolder[],
  refuse: (refusal: Refusal) => void,
  { signal, disk }: { readonly signal?: AbortSignal; readonly disk?: Disk } = {},
): AsyncGenerator<ListedEntry> {
  for (const [copy, { folder, exclude, only }] of folders.entries()) {
    const excluded = excluder(exclude);
    const selected = selector(only);
    const excludes = (path: string): boolean => excluded(path) || !selected(path);
    try {
      for await (const entry of walk(folder, { excludes, refuse, signal, disk })) yield { copy, ...entry };
    } catch (error) {
      const { code, path } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" || path !== folder) throw error;
    }
  }
}
