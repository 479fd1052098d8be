/** How one plain read of a log ended, from what the request came to. Pure. */

import { describeMark } from "./other-file.ts";
import type { KubeletText } from "../lines/kubelet-text.ts";
import { describeRefusal } from "../read.ts";
import type { ReadEnd } from "../read.ts";
import type { LogLine, StampedLine } from "../lines/record.ts";
import type { LineMark } from "../lines/line-mark.ts";

/** The last line of an answer. */
export interface LastLine extends LineMark {
  /** Of its text. */
  readonly bytes: number;
  /** There is more of it, which is not looked at. */
  readonly cut: boolean;
  readonly newline: boolean;
}

export function lastLineOf(line: LogLine | undefined, newline: boolean): LastLine | null {
  if (line?.kind !== "line") return null;
  const { seconds, nanoseconds, hash, text, cut } = line;
  return { seconds, nanoseconds, hash, bytes: text.length, cut, newline };
}

export type SnapshotEnd =
  /**
   * Read to a clean end, all that is known was in it, all that is new is delivered. `tail`: a last line without newline. `last`: the
   * last line of the answer, the tail included; `null`: it has none.
   */
  | { readonly kind: "settled"; readonly tail: StampedLine | null; readonly last: LastLine | null }
  /** Ends inside what is known: cut short, or (`empty`) the file is new and has no whole line yet, only what it holds. */
  | { readonly kind: "cut"; readonly empty: string | null }
  /** The spool has no room; what was taken is delivered. */
  | { readonly kind: "full" }
  | { readonly kind: "not-found"; readonly reason: string }
  /** `answered`: the kubelet itself said that it cannot; else it was not reached. */
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly answered: boolean;
      readonly retryAfterSeconds: number | null;
    };

export function cutBy(end: ReadEnd | { readonly kind: "mismatch" }, hasLines: boolean): SnapshotEnd {
  if (hasLines || end.kind !== "end" || end.rest?.kind === "unstamped") return { kind: "cut", empty: null };
  return { kind: "cut", empty: end.rest?.kind === "line" ? describeMark(end.rest) : "" };
}

export function failureOf(end: ReadEnd, words: KubeletText | null): SnapshotEnd | null {
  if (end.kind === "refused") {
    const reason = describeRefusal(end.answer);
    if (end.answer.kind === "not-found") return { kind: "not-found", reason };
    const retryAfterSeconds = end.answer.kind === "unavailable" ? end.answer.retryAfterSeconds : null;
    const answered = end.answer.kind === "waiting" || end.answer.kind === "empty";
    return { kind: "failed", reason, answered, retryAfterSeconds };
  }
  if (end.kind === "broken")
    return { kind: "failed", reason: end.reason, answered: false, retryAfterSeconds: null };
  if (words === null) return null;
  return { kind: "failed", reason: words.message, answered: true, retryAfterSeconds: null };
}
