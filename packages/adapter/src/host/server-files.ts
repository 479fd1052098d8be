/**
 * Files of the server that a setting or the host's context names. The only place that opens them: whoever writes settings
 * would otherwise read `/proc/self/environ`, another company's files or the server's keys into a pod of his own, or stop the
 * server with a FIFO or `/dev/zero`.
 */
import { constants } from "node:fs";
import { type FileHandle, open, opendir, readlink, realpath, stat } from "node:fs/promises";
import path from "node:path";

import type { FileFence } from "./file-fences.ts";

export type FileRefusal =
  | { readonly kind: "missing"; readonly code: string }
  /** Its real path is in none of the folders that may be read. */
  | { readonly kind: "outside"; readonly realPath: string }
  /** A device, a FIFO, a socket, a folder where a file was meant. */
  | { readonly kind: "special" }
  | { readonly kind: "too-large"; readonly maximumBytes: number }
  /** It was exchanged while it was opened. */
  | { readonly kind: "changed" };

export type FileReading =
  | {
      readonly kind: "read";
      readonly content: Buffer;
      readonly realPath: string;
      readonly executable: boolean;
    }
  | FileRefusal;

export interface FileRules {
  readonly fences: readonly FileFence[];
  readonly maximumBytes: number;
}

/**
 * One regular file. Links are followed as long as they stay inside. Path and file cannot be exchanged between check and
 * use: what is read is the open file, and its path is looked up again after it was opened.
 */
