/** What the command changed → standard output. */

import { archiveOf } from "../archive-writer.ts";
import type { SourcedItem } from "../archive-writer.ts";
import type { ArchiveItem } from "../archive.ts";
import { carriedEntries } from "../carried.ts";
import { waitingDisk } from "../disk.ts";
import { changesBetween } from "../compare.ts";
import { readListing } from "../listing.ts";
import type { ListedEntry } from "../listing.ts";
import type { Refusal } from "../walk.ts";
import { stateNames } from "./config.ts";
import type { PodConfig } from "./config.ts";
import { markPath, readMark } from "./state.ts";

/** What the archive ends with. */
export interface SentEnd {
  /** Of the copy in which the files came; `null`: none came. */
  readonly token: string | null;
  readonly refused: number;
  readonly refusals: readonly Refusal[];
}

const mostRefusals = 100;

export function changedFiles(config: PodConfig): AsyncIterable<Uint8Array> {
  const refusals: Refusal[] = [];
  let refused = 0;
  const refuse = (refusal: Refusal): void => {
    refused += 1;
    if (refusals.length < mostRefusals) refusals.push(refusal);
  };
  return archiveOf(changedItems(config, refuse), {
    disk: waitingDisk,
    unreadable: ({ path }) => refuse({ path, reason: "unreadable" }),
    end: (): SentEnd => ({ token: readMark(config, stateNames.received), refused, refusals }),
  });
}

async function* changedItems(
  config: PodConfig,
  refuse: (refusal: Refusal) => void,
): AsyncGenerator<SourcedItem> {
  const before = readListing(markPath(config, stateNames.before));
  const untouchable = new Set<string>();
  const refused = (refusal: Refusal): void => {
    refuse(refusal);
    // What is there and cannot be read was not deleted; neither was what lies below it.
    if (untouchable.size < 10_000) untouchable.add(refusal.path);
  };
  const now = carriedEntries(config.folders, refused, { disk: waitingDisk });
  for await (const change of changesBetween(before, now)) {
    if (change.kind === "deleted") {
      const { copy, path } = change.before;
      if (!config.back.includes(copy) || isBelow(path, untouchable)) continue;
      yield { item: { kind: "deleted", copy, path }, source: null };
    } else if (config.back.includes(change.now.copy)) yield sourced(config, change.now);
  }
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1))
    if (folders.has(path.slice(0, end))) return true;
  return false;
}

function sourced(config: PodConfig, entry: ListedEntry): SourcedItem {
  return {
    item: itemOf(entry),
    source: entry.kind === "file" ? `${config.folders[entry.copy]?.folder ?? ""}/${entry.path}` : null,
  };
}

export function itemOf({ copy, path, kind, mode, modifiedAt, size, target }: ListedEntry): ArchiveItem {
  switch (kind) {
    case "file":
      return { kind, copy, path, mode, modifiedSeconds: Math.floor(Number(modifiedAt) / 1e9), size };
    case "folder":
      return { kind, copy, path, mode };
    case "link":
      return { kind, copy, path, target: target ?? "" };
  }
}
