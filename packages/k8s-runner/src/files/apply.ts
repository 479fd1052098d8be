/**
 * A complete stage → the folder. Each step leaves the entry as it was or as it shall be, and finds out by itself whether it is done
 * already, so that a process that died half-way is followed by one that does the whole list again.
 */

import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { createAfterFolders } from "./after-folders.ts";
import { differs } from "./compare.ts";
import { makePlace, moveAside, removeFolder } from "./folder-places.ts";
import type { ConflictOptions } from "./folder-places.ts";
import { follower } from "./list-follower.ts";
import type { ListedEntry } from "./listing.ts";
import { entryAt, putInPlace, wasRead } from "./put-in-place.ts";
import { openSafeFolder } from "./safe-folder.ts";
import type { SafeFolder } from "./safe-folder.ts";
import { readStaged } from "./stage.ts";
import type { StagedItem } from "./stage.ts";
import { sameContent } from "./same-content.ts";

export interface ApplyOptions extends ConflictOptions {
  /** The folders, by the number of their copy. */
  readonly roots: readonly string[];
  /** What they were like when they were sent, in order. */
  readonly before: AsyncIterable<ListedEntry>;
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

function createFolderWork(folder: SafeFolder, stage: string, options: ConflictOptions): FolderWork {
  const afterFolders = createAfterFolders();

  async function remove(copy: number, path: string, before: ListedEntry | null): Promise<boolean> {
    const found = await folder.place(path, { make: false });
    const place = found.kind === "ok" ? found.path : null;
    const now = place === null ? null : await entryAt(place, copy, path);
    if (place === null || now === null) return false;
    if (before === null) {
      options.conflict({ copy, path, keptAs: null });
      return false;
    }
    if (now.kind === "folder") {
      afterFolders.add(path, () => removeFolder(folder, path));
      return true;
    }
    if (differs(before, now) || !(await wasRead(now, place)))
      await moveAside(folder, options, { copy, path, place });
    else await unlink(place);
    return true;
  }
  async function put(staged: StagedItem, before: ListedEntry | null): Promise<boolean> {
    const { item } = staged;
    const { copy, path } = item;
    const source = staged.content === null ? null : join(stage, "content", String(staged.content));
    // Its content has been moved into its place already.
    if (item.kind === "file" && (source === null || (await entryAt(source, copy, path)) === null))
      return false;
    const place = await makePlace(folder, options, copy, path);
    if (place === null) return false;
    const now = await entryAt(place, copy, path);
    if (now?.kind === "folder" && item.kind !== "folder") {
      afterFolders.add(path, () => replaceFolder(staged, source));
      return true;
    }
    if (now !== null && !(await mayReplace({ staged, source, place }, before, now)))
      await moveAside(folder, options, { copy, path, place });
    else if (now !== null && item.kind === "folder" && now.kind !== "folder") await unlink(place);
    return putInPlace(staged, source, place);
  }
  async function replaceFolder(staged: StagedItem, source: string | null): Promise<void> {
    const { copy, path } = staged.item;
    await removeFolder(folder, path);
    const place = await makePlace(folder, options, copy, path);
    if (place === null) return;
    if ((await entryAt(place, copy, path))?.kind === "folder")
      await moveAside(folder, options, { copy, path, place });
    await putInPlace(staged, source, place);
  }
  return {
    async apply(staged, before) {
      const { item } = staged;
      if (item.path === "") return false;
      await afterFolders.leaveFor(item.path);
      return item.kind === "deleted" ? remove(item.copy, item.path, before) : put(staged, before);
    },
    async close() {
      try {
        await afterFolders.leaveFor(null);
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
