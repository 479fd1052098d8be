/** A file of frames: appended to by one process, read at any place of it. */

import { dirname } from "node:path";
import { REAL_DISK } from "./disk.ts";
import type { SpoolDisk, SpoolHandle } from "./disk.ts";
import { FRAME_HEADER_BYTES, decodeFrame, encodeFrame, frameLength } from "./frame.ts";
import type { Frame, SpoolOwner } from "./frame.ts";
import { copyPathOf, removeDeadCopies } from "./half-copies.ts";

export interface FramePlace {
  readonly offset: number;
  readonly length: number;
}

export interface SpoolFile {
  /** Bytes of frames, those under way included. */
  readonly size: number;
  /** Where the frame will be, and when it is. The frames are written in the order of the calls. */
  append(frame: Frame): { readonly place: FramePlace; readonly written: Promise<void> };
  /** Rejects when the frame is damaged. */
  read(place: FramePlace): Promise<Frame>;
  /** Resolves when everything so far is written, or cannot be. */
  flushed(): Promise<void>;
  /** Forgets everything in it. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** For what does not fit into memory. It has no name, so that it ends with its process, however that ends. */
export async function createOverflowFile(path: string, disk: SpoolDisk): Promise<SpoolFile> {
  const handle = await disk.open(path, "wx+");
  await disk.remove(path).catch(() => undefined);
  return createSpoolFile(handle, 0);
}

/**
 * Opens a file that outlives its process. `onFrame` gets what an earlier process left whole, up to the first damage, unless it
 * is of another container. That is copied into a new file of the same name: an earlier process that is not dead but frozen goes
 * on writing into a file without a name.
 */
export async function adoptSpoolFile(
  path: string,
  owner: SpoolOwner,
  onFrame: (frame: Frame, place: FramePlace) => void,
  disk: SpoolDisk,
): Promise<SpoolFile> {
  const fresh = copyPathOf(path);
  await disk.makeFolder(dirname(path));
  await removeDeadCopies(path, disk);
  const handle = await disk.open(fresh, "w+");
  try {
    const file = createSpoolFile(handle, 0);
    await file.append(owner).written;
    const old = await disk.open(path, "r").catch(() => null);
    if (old !== null) await copyFrames(old, owner, file, onFrame);
    await disk.rename(fresh, path);
    return file;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await disk.remove(fresh);
    throw error;
  }
}

async function copyFrames(
  old: SpoolHandle,
  owner: SpoolOwner,
  target: SpoolFile,
  onFrame: (frame: Frame, place: FramePlace) => void,
): Promise<void> {
  try {
    let offset = 0;
    for (;;) {
      const frame = await readFrame(old, offset);
      if (frame === null) return;
      if (frame.frame.kind === "owner") {
        if (frame.frame.podUid !== owner.podUid || frame.frame.container !== owner.container) return;
      } else if (offset === 0) {
        return;
      } else {
        const { place, written } = target.append(frame.frame);
        await written;
        onFrame(frame.frame, place);
      }
      offset += frame.length;
    }
  } finally {
    await old.close();
  }
}

async function readFrame(
  handle: SpoolHandle,
  offset: number,
): Promise<{ readonly frame: Frame; readonly length: number } | null> {
  const header = await readBytes(handle, { offset, length: FRAME_HEADER_BYTES });
  const length = frameLength(header);
  if (length === null) return null;
  const bytes = await readBytes(handle, { offset, length });
  const frame = decodeFrame(bytes);
  return frame === null ? null : { frame, length };
}

/** Shorter than asked for at the end of the file. A length that was damaged must not be allocated: it grows as it is read. */
async function readBytes(handle: SpoolHandle, { offset, length }: FramePlace): Promise<Buffer> {
  const parts: Buffer[] = [];
  let have = 0;
  while (have < length) {
    const part = Buffer.allocUnsafe(Math.min(length - have, 1024 * 1024));
    const { bytesRead } = await handle.read(part, 0, part.length, offset + have);
    if (bytesRead === 0) break;
    parts.push(part.subarray(0, bytesRead));
    have += bytesRead;
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

/** Whose output a file holds; `null`: it is damaged, or none of ours. */
export async function readSpoolOwner(path: string, disk: SpoolDisk = REAL_DISK): Promise<SpoolOwner | null> {
  const handle = await disk.open(path, "r").catch(() => null);
  if (handle === null) return null;
  try {
    const first = await readFrame(handle, 0);
    return first?.frame.kind === "owner" ? first.frame : null;
  } finally {
    await handle.close();
  }
}

function createSpoolFile(handle: SpoolHandle, start: number): SpoolFile {
  let size = start;
  let last: Promise<void> = Promise.resolve();

  return {
    get size() {
      return size;
    },
    append(frame) {
      const bytes = encodeFrame(frame);
      const place = { offset: size, length: bytes.length };
      size += bytes.length;
      // After a write that failed nothing more may be appended: a reader stops at the damage.
      const written = last.then(() => writeBytes(handle, bytes, place.offset));
      last = written;
      written.catch(() => undefined);
      return { place, written };
    },
    async read(place) {
      const frame = decodeFrame(await readBytes(handle, place));
      if (frame === null) throw new Error("a spooled piece of output can not be read back");
      return frame;
    },
    flushed: () => last.catch(() => undefined),
    reset() {
      size = 0;
      // In its turn: a frame appended now must not be cut off.
      last = last.then(() => handle.truncate(0));
      return last;
    },
    async close() {
      await last.catch(() => undefined);
      await handle.close();
    },
  };
}

async function writeBytes(handle: SpoolHandle, bytes: Buffer, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
