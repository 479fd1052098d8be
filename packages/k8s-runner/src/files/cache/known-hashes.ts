/**
 * What the files of the copied folders hashed to when they were last read, on this machine's disk: a file whose size, permissions,
 * times and inode are the same has the same content, and need not be read again.
 */

import { createHash, randomUUID } from "node:crypto";
import { open, rename, rm, stat, writeFile } from "node:fs/promises";
import { wholeBytes } from "../archive-writer.ts";
import { differs } from "../compare.ts";
import { readFlags, sharedDisk } from "../disk.ts";
import { follower } from "../list-follower.ts";
import { readListing, writeListing } from "../listing.ts";
import type { ListedEntry } from "../listing.ts";
import { readAhead } from "../read-ahead.ts";

/** A file that is written twice within one tick of its disk's clock looks unchanged: what is as young as this is read again. */
const youngNanoseconds = 2_000_000_000n;
const readAtOnce = 16;
const pieceBytes = 256 * 1024;

export interface HashedEntry {
  readonly entry: ListedEntry;
  /** Of a file's content; `null`: it is none, or cannot be read. */
  readonly hash: string | null;
}

/** `path`: where the hashes are kept. In the order of `entries`; the list on disk is replaced when all have been asked for. */
export async function* hashed(
  entries: AsyncIterable<ListedEntry>,
  path: string,
  sourceOf: (entry: ListedEntry) => string,
): AsyncGenerator<HashedEntry> {
  const next = `${path}-${randomUUID()}`;
  try {
    const young = await clockOf(next);
    const list = await writeListing(next);
    try {
      const begin = ({ entry, known }: KnownEntry) =>
        entry.kind !== "file" ? null : (known ?? hashOf(sourceOf(entry), entry.size));
      for await (const [{ entry }, answer] of readAhead(withKnown(entries, path), readAtOnce, begin)) {
        const hash = await Promise.resolve(answer).catch(() => null);
        if (hash !== null && BigInt(entry.changedAt) < young) await list.add({ ...entry, hash });
        yield { entry, hash };
      }
    } finally {
      await list.close();
    }
    await rename(next, path);
  } finally {
    await rm(next, { force: true });
  }
}

/** By the clock of the disk itself, which may be another machine's. */
async function clockOf(path: string): Promise<bigint> {
  await writeFile(path, "", { mode: 0o600 });
  return (await stat(path, { bigint: true })).ctimeNs - youngNanoseconds;
}

interface KnownEntry {
  readonly entry: ListedEntry;
  readonly known: string | null;
}

/** A list that cannot be read is none: everything is then read again. */
async function* withKnown(entries: AsyncIterable<ListedEntry>, path: string): AsyncGenerator<KnownEntry> {
  const list = follower(readListing(path));
  let usable = true;
  try {
    for await (const entry of entries) {
      const before = usable
        ? await list.at(entry).catch(() => {
            usable = false;
            return null;
          })
        : null;
      const known = before !== null && !differs(before, entry) ? (before.hash ?? null) : null;
      yield { entry, known };
    }
  } finally {
    await list.close();
  }
}

async function hashOf(source: string, size: number): Promise<string> {
  const sum = createHash("sha256");
  if (size <= wholeBytes) return sum.update(await sharedDisk.content(source, size)).digest("hex");
  const file = await open(source, readFlags);
  // The stream closes it.
  for await (const piece of file.createReadStream({ highWaterMark: pieceBytes }))
    sum.update(piece as Uint8Array);
  return sum.digest("hex");
}