export async function readServerFile(
  file: string,
  { fences, maximumBytes }: FileRules,
): Promise<FileReading> {
  const place = await placeOf(file, fences);
  if (place.kind !== "inside") return place;
  const { realPath } = place;
  let handle: FileHandle;
  try {
    // Opening some devices does something already, and a FIFO waits for a writer.
    if (!(await stat(realPath)).isFile()) return { kind: "special" };
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
    handle = await open(realPath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  } catch (error) {
    const code = codeOf(error);
    return code === "ELOOP" ? { kind: "changed" } : { kind: "missing", code };
  }
  try {
    const opened = await handle.stat();
    if (!opened.isFile()) return { kind: "special" };
    if (!(await isStillAt(handle, opened, realPath))) return { kind: "changed" };
    if (opened.size > maximumBytes) return { kind: "too-large", maximumBytes };
    const content = await readBounded(handle, maximumBytes);
    if (content === null) return { kind: "too-large", maximumBytes };
    return { kind: "read", content, realPath, executable: (opened.mode & 0o111) !== 0 };
  } finally {
    await handle.close();
  }
}

export interface FolderRules extends FileRules {
  readonly maximumFiles: number;
  /** Names of files and folders that are passed over. */
  readonly skip: ReadonlySet<string>;
  /** Files, by their names relative to the folder, that are taken; folders are not gone into then. Default: all. */
  readonly only?: (name: string) => boolean;
}

export type FolderReading =
  | {
      readonly kind: "read";
      readonly files: readonly {
        readonly name: string;
        readonly content: Buffer;
        readonly executable: boolean;
      }[];
      readonly bytes: number;
      /** Links, devices and the like, which are never taken along. */
      readonly left: readonly string[];
    }
  | { readonly kind: "too-many"; readonly maximumFiles: number }
  | FileRefusal;

/** The regular files of a folder and the folders in it, with names relative to it. A link in it may point at anything: none is followed. */
export async function readServerFolder(folder: string, rules: FolderRules): Promise<FolderReading> {
  const place = await placeOf(folder, rules.fences);
  if (place.kind !== "inside") return place;
  const listing = await list(place.realPath, rules);
  if (listing.kind !== "listed") return listing;
  const files: { name: string; content: Buffer; executable: boolean }[] = [];
  let bytes = 0;
  for (const name of listing.names) {
    // Inside this folder, not only inside the fences: a folder that was exchanged for a link leads elsewhere.
    const read = await readServerFile(path.join(place.realPath, name), {
      fences: [{ folder: place.realPath }],
      maximumBytes: rules.maximumBytes - bytes,
    });
    if (read.kind === "too-large") return { kind: "too-large", maximumBytes: rules.maximumBytes };
    if (read.kind !== "read") return read;
    bytes += read.content.length;
    files.push({ name, content: read.content, executable: read.executable });
  }
  return { kind: "read", files, bytes, left: listing.left };
}

/** The real path of a folder that may be read; for those who copy its tree themselves. */
export async function serverFolder(
  folder: string,
  fences: readonly FileFence[],
): Promise<{ readonly kind: "folder"; readonly realPath: string } | FileRefusal> {
  const place = await placeOf(folder, fences);
  if (place.kind !== "inside") return place;
  const found = await stat(place.realPath).catch(() => null);
  return found?.isDirectory() === true ? { kind: "folder", realPath: place.realPath } : { kind: "special" };
}

type Place = { readonly kind: "inside"; readonly realPath: string } | FileRefusal;

async function placeOf(file: string, fences: readonly FileFence[]): Promise<Place> {
  if (!path.isAbsolute(file) || file.includes("\0")) return { kind: "outside", realPath: file };
  let realPath: string;
  try {
    realPath = await realpath(file);
  } catch (error) {
    // Whether a file exists elsewhere on the server is nobody's business.
    return (await isInside(await plannedPath(file), fences))
      ? { kind: "missing", code: codeOf(error) }
      : { kind: "outside", realPath: file };
  }
  return (await isInside(realPath, fences))
    ? { kind: "inside", realPath }
    : { kind: "outside", realPath: file };
}

async function isInside(realPath: string, fences: readonly FileFence[]): Promise<boolean> {
  for (const { folder, except } of fences) {
    // The operator may keep a whole folder elsewhere by a link of his own.
    const root = await plannedPath(folder);
    const below = path.relative(root, realPath);
    const inside =
      below === "" || (!below.startsWith(`..${path.sep}`) && below !== ".." && !path.isAbsolute(below));
    if (inside && except?.(below) !== true) return true;
  }
  return false;
}

/** Where it would be if it were there: a server that has lost its disk has lost the folders of its agents, too. */
async function plannedPath(file: string): Promise<string> {
  const missing: string[] = [];
  for (let at = path.resolve(file); ; at = path.dirname(at)) {
    const found = await realpath(at).catch(() => null);
    if (found !== null) return path.join(found, ...missing);
    if (path.dirname(at) === at) return path.resolve(file);
    missing.unshift(path.basename(at));
  }
}

async function isStillAt(
  handle: FileHandle,
  opened: { readonly dev: number; readonly ino: number },
  realPath: string,
): Promise<boolean> {
  try {
    // The kernel's own word for what is open. It ends in " (deleted)" for a file that is gone.
    return (await readlink(`/proc/self/fd/${handle.fd}`)) === realPath;
  } catch {
    // No such folder on this system: the path must still lead to the same file.
    const again = await realpath(realPath).catch(() => null);
    const found = again === realPath ? await stat(realPath).catch(() => null) : null;
    return found !== null && found.dev === opened.dev && found.ino === opened.ino;
  }
}

/** A file may grow while it is read. `null`: it has more than that. */
async function readBounded(handle: FileHandle, maximumBytes: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, null);
    if (bytesRead === 0) return Buffer.concat(pieces);
    bytes += bytesRead;
    if (bytes > maximumBytes) return null;
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

type Listing =
  | { readonly kind: "listed"; readonly names: readonly string[]; readonly left: readonly string[] }
  | { readonly kind: "too-many"; readonly maximumFiles: number }
  | FileRefusal;

async function list(root: string, { maximumFiles, skip, only }: FolderRules): Promise<Listing> {
  const names: string[] = [];
  const left: string[] = [];
  const folders = [""];
  // Folders count as well: a tree of empty ones has no end either.
  let seen = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    try {
      for await (const entry of await opendir(path.join(root, folder))) {
        if (skip.has(entry.name)) continue;
        seen += 1;
        if (seen > maximumFiles * 4) return { kind: "too-many", maximumFiles };
        const name = path.join(folder, entry.name);
        if (entry.isDirectory()) {
          if (only === undefined) folders.push(name);
        } else if (only?.(name) === false) continue;
        else if (entry.isFile()) names.push(name);
        else left.push(name);
      }
    } catch (error) {
      return { kind: "missing", code: codeOf(error) };
    }
    if (names.length > maximumFiles) return { kind: "too-many", maximumFiles };
  }
  return { kind: "listed", names: names.sort(), left };
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : "unreadable";
}
