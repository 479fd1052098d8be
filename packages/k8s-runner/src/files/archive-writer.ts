/** Items and their content → the bytes of an archive, in pieces that are worth sending. */

import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { blockBytes, headerBytes, padding } from "./archive-header.ts";
import type { EntryHeader } from "./archive-header.ts";
import {
  archiveName,
  cachedTarget,
  deletedRecord,
  endName,
  replacement,
  replacementRecord,
} from "./archive.ts";
import type { ArchiveItem } from "./archive.ts";
import { readFlags } from "./disk.ts";
import type { Disk } from "./disk.ts";
import { readAhead } from "./read-ahead.ts";

/** A file's content is read from `source`. */
export interface SourcedItem {
  readonly item: ArchiveItem;
  readonly source: string | null;
}

export interface WriterOptions {
  readonly disk: Disk;
  /** A file that vanished or may not be read: it is left out. */
  readonly unreadable: (item: ArchiveItem, error: NodeJS.ErrnoException) => void;
  /** Written last; its presence says that nothing is missing. */
  readonly end: () => unknown;
}

type FileItem = ArchiveItem & { readonly kind: "file" };

/** Read at once; a larger file goes through in pieces. */
export const wholeBytes = 1024 * 1024;
const pieceBytes = 256 * 1024;
const readAtOnce = 32;

/**
 * A file that shrinks while it is read is filled up with zeros: its next change is found by the next comparison. Rejects where a disk
 * fails in the middle of a file.
 */
export async function* archiveOf(
  items: AsyncIterable<SourcedItem>,
  { disk, unreadable, end }: WriterOptions,
): AsyncGenerator<Uint8Array> {
  const pieces = createPieces();
  const begin = ({ item, source }: SourcedItem) => contentOf(disk, item, source);
  for await (const [{ item, source }, content] of readAhead(items, readAtOnce, begin)) {
    if (item.kind !== "file" || source === null) {
      pieces.add(headerBytes(headerOf(item)));
    } else {
      try {
        const found = await content;
        if (found instanceof Error) throw found;
        if (found === null) {
          const file = await open(source, readFlags);
          yield* largeFile(pieces, item, file);
        } else {
          pieces.add(headerBytes(headerOf({ ...item, size: found.length })));
          pieces.add(found, padding(found.length));
        }
      } catch (error) {
        if (error instanceof HalfReadError) throw error.cause;
        unreadable(item, error as NodeJS.ErrnoException);
      }
    }
    if (pieces.bytes() >= pieceBytes) yield pieces.take();
  }
  const last = Buffer.from(JSON.stringify(end()));
  pieces.add(headerBytes({ ...plain, name: endName, type: "file", size: last.length }));
  pieces.add(last, padding(last.length), Buffer.alloc(2 * blockBytes));
  yield pieces.take();
}

/** `null`: it is too large to be read at once. What stands in the way of a waiting disk is an answer as well. */
function contentOf(
  disk: Disk,
  item: ArchiveItem,
  source: string | null,
): Uint8Array | Error | null | Promise<Uint8Array> {
  if (item.kind !== "file" || source === null || item.size > wholeBytes) return null;
  try {
    return disk.content(source, item.size);
  } catch (error) {
    return error as Error;
  }
}

/** Its header is on its way: the archive cannot go on without it. */
class HalfReadError extends Error {}

async function* largeFile(pieces: Pieces, item: FileItem, file: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    pieces.add(headerBytes(headerOf(item)));
    for (let position = 0; position < item.size;) {
      const wanted = Math.min(pieceBytes, item.size - position);
      const { buffer, bytesRead } = await file
        .read(Buffer.allocUnsafe(wanted), 0, wanted, position)
        .catch((cause: unknown) => {
          throw new HalfReadError("a file could not be read to its end", { cause });
        });
      if (bytesRead < wanted) buffer.fill(0, bytesRead);
      position += wanted;
      pieces.add(buffer);
      if (pieces.bytes() >= pieceBytes) yield pieces.take();
    }
    pieces.add(padding(item.size));
  } finally {
    await file.close();
  }
}

interface Pieces {
  add(...parts: readonly Uint8Array[]): void;
  bytes(): number;
  take(): Uint8Array;
}

/** A tar is made of blocks of 512 bytes; each as a message of its own would cost more than it carries. */
function createPieces(): Pieces {
  let pending: Uint8Array[] = [];
  let bytes = 0;
  return {
    add(...parts) {
      for (const part of parts) {
        pending.push(part);
        bytes += part.length;
      }
    },
    bytes: () => bytes,
    take() {
      const piece = Buffer.concat(pending, bytes);
      pending = [];
      bytes = 0;
      return piece;
    },
  };
}

const plain = { mode: 0o644, size: 0, modifiedSeconds: 0, target: "" } as const;

function headerOf(item: ArchiveItem): EntryHeader {
  const header = plainHeaderOf(item);
  if (!header.name.includes(replacement) && !header.target.includes(replacement)) return header;
  return { ...header, records: { ...header.records, [replacementRecord]: "1" } };
}

function plainHeaderOf(item: ArchiveItem): EntryHeader {
  const name = archiveName(item.copy, item.path);
  switch (item.kind) {
    case "file": {
      const { mode, modifiedSeconds, size, cached } = item;
      if (cached !== undefined) {
        const target = `${cachedTarget}${cached}`;
        return { ...plain, name, type: "hard-link", mode: mode & 0o777, modifiedSeconds, target };
      }
      return { ...plain, name, type: "file", mode: mode & 0o777, modifiedSeconds, size };
    }
    case "folder":
      return { ...plain, name, type: "folder", mode: item.mode & 0o777 };
    case "link":
      return { ...plain, name, type: "link", mode: 0o777, target: item.target };
    case "deleted":
      return { ...plain, name, type: "file", records: { [deletedRecord]: "1" } };
  }
}
