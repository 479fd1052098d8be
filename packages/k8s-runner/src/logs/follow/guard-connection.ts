/** Ends a follow in time: one that is silent because its stream is half-open, whose container is gone, or that has lasted too long. */

import type { LineMark } from "../lines/line-mark.ts";
import type { LogLine } from "../lines/record.ts";
import { readLog } from "../read.ts";
import type { ConnectionEnd } from "./connection-end.ts";
import { sleepOrNudge } from "./follow-context.ts";
import type { FollowContext } from "./follow-context.ts";
import { widestOverlap } from "./reach.ts";

/** What was heard of a stream so far, by our clock. */
export interface Hearing {
  readonly openedAt: number;
  /** The stream has begun. */
  opened: boolean;
  lastByteAt: number;
}

/** A pod that is gone may have a container that is still printing; its stream is left open until it is silent for so long. */
const GONE_QUIET_MILLISECONDS = 5000;
/** A follow that has lasted for so long works. */
const STEADY_MILLISECONDS = 5000;
/** What a half-open stream may still bring after a plain read has shown more than it. */
const LATE_MILLISECONDS = 2000;
/** Asking for a second read of the pod at every third silence keeps a quiet run at two requests a minute. */
const SILENCES_PER_VERIFICATION = 3;

/** Rejects only with `signal.reason`. `onSteady` is called when the follow has lasted for a while. */
export async function guardConnection(
  context: FollowContext,
  hearing: Hearing,
  onSteady: () => void,
  signal: AbortSignal,
): Promise<ConnectionEnd> {
  const { clock, timings } = context;
  const agedAt = hearing.openedAt + timings.maximumAgeMilliseconds * (1 - context.random() / 10);
  let silences = 0;
  let checkedAt = hearing.openedAt;
  let gone = false;
  let steady = false;
  for (;;) {
    const quietLimit = gone ? GONE_QUIET_MILLISECONDS : timings.quietMilliseconds;
    const quietAt = (): number => Math.max(hearing.lastByteAt, checkedAt) + quietLimit;
    const wait = Math.max(1, Math.min(quietAt(), agedAt) - clock.now());
    const woken = await sleepOrNudge(context, steady ? wait : Math.min(wait, STEADY_MILLISECONDS), signal);
    if (!steady && hearing.opened && clock.now() - hearing.openedAt >= STEADY_MILLISECONDS) {
      steady = true;
      onSteady();
    }
    const quiet = clock.now() >= quietAt();
    if (gone && quiet) return { kind: "gone" };
    if (clock.now() >= agedAt) return { kind: "aged" };
    if (woken === "slept" && !quiet) continue;
    if (woken === "nudged" || ++silences % SILENCES_PER_VERIFICATION === 0) {
      const state = await context.verify();
      if (state === "terminated") return { kind: state };
      gone = state === "gone";
    } else if (hearing.opened && (await hasMore(context, signal))) {
      return { kind: "half-open" };
    }
    if (woken === "slept") checkedAt = clock.now();
  }
}

/** Whether a plain read shows a line that the stream does not bring. */
async function hasMore(context: FollowContext, signal: AbortSignal): Promise<boolean> {
  const { source, target, sink, stamps, clock } = context;
  const { window } = sink;
  const before = window.bytes;
  let last: LineMark | null = null;
  const { namespace, podName, container } = target;
  const from = window.since(widestOverlap(window));
  const place = { namespace, podName, container, follow: false };
  const request = from === null ? place : { ...place, sinceSecond: from };
  const onLines = (lines: readonly LogLine[]): undefined => {
    for (const line of lines) if (line.kind === "line") last = line;
  };
  const end = await readLog(source, request, { onLines }, stamps, signal);
  if (end.kind !== "end" || last === null) return false;
  if (window.includes(last)) return false;
  await clock.sleep(LATE_MILLISECONDS, signal);
  return window.bytes === before;
}
