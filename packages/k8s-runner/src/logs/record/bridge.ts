/**
 * A stretch that the log has lost, fetched from the record, and the way back to the log behind it.
 *
 * 1. The newest file of the log was read, and what was delivered last is not in it.
 * 2. The record is read from the first byte that was not delivered, and delivered to its present end. It holds every line that the
 *    file had at step 1, since a line is printed only after it is in the record.
 * 3. The file is read again. If it still starts with the same line, that line is one of those that were read in step 2, so the
 *    file's lines can be placed among them (`place.ts`); the lines that both have are known, and the log goes on behind them.
 *    If it does not, it was rotated meanwhile, and the record is read on.
 *
 * Where the place is ambiguous, output goes on coming out of the record, and each later look has more lines to tell by. When the command
 * has ended, nothing has to be placed any more: the record is complete then, and its size says what is missing.
 */

import type { LogClock, LogEventDetail } from "../follow/follow-context.ts";
import { sameLine } from "../lines/line-mark.ts";
import type { LineMark } from "../lines/line-mark.ts";
import type { Spool } from "../spool/spool.ts";
import type { SnapshotEnd } from "../whole/read-ended.ts";
import { fetchFromRecord } from "./fetch.ts";
import type { FetchEnd } from "./fetch.ts";
import type { OutputRecord } from "./output-record.ts";
import { placeInRecord } from "./place.ts";
import { usableRecord } from "./recorded.ts";
import type { RecordedLog, Recording } from "./recorded.ts";

export interface BridgeOptions extends Recording {
  readonly spool: Spool;
  readonly clock: LogClock;
  readonly emit: (event: LogEventDetail) => void;
}

export type Crossing =
  /** So many lines of the file are known; the log goes on behind them. */
  | { readonly kind: "crossed"; readonly file: readonly LineMark[]; readonly known: number }
  /** Nothing more comes out of the record. So many lines of the file may have been delivered. */
  | { readonly kind: "lost"; readonly file: readonly LineMark[]; readonly known: number }
  | SnapshotEnd;

/** The marks of all lines of the newest file, or why it could not be read. */
export type ReadMarks = () => Promise<readonly LineMark[] | SnapshotEnd>;

/** Between two looks at a file that the runtime has still to write to. */
const AGAIN_MILLISECONDS = 300;
const MOST_LOOKS = 8;
/** The place may be found at a later look. */
const later: SnapshotEnd = { kind: "cut", empty: null };

/** `file`: its lines as they were read last, at least one. Rejects only with `signal.reason`. */
export async function crossByRecord(
  options: BridgeOptions,
  file: readonly LineMark[],
  readMarks: ReadMarks,
  signal: AbortSignal,
): Promise<Crossing> {
  const { recorded, sink, clock } = options;
  let before = file;
  for (let look = 0; look < MOST_LOOKS; look++) {
    const record = usableRecord(options);
    if (record === null || recorded === null) return lost(options, before);
    const end = await fetchRest(options, record, { final: false, signal });
    if (end.kind === "interrupted")
      return { kind: "failed", reason: end.message, answered: false, retryAfterSeconds: null };
    if (end.kind !== "end") {
      recorded.lost = end.message;
      return lost(options, before);
    }
    const marks = await readMarks();
    if ("kind" in marks) return marks;
    const known = sameStart(before, marks) ? knownLines(recorded, marks) : null;
    if (known !== null && known <= marks.length) {
      recorded.drift = null;
      sink.place(marks.slice(0, known));
      return { kind: "crossed", file: marks, known };
    }
    if (known === null && sameStart(before, marks)) return later;
    before = marks;
    await clock.sleep(AGAIN_MILLISECONDS, signal);
  }
  return later;
}

/**
 * True: the command has ended, and all that it printed is delivered, whatever the log has of it. False: only the log can tell.
 * Rejects only with `signal.reason`.
 */
export async function finishByRecord(options: BridgeOptions, signal: AbortSignal): Promise<boolean> {
  const { recorded, sink, clock } = options;
  for (let wait = AGAIN_MILLISECONDS; ; wait = Math.min(2 * wait, 5000)) {
    const record = usableRecord(options);
    const size = record?.size() ?? null;
    if (record === null || recorded === null || size === null) return false;
    if (sink.window.bytes === size) return true;
    const end = await fetchRest(options, record, { final: true, signal });
    if (end.kind === "end") return true;
    if (end.kind !== "interrupted") {
      recorded.lost = end.message;
      if (end.kind === "unfit") announceMisfit(options, size);
      return false;
    }
    await clock.sleep(wait, signal);
  }
}

async function fetchRest(
  options: BridgeOptions,
  record: OutputRecord,
  { final, signal }: { readonly final: boolean; readonly signal: AbortSignal },
): Promise<FetchEnd> {
  const { recorded, sink, spool, emit } = options;
  const { window } = sink;
  const before = window.bytes;
  const drift = recorded?.drift?.bytes === before && window.length === 0 ? recorded.drift : null;
  const hashes = drift?.hashes ?? [];
  const from = drift !== null ? "here" : window.length === 0 ? "start" : "last";
  const end = await fetchFromRecord({ record, sink, spool, final, from, hashes, signal });
  // A read that broke before the first byte that was not delivered has not seen all lines up to it.
  const whole = end.kind === "end" || window.bytes > before || from === "here";
  if (recorded !== null) recorded.drift = whole ? { bytes: window.bytes, hashes } : null;
  const bytes = window.bytes - before - (end.kind === "end" ? end.unfinished : 0);
  if (bytes > 0) emit({ type: "log-fetched", bytes });
  return end;
}

/** How many lines of the file were delivered; `null`: that cannot be told. */
function knownLines({ drift }: RecordedLog, marks: readonly LineMark[]): number | null {
  const hashes = drift?.hashes ?? [];
  const place = placeInRecord(
    hashes,
    marks.map(({ hash }) => hash),
  );
  return place.kind === "found" ? hashes.length - place.line + place.from : null;
}

/** Rather a line too few than one twice: a gap is announced in any case. */
function lost({ recorded }: BridgeOptions, file: readonly LineMark[]): Crossing {
  const hashes = recorded?.drift?.hashes ?? [];
  const place = placeInRecord(
    hashes,
    file.map(({ hash }) => hash),
  );
  const known = place.kind === "absent" ? 0 : hashes.length - place.line + place.from;
  return { kind: "lost", file, known: Math.min(known, file.length) };
}

function announceMisfit({ sink }: BridgeOptions, size: number): void {
  sink.gap({
    after: null,
    before: null,
    reason: "log-unavailable",
    message: `the command printed ${size} bytes, of which the log had other ones than its record; lines may be missing`,
  });
}

function sameStart(before: readonly LineMark[], now: readonly LineMark[]): boolean {
  const [first] = before;
  const [start] = now;
  return first !== undefined && start !== undefined && sameLine(first, start);
}
