/** Lines that the runtime writes in parts: after a rotation the last part may start the next file, as if it were a line. */

/** No runtime writes a line in parts that are smaller. */
export const PART_BYTES = 4096;
const END_BYTES = 256;

/** What has to be known of a line to find its last part again. */
export interface LongLine {
  readonly length: number;
  readonly end: Uint8Array;
}

/** `null`: the line is too short to have been written in parts. */
export function longLineOf(text: Uint8Array): LongLine | null {
  return text.length < PART_BYTES
    ? null
    : { length: text.length, end: new Uint8Array(text.subarray(-END_BYTES)) };
}

/** Whether `text` can only be the last part of that line. */
export function isLastPart(text: Uint8Array, line: LongLine | null): boolean {
  if (line === null || text.length === 0 || text.length >= line.length) return false;
  const compared = Math.min(text.length, line.end.length);
  return Buffer.compare(text.subarray(-compared), line.end.subarray(-compared)) === 0;
}
