/** Bytes of a log answer in, its lines out: `2026-11-22T17:00:00.000000000Z text`. Text stays bytes, it is never decoded. */

import { crc32 } from "node:zlib";

/** One line of output with the node's timestamp of its first part. */
export interface StampedLine {
  readonly kind: "line";
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Of the text: 21 bits of its length, 32 bits of its checksum. */
  readonly hash: number;
  /** Without the newline. Shares memory with the chunk it came in. */
  readonly text: Uint8Array;
  /** It is only the beginning of a line that is longer than any that is kept. */
  readonly cut: boolean;
}

/** Anything without a timestamp: the rest of a line whose first part `sinceTime` cut off, or the kubelet's own words. */
export interface UnstampedText {
  readonly kind: "unstamped";
  readonly text: Uint8Array;
}

export type LogLine = StampedLine | UnstampedText;

const NEWLINE = 10;

/** Splits the timestamp off. The runtime may write it with the node's offset from UTC, so it is parsed, never compared as text. */
export function parseLine(bytes: Uint8Array, start = 0, end = bytes.length): LogLine {
  const stamp = parseTimestamp(bytes, start, end);
  if (stamp === null) return { kind: "unstamped", text: bytes.subarray(start, end) };
  const text = bytes.subarray(stamp.end, end);
  return {
    kind: "line",
    seconds: stamp.seconds,
    nanoseconds: stamp.nanoseconds,
    hash: hashBytes(text),
    text,
    cut: false,
  };
}

/** A line of a node that writes no timestamps: its place in the file is what tells it from its neighbours. */
export function countedLine(bytes: Uint8Array, index: number): StampedLine {
  const stamp = parseTimestamp(bytes, 0, bytes.length);
  const text = stamp === null ? bytes : bytes.subarray(stamp.end);
  return { kind: "line", seconds: 0, nanoseconds: index, hash: hashBytes(text), text, cut: false };
}

const FRACTION_START = 20;
const FRACTION_DIGITS = 9;
const SHORTEST_STAMP = 21;

/** The kubelet writes nine digits; what passes for one may write fewer, or none. */
function parseTimestamp(
  bytes: Uint8Array,
  start: number,
  limit: number,
): { seconds: number; nanoseconds: number; end: number } | null {
  if (limit - start < SHORTEST_STAMP || !isPunctuated(bytes, start)) return null;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  const written = fractionDigits(bytes, start, limit);
  if (written === null) return null;
  const nanoseconds = digits(bytes, start + FRACTION_START, written) * 10 ** (FRACTION_DIGITS - written);
  const offset = parseOffset(bytes, start + FRACTION_START + (written === 0 ? -1 : written));
  // A digit that is none makes its number NaN, and NaN goes through every sum.
  const seconds = daysFromEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  if (offset === null || offset.end > limit || Number.isNaN(seconds + nanoseconds)) return null;
  return { seconds: seconds - offset.seconds, nanoseconds, end: offset.end };
}

/** How many digits the fraction of the second has; `null`: what stands there is none. */
function fractionDigits(bytes: Uint8Array, start: number, limit: number): number | null {
  if (bytes[start + FRACTION_START - 1] !== 46) return 0;
  let count = 0;
  for (let at = start + FRACTION_START; at < limit && count <= FRACTION_DIGITS; at++, count++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) break;
  }
  return count === 0 || count > FRACTION_DIGITS ? null : count;
}

/** `....-..-..T..:..:..` */
function isPunctuated(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start + 4] === 45 &&
    bytes[start + 7] === 45 &&
    bytes[start + 10] === 84 &&
    bytes[start + 13] === 58 &&
    bytes[start + 16] === 58
  );
}

function parseOffset(line: Uint8Array, at: number): { seconds: number; end: number } | null {
  const sign = line[at];
  if (sign === 90) return line[at + 1] === 32 ? { seconds: 0, end: at + 2 } : null;
  if ((sign !== 43 && sign !== 45) || line[at + 3] !== 58 || line[at + 6] !== 32) return null;
  const seconds = digits(line, at + 1, 2) * 3600 + digits(line, at + 4, 2) * 60;
  if (Number.isNaN(seconds)) return null;
  return { seconds: sign === 45 ? -seconds : seconds, end: at + 7 };
}

function digits(line: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index++) {
    const digit = (line[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days of the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`): `Date` costs ten times as much a line. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** It tells apart lines of one nanosecond and has no enemy to withstand; the checksum of the platform is many times faster than a loop. */
export function hashBytes(bytes: Uint8Array): number {
  return (bytes.length % 2 ** 21) * 2 ** 32 + crc32(bytes);
}

/** The last line of a text, without its newline. */
export function lastLineOf(text: Uint8Array): Uint8Array {
  const end = text.at(-1) === NEWLINE ? text.length - 1 : text.length;
  return text.subarray(end === 0 ? 0 : text.lastIndexOf(NEWLINE, end - 1) + 1, end);
}
