/**
 * Output that the log has lost, out of the record, from the first byte that was not delivered yet.
 *
 * That byte is known by counting: what was delivered is the beginning of the record, byte for byte. The count is not believed
 * blindly, since some runtimes leave out the carriage return in front of a newline: the record must have the line delivered last
 * right before it. Where it has not, the record is counted once more from its beginning in that way; where that does not fit either,
 * nothing is taken from it.
 */

import { hashBytes } from "../lines/record.ts";
import { MOST_LINE_BYTES } from "../lines/split.ts";
import type { LogSink } from "../spool/sink.ts";
import type { Spool } from "../spool/spool.ts";
import type { OutputRecord, RecordReadEnd } from "./output-record.ts";

export interface FetchOptions {
  readonly record: OutputRecord;
  readonly sink: LogSink;
  readonly spool: Spool;
  /** Nothing will be written any more: a last line without its newline is whole. */
  readonly final: boolean;
  /**
   * Where reading begins. `last`: at the line delivered last, to see that it is there. `start`: at the first byte. `here`: with the first
   * byte that was not delivered, since what stands before is known.
   */
  readonly from: "last" | "start" | "here";
  /** Of the lines before; those that are read are added. */
  readonly hashes: number[];
  readonly signal: AbortSignal;
}

export type FetchEnd =
  /** `unfinished`: bytes of a last line without its newline, which no log gives away before the end. */
  | { readonly kind: "end"; readonly unfinished: number }
  | { readonly kind: "interrupted" | "lost" | "unfit"; readonly message: string };

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** More lines than a log file has; of a longer record the last ones are kept. */
const MOST_HASHES = 1_000_000;

/** Delivers every whole line of the record that was not delivered yet. Rejects only with `signal.reason`. */
export async function fetchFromRecord(options: FetchOptions): Promise<FetchEnd> {
  const { sink, from } = options;
  const { window } = sink;
  if (from === "here") return readRecord(options, window.bytes, false);
  const last = window.last();
  // With the byte in front of it, so that the end of a longer line is not taken for it.
  const known = last === null || window.bytes === 0 ? 0 : Math.floor(last.hash / 2 ** 32) + 2;
  const start = from === "start" || last === null ? 0 : Math.max(0, window.bytes - known);
  const end = await readRecord(options, start, false);
  if (end.kind !== "unfit" || last === null) return end;
  options.hashes.length = 0;
  return readRecord(options, 0, true);
}

interface Reading {
  readonly options: FetchOptions;
  /** How the runtime writes lines to the log. */
  readonly withoutReturns: boolean;
  /** What was delivered ends here. */
  readonly delivered: number;
  readonly expected: number | null;
  /** The first line may be the end of one. */
  inside: boolean;
  /** Bytes of the output before `waiting`. */
  at: number;
  waiting: Uint8Array[];
  waitingBytes: number;
  fits: boolean;
}

async function readRecord(options: FetchOptions, from: number, withoutReturns: boolean): Promise<FetchEnd> {
  const { window } = options.sink;
  const delivered = window.bytes;
  const reading: Reading = {
    options,
    withoutReturns,
    delivered,
    expected: delivered === 0 ? null : (window.last()?.hash ?? null),
    inside: from > 0 && from < delivered,
    at: from,
    waiting: [],
    waitingBytes: 0,
    fits: true,
  };
  const read = await options.record.read(from, (chunk) => takeChunk(reading, chunk), options.signal);
  return endOf(reading, read);
}

async function endOf(reading: Reading, read: RecordReadEnd): Promise<FetchEnd> {
  const { waitingBytes, delivered, options } = reading;
  if (waitingBytes > MOST_LINE_BYTES)
    return { kind: "lost", message: `a line of the record is longer than ${MOST_LINE_BYTES} bytes` };
  const short = read.kind === "end" && reading.at + waitingBytes < delivered;
  if (!reading.fits || short) return { kind: "unfit", message: "the record does not have what the log had" };
  if (read.kind !== "end" && read.kind !== "stopped") return read;
  return { kind: "end", unfinished: options.final && read.kind === "end" ? await takeRest(reading) : 0 };
}

/** All lines that are whole now, in one piece. */
async function takeChunk(reading: Reading, chunk: Uint8Array): Promise<"stop" | undefined> {
  const end = chunk.lastIndexOf(NEWLINE) + 1;
  if (end > 0) {
    const lines = linesIn(Buffer.concat([...reading.waiting, chunk.subarray(0, end)]));
    reading.waiting = [];
    reading.waitingBytes = 0;
    await takeLines(reading, lines);
  }
  if (!reading.fits) return "stop";
  if (end === chunk.length) return undefined;
  reading.waiting.push(chunk.slice(end));
  reading.waitingBytes += chunk.length - end;
  return reading.waitingBytes > MOST_LINE_BYTES ? "stop" : undefined;
}

function linesIn(text: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = text.indexOf(NEWLINE); end !== -1; end = text.indexOf(NEWLINE, start)) {
    lines.push(text.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

async function takeLines(reading: Reading, lines: readonly Uint8Array[]): Promise<void> {
  const { hashes } = reading.options;
  const fresh: Uint8Array[] = [];
  for (const whole of lines) {
    const returns = reading.withoutReturns && whole.at(-1) === CARRIAGE_RETURN;
    const line = returns ? whole.subarray(0, -1) : whole;
    const hash = hashBytes(line);
    const end = reading.at + line.length + 1;
    if (reading.at < reading.delivered) {
      reading.fits = fitsAt(reading, hash, end);
      if (!reading.fits) return;
    } else {
      fresh.push(line);
    }
    reading.at = end;
    if (!reading.inside) hashes.push(hash);
    reading.inside = false;
  }
  if (hashes.length > 2 * MOST_HASHES) hashes.splice(0, hashes.length - MOST_HASHES);
  await deliver(reading.options, fresh, true);
}

/** A line that was delivered: the last one of them must end where the count ends, and be the one that the log had. */
function fitsAt({ delivered, expected }: Reading, hash: number, end: number): boolean {
  if (end < delivered) return true;
  return end === delivered && (expected === null || expected === hash);
}

async function takeRest(reading: Reading): Promise<number> {
  if (reading.waitingBytes === 0 || reading.at < reading.delivered) return 0;
  const rest = Buffer.concat(reading.waiting);
  reading.at += rest.length;
  reading.options.hashes.push(hashBytes(rest));
  await deliver(reading.options, [rest], false);
  return rest.length;
}

async function deliver(
  { sink, spool, signal }: FetchOptions,
  lines: readonly Uint8Array[],
  newline: boolean,
): Promise<void> {
  if (lines.length === 0) return;
  if (sink.deliverFetched(lines, newline) === "full") await spool.room(signal);
}
