/** Items and their content → the bytes of an archive, in pieces that are worth sending. */

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { pack as createPack } from "tar-stream";
import type { Header, Pack } from "tar-stream";
import { archiveName, deletedRecord, endName } from "./archive.ts";
import type { ArchiveItem } from "./archive.ts";

/** A file's content is read from `source`. */
export interface SourcedItem {
  readonly item: ArchiveItem;
  readonly source: string | null;
}

export interface WriterOptions {
  /** A file that vanished or may not be read: it is left out. */
  readonly unreadable: (item: ArchiveItem, error: NodeJS.ErrnoException) => void;
  /** Written last; its presence says that nothing is missing. */
  readonly end: () => unknown;
}

type TarHeader = Partial<Header> & Pick<Header, "name">;

/** Read at once; a larger file goes through in pieces. */
const wholeBytes = 1024 * 1024;
const pieceBytes = 256 * 1024;
const readAtOnce = 16;

/** A file that shrinks while it is read is filled up with zeros: its next change is found by the next comparison. */
export async function* archiveOf(
  items: AsyncIterable<SourcedItem>,
  options: WriterOptions,
): AsyncGenerator<Uint8Array> {
  const pack = createPack();
  const producing = produce(pack, items, options).catch((error: unknown) => {
    pack.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    yield* inPieces(pack as AsyncIterable<Uint8Array>);
    await producing;
  } finally {
    pack.destroy();
    await producing;
  }
}

async function produce(
  pack: Pack,
  items: AsyncIterable<SourcedItem>,
  { unreadable, end }: WriterOptions,
): Promise<void> {
  for await (const { item, source, content } of readAhead(items)) {
    if (item.kind !== "file" || source === null) {
      await put(pack, headerOf(item), null);
      continue;
    }
    try {
      if (content === null) await putLargeFile(pack, item, source);
      else {
        const bytes = await content;
        await put(pack, headerOf({ ...item, size: bytes.length }), bytes);
      }
    } catch (error) {
      if (pack.destroying) return;
      unreadable(item, error as NodeJS.ErrnoException);
    }
  }
  await put(pack, { name: endName, type: "file" }, Buffer.from(JSON.stringify(end())));
  pack.finalize();
}

type ReadItem = SourcedItem & {
  /** Of a file that is small enough to be read at once. */
  readonly content: Promise<Uint8Array> | null;
};

/** A disk answers several questions in the time of one. */
async function* readAhead(items: AsyncIterable<SourcedItem>): AsyncGenerator<ReadItem> {
  const waiting: ReadItem[] = [];
  for await (const { item, source } of items) {
    const small = item.kind === "file" && source !== null && item.size <= wholeBytes;
    const content = small ? readWhole(source, item.size) : null;
    // It is looked at when its turn comes.
    content?.catch(() => undefined);
    waiting.push({ item, source, content });
    const first = waiting.length > readAtOnce ? waiting.shift() : undefined;
    if (first !== undefined) yield first;
  }
  yield* waiting;
}

async function readWhole(source: string, size: number): Promise<Uint8Array> {
  const file = await openFile(source);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A link or a pipe in the place of a file is not followed, nor waited for. */
function openFile(source: string): Promise<FileHandle> {
  return open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

async function putLargeFile(
  pack: Pack,
  item: ArchiveItem & { readonly kind: "file" },
  source: string,
): Promise<void> {
  const file = await openFile(source);
  try {
    await putPieces(pack, item, file);
  } finally {
    await file.close();
  }
}

async function putPieces(
  pack: Pack,
  item: ArchiveItem & { readonly kind: "file" },
  file: FileHandle,
): Promise<void> {
  const done = Promise.withResolvers<void>();
  // It is awaited last; a failure before that comes another way, too.
  done.promise.catch(() => undefined);
  const entry = pack.entry(headerOf(item), (error) => (error ? done.reject(error) : done.resolve()));
  for (let position = 0; position < item.size;) {
    const wanted = Math.min(pieceBytes, item.size - position);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
    if (bytesRead < wanted) buffer.fill(0, bytesRead);
    position += wanted;
    if (!entry.write(buffer)) await drained(pack, entry);
  }
  entry.end(undefined);
  await done.promise;
}

type Sink = ReturnType<Pack["entry"]>;

/** Nobody may be reading any more. */
function drained(pack: Pack, entry: Sink): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      pack.off("close", fail);
      resolve();
    };
    const fail = (): void => reject(new Error("the archive is not read any more"));
    entry.once("drain", finish);
    pack.once("close", fail);
  });
}

function put(pack: Pack, header: TarHeader, content: Uint8Array | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (pack.destroying) return reject(new Error("the archive is not read any more"));
    const fail = (): void => reject(new Error("the archive is not read any more"));
    pack.once("close", fail);
    const done = (error?: Error | null): void => {
      pack.off("close", fail);
      if (error) reject(error);
      else resolve();
    };
    pack.entry(header, Buffer.from(content ?? []), done);
  });
}

function headerOf(item: ArchiveItem): TarHeader {
  const name = archiveName(item.copy, item.path);
  switch (item.kind) {
    case "file":
      return {
        name,
        type: "file",
        mode: item.mode & 0o777,
        mtime: new Date(item.modifiedSeconds * 1000),
        size: item.size,
      };
    case "folder":
      return { name, type: "directory", mode: item.mode & 0o777 };
    case "link":
      return { name, type: "symlink", linkname: item.target };
    case "deleted":
      return { name, type: "file", size: 0, pax: { [deletedRecord]: "1" } };
  }
}

/** A tar is made of blocks of 512 bytes; each as a message of its own would cost more than it carries. */
async function* inPieces(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let bytes = 0;
  for await (const block of blocks) {
    pending.push(block);
    bytes += block.length;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(pending, bytes);
    pending = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pending, bytes);
}
