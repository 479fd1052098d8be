/**
 * What comes back is first put down beside the folder: content under numbers, names in a list. No name from the archive is ever a
 * path here, and until everything has arrived nothing of the folder is touched.
 */

import { chmod, mkdir, open, readFile, rm, utimes, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { ArchiveItem } from "./archive.ts";
import { ArchiveBrokenError, readArchive } from "./archive-reader.ts";
import type { ReadOptions } from "./archive-reader.ts";
import { comparePaths } from "./names.ts";

/** An item in the list, with the number of its content. */
export interface StagedItem {
  readonly item: ArchiveItem;
  readonly content: number | null;
}

export interface Staged {
  readonly items: number;
  readonly bytes: number;
  /** What the other side says of the whole. Unchecked. */
  readonly end: unknown;
}

/** Collected before it is written; a larger one goes through in pieces. */
const wholeBytes = 1024 * 1024;
const flushCharacters = 256 * 1024;

/** Rejects as `readArchive` does, or with the error of the disk; what was put down until then is removed. */
export async function stageArchive(
  chunks: AsyncIterable<Uint8Array>,
  folder: string,
  options: ReadOptions,
): Promise<Staged> {
  await mkdir(join(folder, "content"), { recursive: true, mode: 0o700 });
  try {
    return await putDown(chunks, folder, options);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function putDown(
  chunks: AsyncIterable<Uint8Array>,
  folder: string,
  options: ReadOptions,
): Promise<Staged> {
  const list = await open(join(folder, "items"), "w", 0o600);
  const ordered = orderGuard(options);
  let pending = "";
  let items = 0;
  let bytes = 0;
  try {
    for await (const { item, ...rest } of readArchive(chunks, options)) {
      if (item === null) {
        await list.writeFile(pending);
        await list.sync();
        return { items, bytes, end: "value" in rest ? rest.value : null };
      }
      if (!ordered(item)) continue;
      const content = "content" in rest ? rest.content : null;
      if (item.kind === "file" && content !== null) {
        bytes += await putContent(join(folder, "content", String(items)), item, content);
      }
      pending += `${lineOf({ item, content: item.kind === "file" ? items : null })}\n`;
      items += 1;
      if (pending.length < flushCharacters) continue;
      await list.writeFile(pending);
      pending = "";
    }
  } finally {
    await list.close();
  }
  throw new ArchiveBrokenError("the archive ended before its end");
}

/** A pod that is honest sends in the order of its walk. In any other order a name could be given twice, or a link before what it hides. */
function orderGuard({ refuse }: ReadOptions): (item: ArchiveItem) => boolean {
  let last: ArchiveItem | null = null;
  let leaf: ArchiveItem | null = null;
  return (item) => {
    if (
      last !== null &&
      (item.copy < last.copy || (item.copy === last.copy && comparePaths(item.path, last.path) <= 0))
    )
      throw new ArchiveBrokenError("its entries are not in order");
    last = item;
    const below = leaf !== null && leaf.copy === item.copy && item.path.startsWith(`${leaf.path}/`);
    if (below && item.kind !== "deleted") {
      refuse(item.path, "leads-out");
      return false;
    }
    if (!below && item.kind !== "folder") leaf = item;
    return true;
  };
}

async function putContent(
  path: string,
  item: ArchiveItem & { readonly kind: "file" },
  content: AsyncIterable<Uint8Array>,
): Promise<number> {
  let bytes = 0;
  if (item.size <= wholeBytes) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    await writeFile(path, Buffer.concat(chunks), { mode: 0o600 });
    bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  } else {
    const file: FileHandle = await open(path, "w", 0o600);
    try {
      for await (const chunk of content) {
        await file.writeFile(chunk);
        bytes += chunk.length;
      }
    } finally {
      await file.close();
    }
  }
  if (bytes !== item.size) throw new ArchiveBrokenError("a file is shorter than it says");
  await utimes(path, item.modifiedSeconds, item.modifiedSeconds);
  await chmod(path, item.mode);
  return bytes;
}

function lineOf(staged: StagedItem): string {
  return JSON.stringify(staged)
    .replaceAll("\u2028", String.raw`\u2028`)
    .replaceAll("\u2029", String.raw`\u2029`);
}

export async function* readStaged(folder: string): AsyncGenerator<StagedItem> {
  const stream = createReadStream(join(folder, "items"));
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity }))
      yield JSON.parse(line) as StagedItem;
  } finally {
    stream.destroy();
  }
}

/** `null`: there is none, or it cannot be read. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch {
    return null;
  }
}
