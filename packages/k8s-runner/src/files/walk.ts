/** Every entry of a folder in a fixed order; symbolic links are told, never followed. */

import { isUtf8 } from "node:buffer";
import type { BigIntStats } from "node:fs";
import { posix } from "node:path";

import { sharedDisk } from "./disk.ts";
import type { Disk } from "./disk.ts";
import { isReserved } from "./names.ts";
import type { Excludes, RefusalReason } from "./names.ts";

export interface Entry {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
  readonly size: number;
  /** Permission bits, the special ones included. */
  readonly mode: number;
  /** Nanoseconds, as text: a number cannot hold them. */
  readonly modifiedAt: string;
  /** Nobody can set it: whatever is done to an entry moves it. */
  readonly changedAt: string;
  readonly inode: string;
  /** Of a link. */
  readonly target: string | null;
}

export interface Refusal {
  readonly path: string;
  readonly reason: RefusalReason;
}

export interface WalkOptions {
  readonly excludes: Excludes;
  readonly refuse: (refusal: Refusal) => void;
  readonly signal?: AbortSignal | undefined;
  /** Default: one that keeps nobody waiting. */
  readonly disk?: Disk | undefined;
}

/** So many questions to the file system at once: it answers in parallel, but each holds memory. */
const atOnce = 64;

/** Holds the names of one folder a level, whatever the number of files. A folder that cannot be read is refused and passed over. */
export async function* walk(root: string, options: WalkOptions): AsyncGenerator<Entry> {
  yield* walkFolder(root, "", options);
}

async function* walkFolder(root: string, below: string, options: WalkOptions): AsyncGenerator<Entry> {
  const names = await namesIn(root, below, options);
  const looked = (start: number): Promise<readonly (Entry | null)[]> => {
    const paths = names
      .slice(start, start + atOnce)
      .map((name) => (below === "" ? name : `${below}/${name}`));
    return Promise.all(
      paths.filter((path) => !options.excludes(path)).map((path) => entryAt(root, path, options)),
    );
  };
  // Whoever takes the entries has work with them: the next ones are looked at meanwhile.
  let next = looked(0);
  for (let start = 0; start < names.length; start += atOnce) {
    options.signal?.throwIfAborted();
    const entries = await next;
    next = looked(start + atOnce);
    for (const entry of entries) {
      if (entry === null) continue;
      yield entry;
      if (entry.kind === "folder") yield* walkFolder(root, entry.path, options);
    }
  }
}

async function namesIn(
  root: string,
  below: string,
  { refuse, disk = sharedDisk }: WalkOptions,
): Promise<readonly string[]> {
  try {
    const names = await disk.names(below === "" ? root : `${root}/${below}`);
    const readable = names.filter((name) => {
      if (isUtf8(name)) return true;
      refuse({ path: posix.join(below, name.toString("latin1")), reason: "not-utf8" });
      return false;
    });
    return readable
      .map((name) => name.toString("utf8"))
      .filter((name) => !isReserved(name))
      .toSorted((left, right) => (left < right ? -1 : 1));
  } catch (error) {
    if (below === "") throw error;
    refuse({ path: below, reason: "unreadable" });
    return [];
  }
}

async function entryAt(
  root: string,
  path: string,
  { refuse, disk = sharedDisk }: WalkOptions,
): Promise<Entry | null> {
  try {
    const stats = await disk.stats(`${root}/${path}`);
    const kind = kindOf(stats);
    const target = kind === "link" ? await disk.target(`${root}/${path}`) : null;
    if (kind === null) refuse({ path, reason: "device" });
    else if (target !== null && !isUtf8(target)) refuse({ path, reason: "not-utf8" });
    else return entryOf(path, kind, stats, target?.toString("utf8") ?? null);
  } catch (error) {
    // Removed since its folder was listed.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") refuse({ path, reason: "unreadable" });
  }
  return null;
}

/** `null`: a socket, a pipe or a device. */
export function kindOf(
  stats: Pick<BigIntStats, "isFile" | "isDirectory" | "isSymbolicLink">,
): Entry["kind"] | null {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : null;
}

export function entryOf(
  path: string,
  kind: Entry["kind"],
  { size, mode, mtimeNs, ctimeNs, ino }: BigIntStats,
  target: string | null,
): Entry {
  return {
    path,
    kind,
    size: kind === "file" ? Number(size) : 0,
    mode: Number(mode) & 0o7777,
    modifiedAt: String(mtimeNs),
    changedAt: String(ctimeNs),
    inode: String(ino),
    target,
  };
}
