/**
 * A disk in memory on the virtual clock: a file on a real one finishes its writes when it likes, and a fault that was found once
 * would not be found again. Its writer can be killed: a write under way is left undone, done, or done in part.
 */

import { basename, dirname } from "node:path";
import type { SpoolDisk, SpoolHandle } from "../../src/logs/spool/disk.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface MemoryDisk {
  /** The disk as one process sees it, from its start until it is killed. */
  forProcess(killed: AbortSignal): SpoolDisk;
  /** Names of the files. */
  names(): string[];
}

interface MemoryFile {
  bytes: Buffer;
}

const never = new AbortController().signal;

/** Every operation takes up to so many milliseconds. */
export function createMemoryDisk(
  clock: VirtualClock,
  random: () => number,
  slowestMilliseconds: number,
): MemoryDisk {
  const files = new Map<string, MemoryFile>();

  async function operate(killed: AbortSignal): Promise<void> {
    await clock.sleep(random() * slowestMilliseconds, never);
    killed.throwIfAborted();
  }

  function createHandle(file: MemoryFile, killed: AbortSignal): SpoolHandle {
    const handle = {
      async write(bytes: Buffer, from: number, length: number, at: number) {
        // Some systems write less than they were asked to.
        const size = random() < 0.1 ? Math.ceil(length * random()) : length;
        let done = size;
        try {
          await operate(killed);
        } catch (error) {
          done = Math.floor(random() * 2 * size);
          throw error;
        } finally {
          put(file, bytes.subarray(from, from + Math.min(done, size)), at);
        }
        return { bytesWritten: size, buffer: bytes };
      },
      async read(into: Buffer, to: number, length: number, at: number) {
        await operate(killed);
        const end = Math.min(file.bytes.length, at + length);
        return { bytesRead: at < end ? file.bytes.copy(into, to, at, end) : 0, buffer: into };
      },
      async truncate(length: number) {
        await operate(killed);
        file.bytes = file.bytes.subarray(0, length);
      },
      async close() {
        await operate(killed);
      },
    };
    return handle as unknown as SpoolHandle;
  }

  return {
    names: () => [...files.keys()],
    forProcess: (killed) => ({
      async open(path, flags) {
        await operate(killed);
        const known = files.get(path);
        if (flags === "r") {
          if (known === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
          return createHandle(known, killed);
        }
        if (flags.includes("x") && known !== undefined) throw new Error(`EEXIST: ${path}`);
        const file = { bytes: Buffer.alloc(0) };
        files.set(path, file);
        return createHandle(file, killed);
      },
      makeFolder: () => operate(killed),
      async list(folder) {
        await operate(killed);
        return [...files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
      },
      async rename(from, to) {
        await operate(killed);
        files.set(to, files.get(from) as MemoryFile);
        files.delete(from);
      },
      async remove(path) {
        await operate(killed);
        files.delete(path);
      },
    }),
  };
}

function put(file: MemoryFile, bytes: Buffer, at: number): void {
  const end = at + bytes.length;
  if (end > file.bytes.length)
    file.bytes = Buffer.concat([file.bytes, Buffer.alloc(end - file.bytes.length)]);
  bytes.copy(file.bytes, at);
}
