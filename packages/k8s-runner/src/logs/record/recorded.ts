/** What a follower knows of the record beside its log, from one request to the next. */

import { hashBytes } from "../lines/record.ts";
import type { LineMark } from "../lines/line-mark.ts";
import type { LogSink } from "../spool/sink.ts";
import type { OutputRecord, RecordedOutput } from "./output-record.ts";

export interface RecordedLog {
  readonly headerHash: number;
  readonly record: OutputRecord | null;
  readonly brokenOff: RecordedOutput["brokenOff"];
  /** Why nothing is taken from it any more. */
  lost: string | null;
  /** Lines of the record up to the byte that was delivered last, while it is not known where the log stands. */
  drift: { readonly bytes: number; readonly hashes: number[] } | null;
}

export interface Recording {
  /** `null`: the log is all that there is. */
  readonly recorded: RecordedLog | null;
  readonly sink: LogSink;
}

export function createRecordedLog({ header, record, brokenOff }: RecordedOutput): RecordedLog {
  return { headerHash: hashBytes(header), record, brokenOff, lost: null, drift: null };
}

/** What can be fetched is counted from the first byte, so that nothing can be after a gap, or where lines cannot be told apart. */
export function usableRecord({ recorded, sink }: Recording): OutputRecord | null {
  if (recorded === null || recorded.lost !== null) return null;
  return sink.window.counted || sink.gaps.length > 0 ? null : recorded.record;
}

/**
 * Whether the place of this line, the first one of an answer, is known. It is not when the output that was delivered last came out of
 * the record, or when nothing was delivered yet and the file does not start with the log's first line.
 */
export function isPlaced(recording: Recording, line: LineMark): boolean {
  const { window } = recording.sink;
  if (window.length > 0 || usableRecord(recording) === null) return true;
  return window.bytes === 0 && line.hash === recording.recorded?.headerHash;
}

/** The last that was delivered came out of the record, and where the log stands is not known. */
export function isAdrift(recording: Recording): boolean {
  const { window } = recording.sink;
  return window.length === 0 && window.bytes > 0 && usableRecord(recording) !== null;
}
