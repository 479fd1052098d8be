/** Standard input → the folders of the pod. From the start each time: what an earlier try left is removed first. */

import { chmod, mkdir, open, readdir, rename, rm, symlink, utimes } from "node:fs/promises";
import {
  closeSync,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import type { BigIntStats } from "node:fs";
import { join } from "node:path";
import { CacheError, keepWhole, leastCachedBytes, openPodCache } from "./cache.ts";
import type { PodCache } from "./cache.ts";
import { readArchive } from "../archive-reader.ts";
import type { ArchiveItem } from "../archive.ts";
import { writeListing } from "../listing.ts";
import type { ListingWriter } from "../listing.ts";
import { entryOf } from "../walk.ts";
import { stateNames } from "./config.ts";
import type { PodConfig, Reply } from "./config.ts";
import { hasMark, markPath, readMark, setMark } from "./state.ts";

/** The other side has said how much it sends; here only the disk is a limit. */
const noLimits = { bytes: Number.MAX_SAFE_INTEGER, entries: Number.MAX_SAFE_INTEGER };
const wholeBytes = 1024 * 1024;

export async function receive(
  config: PodConfig,
  input: AsyncIterable<Uint8Array>,
  reply: (reply: Reply) => Promise<void>,
): Promise<void> {
  endEarlierReceiver(config);
  if (hasMark(config, stateNames.received)) {
    const token = readMark(config, stateNames.received);
    await reply({ kind: "received", token, entries: 0, bytes: 0, cacheTrouble: null });
    return;
  }
  for (const { folder } of config.folders) await emptyFolder(folder);
  // What changes from now on is what the command changed.
  const before = markPath(config, stateNames.before);
  const listing = await writeListing(`${before}.new`);
  const cache = config.cacheFolder === null ? null : openPodCache(config.cacheFolder);
  const { token, entries, bytes } = await unpack(config, input, { listing, cache }).finally(() =>
    listing.close(),
  );
  await rename(`${before}.new`, before);
  await reply({ kind: "received", token, entries, bytes, cacheTrouble: cache?.trouble() ?? null });
  // Last: the container ends when it sees it, and this program with it.
  setMark(config, stateNames.received, token);
}

/** Its connection was cut, but it may not have noticed. Two of them would write into one folder. */
function endEarlierReceiver(config: PodConfig): void {
  const pid = Number(readMark(config, stateNames.receiver));
  setMark(config, stateNames.receiver, String(process.pid));
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return;
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("receive")) return;
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

async function unpack(
  config: PodConfig,
  input: AsyncIterable<Uint8Array>,
  { listing, cache }: { readonly listing: ListingWriter; readonly cache: PodCache | null },
): Promise<{ readonly token: string; readonly entries: number; readonly bytes: number }> {
  let entries = 0;
  let bytes = 0;
  const options = {
    copies: config.folders.length,
    limits: noLimits,
    outwardLinks: true,
    cached: cache !== null,
    refuse: () => undefined,
  };
  for await (const { item, ...rest } of readArchive(input, options)) {
    if (item === null) return { token: tokenOf("value" in rest ? rest.value : null), entries, bytes };
    const folder = config.folders[item.copy]?.folder ?? "";
    if (item.path === "") continue;
    const content = "content" in rest ? rest.content : null;
    const path = join(folder, item.path);
    const stats = await make(item, path, { content, cache });
    if (stats === null || item.kind === "deleted") continue;
    // In the order of a walk, as that is how they were sent.
    const target = item.kind === "link" ? item.target : null;
    await listing.add({ copy: item.copy, ...entryOf(item.path, item.kind, stats, target) });
    entries += 1;
    if (item.kind === "file") bytes += Number(stats.size);
  }
  throw new TypeError("an archive without an end rejects");
}

function tokenOf(end: unknown): string {
  const token = (end as { readonly token?: unknown } | null)?.token;
  return typeof token === "string" ? token : "";
}

type FileItem = ArchiveItem & { readonly kind: "file" };

interface Origin {
  readonly content: AsyncIterable<Uint8Array> | null;
  readonly cache: PodCache | null;
}

async function make(item: ArchiveItem, path: string, origin: Origin): Promise<BigIntStats | null> {
  switch (item.kind) {
    case "folder":
      await mkdir(path, { recursive: true });
      await chmod(path, item.mode);
      return lstatSync(path, { bigint: true });
    case "link":
      await symlink(item.target, path);
      return lstatSync(path, { bigint: true });
    case "deleted":
      return null;
    case "file":
      if (item.cached !== undefined) return takeCached(item, item.cached, path, origin);
      return item.size <= wholeBytes ? writeSmall(item, path, origin) : writeLarge(item, path, origin);
  }
}

/** At once: this process has nothing else to do, and a promise for each step would take longer than the steps. */
async function writeSmall(item: FileItem, path: string, { content, cache }: Origin): Promise<BigIntStats> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content ?? []) chunks.push(chunk);
  const stats = written(item, path, (file) => {
    for (const chunk of chunks) writeFileSync(file, chunk);
  });
  if (cache !== null && item.size >= leastCachedBytes) keepWhole(cache, chunks);
  return stats;
}

function takeCached(item: FileItem, hash: string, path: string, { cache }: Origin): BigIntStats {
  return written(item, path, (file) => {
    if (cache === null) throw new CacheError("there is no cache");
    cache.take(hash, file);
  });
}

function written(item: FileItem, path: string, write: (file: number) => void): BigIntStats {
  const file = openSync(path, "w", item.mode);
  try {
    write(file);
    futimesSync(file, item.modifiedSeconds, item.modifiedSeconds);
    // What the process's mask took away when it was made.
    fchmodSync(file, item.mode);
    return fstatSync(file, { bigint: true });
  } finally {
    closeSync(file);
  }
}

async function writeLarge(item: FileItem, path: string, { content, cache }: Origin): Promise<BigIntStats> {
  const file = await open(path, "w");
  const keeping = cache?.keep() ?? null;
  let whole = false;
  try {
    for await (const chunk of content ?? []) {
      await file.writeFile(chunk);
      keeping?.add(chunk);
    }
    whole = true;
  } finally {
    await file.close();
    if (whole) keeping?.end();
    else keeping?.drop();
  }
  await utimes(path, item.modifiedSeconds, item.modifiedSeconds);
  await chmod(path, item.mode);
  return lstatSync(path, { bigint: true });
}
