/**
 * One plain read (no `follow`) of the whole file or of its end, everything new in it delivered. A plain read reads one file once,
 * from some place to its end, so the sequence of its lines is the truth; it may only be cut short.
 */

import type { Reach } from "../follow/reach.ts";
import { createReplay } from "../lines/align.ts";
import { pass } from "./pass.ts";
import type { SnapshotOptions } from "./pass.ts";
import type { SnapshotEnd } from "./read-ended.ts";
import { realign } from "./realign.ts";

/** Between two reads that are to agree; a node that cuts what it sends is given time to do otherwise. */
const AGAIN_MILLISECONDS = 300;

/** Rejects only with `signal.reason`. */
export async function takeSnapshot(
  options: SnapshotOptions,
  reach: Reach,
  signal: AbortSignal,
): Promise<SnapshotEnd> {
  const { foreign, clock } = options;
  for (;;) {
    const { agreeing } = foreign;
    const end = await readFile(options, reach, signal);
    // Waits that grow would have a reader that never lives long never know the file for another one.
    if (end.kind !== "cut" || foreign.agreeing <= agreeing) return end;
    await clock.sleep(AGAIN_MILLISECONDS, signal);
  }
}

async function readFile(options: SnapshotOptions, reach: Reach, signal: AbortSignal): Promise<SnapshotEnd> {
  const { sink, foreign } = options;
  const { window } = sink;
  // Whether it is another file is told by whole reads alone.
  if (foreign.agreeing > 0) return realign(options, [null], signal);
  // Without a known line to find in it, the end of a file says nothing of what stands before.
  const records = "records" in reach && window.length > 0 && !window.counted ? reach.records : null;
  const since = "records" in reach ? null : window.since(reach.seconds);
  const replay = createReplay(window, since);
  const passed = await pass(options, { from: since, decider: replay, records }, signal);
  if (passed.kind !== "mismatch" && !(passed.kind === "cut" && replay.lost())) return passed;
  return realign(options, since === null || replay.steppedBack() ? [null] : [since, null], signal);
}
