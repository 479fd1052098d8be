/** What is spooled, as bytes on disk. Every frame carries its length and a checksum: a process may die in the middle of a write. */

import { crc32 } from "node:zlib";
import type { LogGap } from "../../types/evidence.ts";

export type SpoolEntry =
  /**
   * Whole lines, and for each its seconds, nanoseconds and hash. Marks without text are lines of the log that were delivered
   * before; text without marks is output that came from elsewhere.
   */
  | { readonly kind: "lines"; readonly text: Uint8Array; readonly marks: Float64Array }
  | { readonly kind: "gap"; readonly gap: LogGap }
  /** The whole log is in the file, and was verified. */
  | { readonly kind: "complete" };

/** Whose output a file holds. */
export interface SpoolOwner {
  readonly kind: "owner";
  readonly podUid: string;
  readonly container: string;
  /** Where its Job is, for whoever finds the file after the Job is gone. */
  readonly server?: string;
  readonly namespace?: string;
}

export type Frame = SpoolEntry | SpoolOwner;

/** Magic, type, bytes of marks, bytes of text, checksum of all but itself. */
export const FRAME_HEADER_BYTES = 20;
const MAGIC = 0x6b38_734c;
const TYPES = ["owner", "lines", "gap", "complete"] as const;
const NO_MARKS = new Float64Array(0);

export function encodeFrame(frame: Frame): Buffer {
  const marks = frame.kind === "lines" ? frame.marks : NO_MARKS;
  const text = frame.kind === "lines" ? frame.text : Buffer.from(JSON.stringify(frame));
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + marks.byteLength + text.length);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(TYPES.indexOf(frame.kind), 4);
  bytes.writeUInt32LE(marks.byteLength, 8);
  bytes.writeUInt32LE(text.length, 12);
  bytes.set(new Uint8Array(marks.buffer, marks.byteOffset, marks.byteLength), FRAME_HEADER_BYTES);
  bytes.set(text, FRAME_HEADER_BYTES + marks.byteLength);
  bytes.writeUInt32LE(checksum(bytes), 16);
  return bytes;
}

/** Bytes of the whole frame that starts with this header; `null`: not a frame. */
export function frameLength(header: Buffer): number | null {
  if (header.length < FRAME_HEADER_BYTES || header.readUInt32LE(0) !== MAGIC) return null;
  return FRAME_HEADER_BYTES + header.readUInt32LE(8) + header.readUInt32LE(12);
}

/** `null`: damaged. */
export function decodeFrame(bytes: Buffer): Frame | null {
  if (frameLength(bytes) !== bytes.length || bytes.readUInt32LE(16) !== checksum(bytes)) return null;
  const type = TYPES[bytes.readUInt32LE(4)];
  const textStart = FRAME_HEADER_BYTES + bytes.readUInt32LE(8);
  if (type === "lines") {
    // Numbers of eight bytes must start at a multiple of eight, which a frame does not.
    const marks = new Float64Array(new Uint8Array(bytes.subarray(FRAME_HEADER_BYTES, textStart)).buffer);
    return { kind: "lines", marks, text: bytes.subarray(textStart) };
  }
  if (type === undefined) return null;
  // The checksum has shown that these are bytes that this module wrote.
  return JSON.parse(bytes.subarray(textStart).toString("utf8")) as
    | SpoolOwner
    | (SpoolEntry & { kind: "gap" | "complete" });
}

function checksum(bytes: Buffer): number {
  return crc32(bytes.subarray(FRAME_HEADER_BYTES), crc32(bytes.subarray(0, 16)));
}
