/**
 * The last record of a log file, read by itself. A read that was cut where a line ends looks like the whole file, and so does the
 * next one that is cut at the same long line; an answer of one record cannot show the line in front of it instead.
 */

import { readKubeletText } from "../lines/kubelet-text.ts";
import type { LogTarget, LogSource } from "../../cluster/log-source.ts";
import { readLog } from "../read.ts";
import type { LogLine } from "../lines/record.ts";
import type { StampWatch } from "../lines/stamp-watch.ts";
import { failureOf, lastLineOf } from "./read-ended.ts";
import type { LastLine, SnapshotEnd } from "./read-ended.ts";
import { PART_BYTES } from "../lines/long-line.ts";
import { sameLine } from "../lines/line-mark.ts";

export type LastRecordEnd =
  /** The file ends with the expected line (`null`: it is empty). */
  | { readonly kind: "as-expected" }
  /** It does not, or the answer was cut. */
  | { readonly kind: "other" }
  | Extract<SnapshotEnd, { kind: "failed" | "not-found" }>;

/** Some runtimes write a record for whatever their container has written at once. */
const MORE_RECORDS = 8;
const MOST_RECORDS = 50_000;

/** Rejects only with `signal.reason`. */
export async function readLastRecord(
  place: Place,
  expected: LastLine | null,
  signal: AbortSignal,
): Promise<LastRecordEnd> {
  // Without timestamps, or without its end, a line cannot be told from another one that is read by itself.
  if (place.stamps.counted || expected?.cut === true) return { kind: "as-expected" };
  // Each part of a long line is a record.
  let records = Math.max(1, Math.ceil((expected?.bytes ?? 0) / PART_BYTES));
  let before: LastLine | null = null;
  for (;;) {
    const answer = await readEnd(place, records, signal);
    if (answer.kind !== "end") return answer;
    const { last, lines } = answer;
    if (isSame(last, expected)) return { kind: "as-expected" };
    // One line alone may be the last part of the expected one; with more records its beginning comes, or nothing more.
    const isWhole = last === null || expected === null || lines > 1 || isSame(last, before);
    if (isWhole || records > MOST_RECORDS) return { kind: "other" };
    before = last;
    records *= MORE_RECORDS;
  }
}

interface Place {
  readonly source: LogSource;
  readonly target: LogTarget;
  readonly stamps: StampWatch;
}

type EndAnswer =
  | { readonly kind: "end"; readonly last: LastLine | null; readonly lines: number }
  | Extract<SnapshotEnd, { kind: "failed" | "not-found" }>;

async function readEnd(
  { source, target, stamps }: Place,
  tailRecords: number,
  signal: AbortSignal,
): Promise<EndAnswer> {
  const { namespace, podName, container } = target;
  let last: LastLine | null = null;
  let count = 0;
  const onLines = (lines: readonly LogLine[]): undefined => {
    count += lines.length;
    last = lastLineOf(lines.at(-1), true);
  };
  const request = { namespace, podName, container, follow: false, tailRecords };
  const end = await readLog(source, request, { onLines }, stamps, signal);
  const rest = end.kind === "end" ? end.rest : null;
  const failure = failureOf(end, readKubeletText(rest));
  if (failure?.kind === "failed" || failure?.kind === "not-found") return failure;
  if (rest === null) return { kind: "end", last, lines: count };
  return { kind: "end", last: lastLineOf(rest, false), lines: count + 1 };
}

function isSame(last: LastLine | null, expected: LastLine | null): boolean {
  if (last === null || expected === null) return last === expected;
  return last.newline === expected.newline && sameLine(last, expected);
}
