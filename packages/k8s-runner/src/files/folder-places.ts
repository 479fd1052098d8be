/** Where an entry of a folder goes, and where that goes which somebody else has put there meanwhile. */

import { rename, rmdir } from "node:fs/promises";
import { entryAt } from "./put-in-place.ts";
import type { SafeFolder } from "./safe-folder.ts";
import { pathBeside } from "./names.ts";

/** Both sides had changed it: the pod's version is in its place, the other one beside it. */
export interface Conflict {
  readonly copy: number;
  readonly path: string;
  /** Where the other version is now; `null`: it was left in its place, as nobody knows whether it may go. */
  readonly keptAs: string | null;
}

export interface ConflictOptions {
  /** Ends the names of versions that are kept beside. */
  readonly suffix: string;
  readonly conflict: (conflict: Conflict) => void;
}

const mostVersions = 1000;

/** Keeps what is in `place` under another name beside it. */
export async function moveAside(
  folder: SafeFolder,
  { suffix, conflict }: ConflictOptions,
  { copy, path, place }: { readonly copy: number; readonly path: string; readonly place: string },
): Promise<void> {
  for (let number = 1; number < mostVersions; number += 1) {
    const ending = number === 1 ? suffix : `${suffix}-${number}`;
    const aside = pathBeside(place, ending);
    if ((await entryAt(aside, copy, path)) !== null) continue;
    await rename(place, aside);
    await folder.forget(path);
    conflict({ copy, path, keptAs: pathBeside(path, ending) });
    return;
  }
}

/**
 * The place to write to. A folder on the way that is none any more was replaced on this side: it is kept, and the folder made anew.
 * `null`: there can be none.
 */
export async function makePlace(
  folder: SafeFolder,
  options: ConflictOptions,
  copy: number,
  path: string,
): Promise<string | null> {
  for (;;) {
    const place = await folder.place(path, { make: true });
    if (place.kind === "ok") return place.path;
    if (place.kind === "missing") return null;
    await moveAside(folder, options, { copy, path: place.name, place: place.path });
  }
}

/** What somebody put into it meanwhile keeps it. */
export async function removeFolder(folder: SafeFolder, path: string): Promise<void> {
  const place = await folder.place(path);
  if (place.kind !== "ok") return;
  await folder.forget(path);
  await rmdir(place.path).catch((error: NodeJS.ErrnoException) => {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(error.code ?? "")) throw error;
  });
}
