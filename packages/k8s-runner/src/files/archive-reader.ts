/** The bytes of an archive that nobody vouches for → checked items, one after the other. Nothing is written here. */

import { extract as createExtract } from "tar-stream";
import type { Extract } from "tar-stream";
import { itemOf, paxOf } from "./archive-item.ts";
import type { TarEntry } from "./archive-item.ts";
import { endName, mostEndBytes } from "./archive.ts";
import type { ArchiveItem } from "./archive.ts";
import type { RefusalReason } from "./names.ts";

/** Around the content of an entry: two headers and their padding, with a name and a target as long as Linux has them. */
const mostHeaderBytes = 16 * 1024;
/** Of one entry. A global header is copied to each entry that follows, which with thousands of records takes hours. */
const mostRecords = 64;

export interface ArchiveLimits {
  /** Of all content together. */
  readonly bytes: number;
  readonly entries: number;
}

export interface ReadOptions {
  /** How many folders travel in it. */
  readonly copies: number;
  readonly limits: ArchiveLimits;
  /** Links may lead out of the folder: only where it is unpacked in a container. */
  readonly outwardLinks: boolean;
  /** Contents that the reader has already may be named in place of being there: only where there is a cache. Default `false`. */
  readonly cached?: boolean;
  readonly refuse: (name: string, reason: RefusalReason) => void;
}

/** The item's content must be read to its end, or not at all, before the next one is asked for. */
export type ReadItem =
  | { readonly item: ArchiveItem; readonly content: AsyncIterable<Uint8Array> | null }
  /** Always the last. `value`: what the other side says of the whole. */
  | { readonly item: null; readonly value: unknown };

/** The archive is over a limit. It was read so far, and nothing that is over was written. */
export class ArchiveLimitError extends Error {
  override readonly name = "ArchiveLimitError";
  readonly limit: "bytes" | "entries";
  readonly allowed: number;

  constructor(limit: "bytes" | "entries", allowed: number) {
    super(`the archive has more than ${allowed} ${limit}`);
    this.limit = limit;
    this.allowed = allowed;
  }
}

/** It ended before its end, or is no archive. */
export class ArchiveBrokenError extends Error {
  override readonly name = "ArchiveBrokenError";
}

/**
 * Rejects with `ArchiveLimitError`, `ArchiveBrokenError`, or what reading the chunks rejects with; so does reading the content of an
 * item.
 */
export async function* readArchive(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<ReadItem> {
  const extract = createExtract();
  let failed: Error | null = null;
  // Not waited for at the end: after the last entry nothing more may come, and nothing says so.
  void feed(withinLimits(chunks, options.limits), extract).catch((error: unknown) => {
    failed = error instanceof Error ? error : new Error(String(error));
    extract.destroy(failed);
  });
  const branded = (error: unknown): Error => failed ?? brandedError(error);
  const counted = counter(options.limits);
  try {
    for await (const entry of extract as AsyncIterable<TarEntry>) {
      counted(sizeOf(entry));
      if (Object.keys(paxOf(entry.header)).length > mostRecords)
        throw new ArchiveBrokenError("an entry has too many extended records");
      if (entry.header.name === endName) {
        yield { item: null, value: await endValue(entry) };
        return;
      }
      const item = itemOf(entry, options);
      const hasContent = item?.kind === "file" && item.cached === undefined;
      if (item !== null) yield { item, content: hasContent ? contentOf(entry, branded) : null };
      entry.resume();
    }
  } catch (error) {
    throw branded(error);
  } finally {
    extract.destroy();
  }
  throw new ArchiveBrokenError("the archive ended before its end");
}

function brandedError(error: unknown): Error {
  return error instanceof ArchiveLimitError || error instanceof ArchiveBrokenError
    ? error
    : new ArchiveBrokenError(error instanceof Error ? error.message : String(error));
}

/** The reader of the content is not the loop above: what goes wrong with the archive meanwhile would reach it with the library's words. */
async function* contentOf(entry: TarEntry, branded: (error: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of entry) yield chunk as Uint8Array;
  } catch (error) {
    throw branded(error);
  }
}

/**
 * The limits hold for what is carried. What stands around it is bounded here, because extended headers and empty blocks make no entry:
 * a pod could send them for ever, and nothing would count them.
 */
async function* withinLimits(
  chunks: AsyncIterable<Uint8Array>,
  { bytes, entries }: ArchiveLimits,
): AsyncGenerator<Uint8Array> {
  const most = bytes + (entries + 1) * mostHeaderBytes + mostEndBytes;
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > most) throw new ArchiveLimitError("bytes", bytes);
    yield chunk;
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, extract: Extract): Promise<void> {
  for await (const chunk of chunks) {
    if (extract.destroying) return;
    if (!extract.write(chunk)) await drained(extract);
  }
  extract.end(undefined);
}

function drained(extract: Extract): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      extract.off("drain", finish);
      extract.off("close", finish);
      resolve();
    };
    extract.on("drain", finish);
    extract.on("close", finish);
  });
}

/** The library gives `null` for a number that it cannot read, and waits for ever for the end of such a content. */
function sizeOf({ header }: TarEntry): number {
  if (!Number.isSafeInteger(header.size))
    throw new ArchiveBrokenError("an entry does not say how long it is");
  return header.size ?? 0;
}

function counter({ bytes, entries }: ArchiveLimits): (size: number) => void {
  let seenBytes = 0;
  let seenEntries = 0;
  return (size) => {
    seenEntries += 1;
    seenBytes += size;
    if (seenEntries > entries) throw new ArchiveLimitError("entries", entries);
    if (seenBytes > bytes) throw new ArchiveLimitError("bytes", bytes);
  };
}

async function endValue(entry: TarEntry): Promise<unknown> {
  // The library never ends the content of a folder that claims to have one: reading it would wait for ever.
  if (entry.header.type !== "file") throw new ArchiveBrokenError("its end is no file");
  if ((entry.header.size ?? 0) > mostEndBytes) throw new ArchiveBrokenError("its end is too long");
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk as Uint8Array);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    throw new ArchiveBrokenError("its end cannot be read");
  }
}
