/**
 * A volume that keeps contents from one run to the next, each under its own hash. Whoever takes one out checks it: a volume that lies
 * can cost time, and never change a file.
 */

import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { readFlags } from "../disk.ts";

/** A smaller content is no longer than the entry that would name it. */
export const leastCachedBytes = 1024;
/** So many are offered; what is beyond is sent anew each time. */
export const mostCachedContents = 500_000;

export interface PodCache {
  /** What it has, in order. */
  hashes(): Generator<string>;
  /** Into a file that is open; the bytes that it has. Throws `CacheError`, or what the file itself refuses. */
  take(hash: string, file: number): number;
  /** For a content that comes in pieces. */
  keep(): Keeping;
  /** Why it keeps nothing more; `null`: nothing is wrong. */
  trouble(): string | null;
}

export interface Keeping {
  add(piece: Uint8Array): void;
  end(): void;
  /** The content did not come to its end. */
  drop(): void;
}

/** It has not what it said it had, or something else in its place. */
export class CacheError extends Error {
  readonly code = "ECACHE";
}

const hashForm = /^[0-9a-f]{64}$/;
const pieceBytes = 1024 * 1024;
const staleMilliseconds = 24 * 3600 * 1000;

export function openPodCache(root: string): PodCache {
  const contents = join(root, "contents");
  const incoming = join(root, "incoming");
  const begun = Date.now();
  let trouble: string | null = null;

  /** What goes wrong with a cache is no reason for a run to fail. */
  function guarded(step: () => void): void {
    if (trouble !== null) return;
    try {
      step();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOSPC" && code !== "EDQUOT") trouble = message;
      else if (!makeRoom(contents, begun)) trouble = "it is full, and this run needs all that is in it";
    }
  }
  guarded(() => {
    for (const folder of [contents, incoming]) mkdirSync(folder, { recursive: true });
    removeStale(incoming, begun);
  });
  return {
    hashes: () => hashesIn(contents),
    take(hash, file) {
      const path = pathOf(contents, hash);
      try {
        const bytes = copyChecked(path, hash, file);
        // It is of use: where room is needed, others go first.
        guarded(() => utimesSync(path, new Date(), new Date()));
        return bytes;
      } catch (error) {
        // What is not what it should be goes, so that the next run has it anew.
        if (error instanceof CacheError) guarded(() => rmSync(path, { recursive: true, force: true }));
        throw error;
      }
    },
    keep: () => keepingIn(contents, incoming, guarded),
    trouble: () => trouble,
  };
}

function pathOf(contents: string, hash: string): string {
  return join(contents, hash.slice(0, 2), hash);
}

function* hashesIn(contents: string): Generator<string> {
  let count = 0;
  for (const folder of readdirSync(contents).toSorted())
    for (const name of readdirSync(join(contents, folder)).toSorted()) {
      if (!hashForm.test(name) || !name.startsWith(folder)) continue;
      count += 1;
      if (count > mostCachedContents) return;
      yield name;
    }
}

function copyChecked(path: string, hash: string, file: number): number {
  const sum = createHash("sha256");
  const piece = Buffer.allocUnsafe(pieceBytes);
  let bytes = 0;
  const source = reading(() => openSync(path, readFlags));
  try {
    for (;;) {
      const count = reading(() => readSync(source, piece, 0, pieceBytes, null));
      if (count === 0) break;
      const part = piece.subarray(0, count);
      sum.update(part);
      writeWhole(file, part);
      bytes += count;
    }
  } finally {
    closeSync(source);
  }
  if (sum.digest("hex") === hash) return bytes;
  throw new CacheError("a content in the cache is not what it was");
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function reading<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new CacheError(`a content in the cache cannot be read: ${(error as Error).message}`);
  }
}

function keepingIn(contents: string, incoming: string, guarded: (step: () => void) => void): Keeping {
  const sum = createHash("sha256");
  const path = join(incoming, randomUUID());
  let file: number | null = null;
  let bytes = 0;
  let opened = false;
  let whole = true;
  const attempt = (step: () => void): void => {
    let done = false;
    guarded(() => {
      step();
      done = true;
    });
    whole &&= done;
  };
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  const drop = (): void => {
    close();
    if (!opened) return;
    opened = false;
    try {
      rmSync(path, { force: true });
    } catch {
      // A run of another day removes it.
    }
  };
  return {
    add(piece) {
      if (!whole) return;
      bytes += piece.length;
      attempt(() => {
        sum.update(piece);
        file ??= openSync(path, "wx", 0o600);
        opened = true;
        writeWhole(file, piece);
      });
    },
    end() {
      if (whole && bytes >= leastCachedBytes) {
        const hash = sum.digest("hex");
        const place = pathOf(contents, hash);
        attempt(() => {
          close();
          mkdirSync(join(contents, hash.slice(0, 2)), { recursive: true });
          renameSync(path, place);
        });
        if (whole) return;
      }
      drop();
    },
    drop,
  };
}

/** Contents that this run has not used. False: there are none. */
function makeRoom(contents: string, begun: number): boolean {
  let removed = false;
  try {
    for (const hash of hashesIn(contents)) {
      const path = pathOf(contents, hash);
      if (statSync(path).mtimeMs >= begun) continue;
      rmSync(path, { force: true });
      removed = true;
    }
  } catch {
    // Another run has removed it.
  }
  return removed;
}

/** Of programs that were killed. */
function removeStale(incoming: string, now: number): void {
  for (const name of readdirSync(incoming)) {
    const path = join(incoming, name);
    if (existsSync(path) && now - statSync(path).mtimeMs > staleMilliseconds) rmSync(path, { force: true });
  }
}

/** A whole content that is not too large to be held. */
export function keepWhole(cache: PodCache, pieces: readonly Uint8Array[]): void {
  const keeping = cache.keep();
  for (const piece of pieces) keeping.add(piece);
  keeping.end();
}
