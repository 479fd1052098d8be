/**
 * A complete stage → the folder. Each step leaves the entry as it was or as it shall be, and finds out by itself whether it is done
 * already, so that a process that died half-way is followed by one that does the whole list again.
 */

import { rename, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { differs } from "./compare.ts";
import { follower } from "./list-follower.ts";
import type { ListedEntry } from "./listing.ts";
import { entryAt, putInPlace, wasRead } from "./put-in-place.ts";
import { openSafeFolder } from "./safe-folder.ts";
import type { SafeFolder } from "./safe-folder.ts";
import { pathBeside } from "./names.ts";
import { readStaged } from "./stage.ts";
import type { StagedItem } from "./stage.ts";
import { sameContent } from "./same-content.ts";

/** Both sides had changed it: the pod's version is in its place, the other one beside it. */
export interface Conflict {
  readonly copy: number;
  readonly path: string;
  /** Where the other version is now; `null`: it was left in its place, as nobody knows whether it may go. */
  readonly keptAs: string | null;
}

export interface ApplyOptions {
  /** The folders, by the number of their copy. */
  readonly roots: readonly string[];
  /** What they were like when they were sent, in order. */
  readonly before: AsyncIterable<ListedEntry>;
  /** Ends the names of versions that are kept beside. */
  readonly suffix: string;
  readonly conflict: (conflict: Conflict) => void;
}

export interface Applied {
  readonly written: number;
  readonly deleted: number;
}

export async function applyStage(stage: string, options: ApplyOptions): Promise<Applied> {
  const before = follower(options.before);
  let work: FolderWork | null = null;
  let copy = -1;
  const counts = { written: 0, deleted: 0 };
  try {
    for await (const staged of readStaged(stage)) {
      const root = options.roots[staged.item.copy];
      if (root === undefined) continue;
      if (work === null || staged.item.copy !== copy) {
        await work?.close();
        copy = staged.item.copy;
        work = createFolderWork(await openSafeFolder(root), stage, options);
      }
      const known = await before.at(staged.item);
      if (await work.apply(staged, known))
        counts[staged.item.kind === "deleted" ? "deleted" : "written"] += 1;
    }
  } finally {
    await work?.close();
    await before.close();
  }
  return counts;
}

interface FolderWork {
  /** False: there was nothing to do. */
  apply(staged: StagedItem, before: ListedEntry | null): Promise<boolean>;
  close(): Promise<void>;
}

function createFolderWork(folder: SafeFolder, stage: string, { suffix, conflict }: ApplyOptions): FolderWork {
  /** What waits until all below a folder is done: its removal, or what takes its place. */
  const waiting: { readonly path: string; readonly finish: () => Promise<void> }[] = [];

  async function leave(path: string | null): Promise<void> {
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      if (path !== null && path.startsWith(`${top.path}/`)) return;
      waiting.pop();
      await top.finish();
    }
  }
  async function moveAside(copy: number, path: string, place: string): Promise<void> {
    for (let number = 1; number < 1000; number += 1) {
      const ending = number === 1 ? suffix : `${suffix}-${number}`;
      const aside = pathBeside(place, ending);
      if ((await entryAt(aside, copy, path)) !== null) continue;
      await rename(place, aside);
      await folder.forget(path);
      conflict({ copy, path, keptAs: pathBeside(path, ending) });
      return;
    }
  }
  /** A folder on the way that is none any more was replaced on this side: it is kept, and the folder made anew. */
  async function placeOf(copy: number, path: string, make: boolean): Promise<string | null> {
    for (;;) {
      const place = await folder.place(path, { make });
      if (place.kind === "ok") return place.path;
      if (place.kind === "missing" || !make) return null;
      await moveAside(copy, place.name, place.path);
    }
  }
  async function remove(copy: number, path: string, before: ListedEntry | null): Promise<boolean> {
    const place = await placeOf(copy, path, false);
    const now = place === null ? null : await entryAt(place, copy, path);
    if (place === null || now === null) return false;
    if (before === null) {
      conflict({ copy, path, keptAs: null });
      return false;
    }
    if (now.kind === "folder") {
      waiting.push({ path, finish: () => removeFolder(path) });
      return true;
    }
    if (differs(before, now) || !(await wasRead(now, place))) await moveAside(copy, path, place);
    else await unlink(place);
    return true;
  }
  /** What somebody put into it meanwhile keeps it. */
  async function removeFolder(path: string): Promise<void> {
    const place = await folder.place(path);
    if (place.kind !== "ok") return;
    await folder.forget(path);
    await rmdir(place.path).catch((error: NodeJS.ErrnoException) => {
      if (!["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(error.code ?? "")) throw error;
    });
  }
  async function put(staged: StagedItem, before: ListedEntry | null): Promise<boolean> {
    const { item } = staged;
    const { copy, path } = item;
    const source = staged.content === null ? null : join(stage, "content", String(staged.content));
    // Its content has been moved into its place already.
    if (item.kind === "file" && (source === null || (await entryAt(source, copy, path)) === null))
      return false;
    const place = await placeOf(copy, path, true);
    if (place === null) return false;
    const now = await entryAt(place, copy, path);
    if (now?.kind === "folder" && item.kind !== "folder") {
      waiting.push({ path, finish: () => replaceFolder(staged, source) });
      return true;
    }
    if (now !== null && !(await mayReplace({ staged, source, place }, before, now)))
      await moveAside(copy, path, place);
    else if (now !== null && item.kind === "folder" && now.kind !== "folder") await unlink(place);
    return putInPlace(staged, source, place);
  }
  async function replaceFolder(staged: StagedItem, source: string | null): Promise<void> {
    const { copy, path } = staged.item;
    await removeFolder(path);
    const place = await placeOf(copy, path, true);
    if (place === null) return;
    if ((await entryAt(place, copy, path))?.kind === "folder") await moveAside(copy, path, place);
    await putInPlace(staged, source, place);
  }
  return {
    async apply(staged, before) {
      const { item } = staged;
      if (item.path === "") return false;
      await leave(item.path);
      return item.kind === "deleted" ? remove(item.copy, item.path, before) : put(staged, before);
    },
    async close() {
      try {
        await leave(null);
      } finally {
        await folder.close();
      }
    },
  };
}

async function mayReplace(
  {
    staged: { item },
    source,
    place,
  }: { readonly staged: StagedItem; readonly source: string | null; readonly place: string },
  before: ListedEntry | null,
  now: ListedEntry,
): Promise<boolean> {
  if (item.kind === "folder" && now.kind === "folder") return true;
  if (before !== null && !differs(before, now) && (await wasRead(now, place))) return true;
  if (item.kind === "link") return now.kind === "link" && now.target === item.target;
  return item.kind === "file" && now.kind === "file" && source !== null && sameContent(source, place);
}
