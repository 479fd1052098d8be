/** How a folder is read: without keeping others waiting, or without waiting for anybody. */

import {
  close,
  closeSync,
  constants,
  lstat,
  lstatSync,
  open,
  openSync,
  read,
  readSync,
  readdir,
  readdirSync,
  readlinkSync,
} from "node:fs";
import type { BigIntStats } from "node:fs";
import { readlink } from "node:fs/promises";

type Soon<T> = T | Promise<T>;

export interface Disk {
  names(folder: string): Soon<readonly Buffer[]>;
  stats(path: string): Soon<BigIntStats>;
  target(path: string): Soon<Buffer>;
  /** At most so many bytes: what is there by then. A link or a pipe in the place of a file is not followed, nor waited for. */
  content(path: string, size: number): Soon<Uint8Array>;
}

export const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** For a process that has nothing else to do: asking the system and waiting for it takes a tenth of the time of anything else. */
export const waitingDisk: Disk = {
  names: (folder) => readdirSync(folder, { encoding: "buffer" }),
  stats: (path) => lstatSync(path, { bigint: true }),
  target: (path) => readlinkSync(path, { encoding: "buffer" }),
  content(path, size) {
    const file = openSync(path, readFlags);
    try {
      const buffer = Buffer.allocUnsafe(size);
      return buffer.subarray(0, readSync(file, buffer, 0, size, 0));
    } finally {
      closeSync(file);
    }
  },
};

/** For a process that others need: a disk that hangs holds up nothing else. A promise for each step would cost twice the time. */
export const sharedDisk: Disk = {
  names: (folder) => called((done) => readdir(folder, { encoding: "buffer" }, done)),
  stats: (path) => called((done) => lstat(path, { bigint: true }, done)),
  target: (path) => readlink(path, { encoding: "buffer" }),
  content: (path, size) =>
    called((done) =>
      open(path, readFlags, (failed, file) => {
        if (failed) return done(failed);
        const buffer = Buffer.allocUnsafe(size);
        read(file, buffer, 0, size, 0, (error, bytes) =>
          close(file, () => done(error, buffer.subarray(0, bytes))),
        );
      }),
    ),
};

function called<T>(call: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}
