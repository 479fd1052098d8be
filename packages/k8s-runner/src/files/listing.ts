/** What a folder was like at one moment, on disk: one line an entry, so that neither side ever holds a whole listing. */

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Entry } from "./walk.ts";

export interface ListedEntry extends Entry {
  /** Which of the folders that are copied. */
  readonly copy: number;
  /** Of a file's content, where it is known. */
  readonly hash?: string;
}

type Line = [
  copy: number,
  path: string,
  kind: Entry["kind"],
  size: number,
  mode: number,
  modifiedAt: string,
  changedAt: string,
  inode: string,
  target: string | null,
  hash?: string,
];

export interface ListingWriter {
  add(entry: ListedEntry): Promise<void>;
  /** Whoever reads the file now, has all that was added. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const flushCharacters = 256 * 1024;

export async function writeListing(path: string): Promise<ListingWriter> {
  const file = await open(path, "w", 0o600);
  let pending = "";
  async function flush(): Promise<void> {
    const text = pending;
    pending = "";
    await file.writeFile(text);
  }
  return {
    async add({ copy, path: name, kind, size, mode, modifiedAt, changedAt, inode, target, hash }) {
      const line: Line = [copy, name, kind, size, mode, modifiedAt, changedAt, inode, target];
      if (hash !== undefined) line.push(hash);
      // A line reader also ends lines at these two, which JSON leaves as they are.
      const text = JSON.stringify(line)
        .replaceAll("\u2028", String.raw`\u2028`)
        .replaceAll("\u2029", String.raw`\u2029`);
      pending += `${text}\n`;
      if (pending.length > flushCharacters) await flush();
    },
    flush,
    async close() {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}

/** Nothing where there is no such file. */
export async function* readListing(path: string): AsyncGenerator<ListedEntry> {
  const stream = createReadStream(path);
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      const [copy, name, kind, size, mode, modifiedAt, changedAt, inode, target, hash] = JSON.parse(
        text,
      ) as Line;
      const entry = { copy, path: name, kind, size, mode, modifiedAt, changedAt, inode, target };
      yield hash === undefined ? entry : { ...entry, hash };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  } finally {
    stream.destroy();
  }
}
