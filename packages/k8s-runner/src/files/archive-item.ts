/** A header that nobody vouches for → the entry that it stands for, or why there is none. Pure. */

import type { Header } from "tar-stream";
import { deletedRecord, replacement, replacementRecord } from "./archive.ts";
import type { ArchiveItem } from "./archive.ts";
import type { ReadOptions } from "./archive-reader.ts";
import { checkName, linkLeadsOut } from "./names.ts";
import type { RefusalReason } from "./names.ts";

/** As the library gives it; what the archive leaves out or the library does not know is missing, whatever its types say. */
export interface TarEntry extends AsyncIterable<unknown> {
  readonly header: Partial<Header> & Pick<Header, "name">;
  resume(): unknown;
}

/** `null`: refused, and reported. */
export function itemOf(
  { header }: TarEntry,
  {
    copies,
    outwardLinks,
    cached = false,
    refuse,
  }: Pick<ReadOptions, "copies" | "outwardLinks" | "cached" | "refuse">,
): ArchiveItem | null {
  const reject = (reason: RefusalReason): null => {
    refuse(header.name, reason);
    return null;
  };
  // Such a character in the name stands for bytes that are lost, unless whoever wrote the archive says that it is the name's own.
  const isDecoded = (text: string): boolean =>
    !text.includes(replacement) || paxOf(header)[replacementRecord] !== undefined;
  if (!isDecoded(header.name)) return reject("not-utf8");
  const name = checkName(header.name);
  if (name.kind === "refused") return reject(name.reason);
  const [first = "", ...rest] = name.path.split("/");
  const copy = Number(first);
  if (!/^\d{1,4}$/.test(first) || copy >= copies) return reject("leads-out");
  const path = rest.join("/");
  // The content is a map of what is where; carried as it stands it would be another file.
  if (Object.keys(paxOf(header)).some((record) => record.startsWith("GNU.sparse.")))
    return reject("unsupported");
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
      if (!isDecoded(target)) return reject("not-utf8");
      if (!outwardLinks && linkLeadsOut(path, target)) return reject("leads-out");
      return { kind: "link", copy, path, target };
    }
    case "link": {
      const hash = cached ? /^sha256:([0-9a-f]{64})$/.exec(header.linkname ?? "")?.[1] : undefined;
      if (hash === undefined) return reject("hard-link");
      const modifiedSeconds = secondsOf(header.mtime);
      return { kind: "file", copy, path, mode: mode & 0o777, modifiedSeconds, size: 0, cached: hash };
    }
    case "character-device":
    case "block-device":
    case "fifo":
      return reject("device");
    case undefined:
    default:
      return reject("unsupported");
  }
}

export function paxOf({ pax }: TarEntry["header"]): Readonly<Record<string, string>> {
  return (pax ?? {}) as Readonly<Record<string, string>>;
}

function secondsOf(time: Date | undefined): number {
  const seconds = (time?.getTime() ?? 0) / 1000;
  return Number.isFinite(seconds) ? seconds : 0;
}
