/** The bytes of an archive that nobody vouches for → checked items, one after the other. Nothing is written here. */

import { extract as createExtract } from "tar-stream";
import type { Extract, Header } from "tar-stream";
import { deletedRecord, endName, mostEndBytes } from "./archive.ts";
import type { ArchiveItem } from "./archive.ts";
import { checkName, linkLeadsOut } from "./names.ts";
import type { RefusalReason } from "./names.ts";

/** As the library gives it; what the archive leaves out or the library does not know is missing, whatever its types say. */
interface TarEntry extends AsyncIterable<unknown> {
  readonly header: Partial<Header> & Pick<Header, "name">;
  resume(): unknown;
}

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

/** Rejects with `ArchiveLimitError`, `ArchiveBrokenError`, or what reading the chunks rejects with. */
export async function* readArchive(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<ReadItem> {
  const extract = createExtract();
  let failed: Error | null = null;
  // Not waited for at the end: after the last entry nothing more may come, and nothing says so.
  void feed(chunks, extract).catch((error: unknown) => {
    failed = error instanceof Error ? error : new Error(String(error));
    extract.destroy(failed);
  });
  const counted = counter(options.limits);
  try {
    for await (const entry of extract as AsyncIterable<TarEntry>) {
      counted(entry.header.size ?? 0);
      if (entry.header.name === endName) {
        yield { item: null, value: await endValue(entry) };
        return;
      }
      const item = itemOf(entry, options);
      if (item === null) entry.resume();
      else {
        yield { item, content: item.kind === "file" ? (entry as AsyncIterable<Uint8Array>) : null };
        entry.resume();
      }
    }
  } catch (error) {
    if (failed !== null) throw failed as Error;
    throw error instanceof ArchiveLimitError || error instanceof ArchiveBrokenError
      ? error
      : new ArchiveBrokenError(error instanceof Error ? error.message : String(error));
  } finally {
    extract.destroy();
  }
  throw new ArchiveBrokenError("the archive ended before its end");
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
  if ((entry.header.size ?? 0) > mostEndBytes) throw new ArchiveBrokenError("its end is too long");
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk as Uint8Array);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    throw new ArchiveBrokenError("its end cannot be read");
  }
}

/** `null`: refused, and reported. */
function itemOf({ header }: TarEntry, { copies, outwardLinks, refuse }: ReadOptions): ArchiveItem | null {
  const reject = (reason: RefusalReason): null => {
    refuse(header.name, reason);
    return null;
  };
  const name = checkName(header.name);
  if (name.kind === "refused") return reject(name.reason);
  const [first = "", ...rest] = name.path.split("/");
  const copy = Number(first);
  if (!/^\d{1,4}$/.test(first) || copy >= copies) return reject("leads-out");
  const path = rest.join("/");
  const mode = header.mode ?? 0o644;
  if (path === "")
    return header.type === "directory" ? { kind: "folder", copy, path, mode: 0o755 } : reject("bad-name");
  switch (header.type) {
    case "file":
    case "contiguous-file":
      if (paxOf(header)[deletedRecord] !== undefined) return { kind: "deleted", copy, path };
      // The file itself is harmless without the bits by which it would run as somebody else.
      if ((mode & 0o7000) !== 0) refuse(header.name, "special-mode");
      return {
        kind: "file",
        copy,
        path,
        mode: mode & 0o777,
        modifiedSeconds: secondsOf(header.mtime),
        size: header.size ?? 0,
      };
    case "directory":
      // Without them, its owner could not empty it.
      return { kind: "folder", copy, path, mode: (mode & 0o777) | 0o700 };
    case "symlink": {
      const target = header.linkname ?? "";
      if (target.includes("\uFFFD")) return reject("not-utf8");
      if (!outwardLinks && linkLeadsOut(path, target)) return reject("leads-out");
      return { kind: "link", copy, path, target };
    }
    case "link":
      return reject("hard-link");
    case "character-device":
    case "block-device":
    case "fifo":
      return reject("device");
    case undefined:
    default:
      return reject("unsupported");
  }
}

function paxOf({ pax }: TarEntry["header"]): Readonly<Record<string, string>> {
  return (pax ?? {}) as Readonly<Record<string, string>>;
}

function secondsOf(time: Date | undefined): number {
  const seconds = (time?.getTime() ?? 0) / 1000;
  return Number.isFinite(seconds) ? seconds : 0;
}
