/** Reads the files that a kubeconfig consists of and names: never without a bound, and never one thing for another. */

import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, sep } from "node:path";

/** A kubeconfig of a hundred clusters has some 500 KiB. */
export const mostBytes = 1_048_576;

/** Why a file is not read, in words that go behind its path. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
}

export interface ReadFile {
  readonly content: Buffer;
  /** `false`: what is read twice may come once only, as from a pipe. */
  readonly regular: boolean;
}

/**
 * `folders`: only a regular file whose real path lies in one of them; `null`: whatever the path leads to, as kubectl does.
 * Rejects with an `UnreadableFileError`.
 */
export async function readBounded(path: string, folders: readonly string[] | null): Promise<ReadFile> {
  const handle = await opened(path, folders !== null);
  try {
    const status = await handle.stat();
    if (folders !== null) {
      // A file of `/proc` passes for a regular one, with nothing in it.
      if (!status.isFile() || status.size === 0)
        throw new UnreadableFileError(status.isFile() ? "is empty" : "is not a regular file");
      await requireInside(path, folders, status);
    }
    if (status.isDirectory()) throw new UnreadableFileError("is a folder");
    if (status.isFile() && status.size > mostBytes) throw tooLarge();
    return { content: await readAll(handle), regular: status.isFile() };
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    await handle.close();
  }
}

/** Without waiting for a writer where a FIFO is not wanted anyway. */
async function opened(path: string, regularOnly: boolean): Promise<FileHandle> {
  try {
    // A path with a NUL in it is a TypeError of Node's.
    return await open(
      path,
      constants.O_RDONLY | (regularOnly ? constants.O_NONBLOCK | constants.O_NOCTTY : 0),
    );
  } catch (error) {
    throw asUnreadable(error);
  }
}

/** What was opened is what the real path names: a link that was exchanged since shows in the inode. */
async function requireInside(
  path: string,
  folders: readonly string[],
  { dev, ino }: { readonly dev: number; readonly ino: number },
): Promise<void> {
  const real = await realpath(path);
  const there = await lstat(real);
  if (there.dev !== dev || there.ino !== ino)
    throw new UnreadableFileError("was exchanged while it was read");
  for (const folder of folders) {
    const inside = await realpath(folder).catch(() => null);
    if (inside !== null && real.startsWith(inside.endsWith(sep) ? inside : `${inside}${sep}`)) return;
  }
  throw new UnreadableFileError("lies outside of the folders that are allowed");
}

async function readAll(handle: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    bytes += bytesRead;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function tooLarge(): UnreadableFileError {
  return new UnreadableFileError(`has more than ${mostBytes} bytes`);
}

function asUnreadable(error: unknown): UnreadableFileError {
  if (error instanceof UnreadableFileError) return error;
  const { code, name } = error as NodeJS.ErrnoException;
  return new UnreadableFileError(`cannot be read: ${code ?? name}`);
}

/** The folders in which the files of a kubeconfig may lie; `null`: anywhere. */
export function foldersOf(
  trust: { readonly folders?: readonly string[] } | null,
  path: string | null,
): readonly string[] | null {
  if (trust === null) return null;
  return trust.folders ?? (path === null ? [] : [dirname(path)]);
}
