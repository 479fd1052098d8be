/** What goes into the pod, entry by entry: whole, or named where the cache has it. */

import type { CopiedFolder, RefusedEntry } from "../../types/copies.ts";
import type { SourcedItem } from "../archive-writer.ts";
import type { HashSet } from "../cache/hash-set.ts";
import { hashed } from "../cache/known-hashes.ts";
import type { HashedEntry } from "../cache/known-hashes.ts";
import { carriedEntries } from "../carried.ts";
import type { CarriedFolder } from "../carried.ts";
import type { ListedEntry, ListingWriter } from "../listing.ts";
import { leastCachedBytes } from "../pod/cache.ts";
import { itemOf } from "../pod/send.ts";
import type { SendOptions } from "./send-in.ts";

export class TooLargeError extends Error {
  readonly limit: "bytes" | "entries";
  readonly allowed: number;

  constructor(limit: "bytes" | "entries", allowed: number) {
    super(`there are more than ${allowed} ${limit}`);
    this.limit = limit;
    this.allowed = allowed;
  }
}

export interface Counts {
  readonly totals: {
    entries: number;
    bytes: number;
    readonly fromCache: { files: number; bytes: number };
  };
  readonly refuse: (refusal: RefusedEntry) => void;
}

/** Each is put down in the listing as it goes. Throws `TooLargeError`. */
export async function* sentItems(
  { folders, limits, state, signal }: Pick<SendOptions, "folders" | "limits" | "state" | "signal">,
  { listing, cached }: { readonly listing: ListingWriter; readonly cached: HashSet },
  { totals, refuse }: Counts,
): AsyncGenerator<SourcedItem> {
  const entries = carriedEntries(sentFolders(folders), refuse, { signal });
  const source = (entry: ListedEntry): string => `${folders[entry.copy]?.folder ?? ""}/${entry.path}`;
  const known = cached.size === 0 ? withoutHashes(entries) : hashed(entries, state.hashes, source);
  for await (const { entry, hash } of known) {
    totals.entries += 1;
    totals.bytes += entry.size;
    if (totals.entries > limits.entries) throw new TooLargeError("entries", limits.entries);
    if (totals.bytes > limits.bytes) throw new TooLargeError("bytes", limits.bytes);
    await listing.add(entry);
    const item = itemOf(entry);
    if (item.kind === "file" && hash !== null && item.size >= leastCachedBytes && cached.has(hash)) {
      totals.fromCache.files += 1;
      totals.fromCache.bytes += item.size;
      yield { item: { ...item, cached: hash }, source: null };
    } else yield { item, source: entry.kind === "file" ? source(entry) : null };
  }
  // Before the archive's end: when the pod has that, the run begins, though this process may be gone.
  await listing.flush();
}

async function* withoutHashes(entries: AsyncIterable<ListedEntry>): AsyncGenerator<HashedEntry> {
  for await (const entry of entries) yield { entry, hash: null };
}

/** All of them, as their numbers count; of those that only come back, nothing is carried. */
export function sentFolders(folders: readonly CopiedFolder[]): readonly CarriedFolder[] {
  return folders.map(({ folder, direction, exclude = [], only = [] }) => ({
    folder,
    exclude: direction === "out" ? ["*"] : exclude,
    only,
  }));
}
