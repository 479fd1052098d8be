/** One follow request: its replayed prefix skipped, what is new delivered, and a guard that ends it in time. */

import { createReplay } from "../lines/align.ts";
import type { FollowContext } from "./follow-context.ts";
import { sleepOrNudge } from "./follow-context.ts";
import { widestOverlap } from "./reach.ts";
import { isPlaced, usableRecord } from "../record/recorded.ts";
import { readKubeletText } from "../lines/kubelet-text.ts";
import { SilentStreamError } from "../../cluster/log-source.ts";
import { begunIn, describeRefusal, readLog } from "../read.ts";
import type { ReadEnd } from "../read.ts";
import type { LogLine, StampedLine } from "../lines/record.ts";
import { createSkipWatch } from "../lines/skip-watch.ts";
import { formatTimestamp } from "../lines/line-mark.ts";
import type { LineMark } from "../lines/line-mark.ts";

export type ConnectionEnd =
  /** Ended, broken, refused: the pod must say what that means. */
  | {
      readonly kind: "ended";
      readonly reason: string;
      /** The log API answered: it is the stream that broke, not the way to it. */
      readonly answered: boolean;
      /** It came to its end, as far as can be seen. */
      readonly clean: boolean;
      readonly retryAfterSeconds: number | null;
    }
  /** The lines do not go on where we left off: only a plain read can tell. */
  | { readonly kind: "realign" }
  | { readonly kind: "cannot-follow"; readonly message: string }
  | { readonly kind: "full" }
  | { readonly kind: "aged" }
  | { readonly kind: "half-open" }
  /** The pod was read, and the container is not running any more. */
  | { readonly kind: "terminated" | "gone" };

/** A pod that is gone may have a container that is still printing; its stream is left open until it is silent for so long. */
const GONE_QUIET_MILLISECONDS = 5000;
/** What a half-open stream may still bring after a plain read has shown more than it. */
const LATE_MILLISECONDS = 2000;
/** Asking for a second read of the pod at every third silence keeps a quiet run at two requests a minute. */
const SILENCES_PER_VERIFICATION = 3;
/** Nobody has logs rotated that are smaller, and so a run that has printed less has lost no file. */
const SMALLEST_FILE_BYTES = 65_536;

/** Rejects only with `signal.reason`. `onSteady` is called when the follow has lasted for a while. */
export async function followOnce(
  context: FollowContext,
  overlapSeconds: number,
  onSteady: () => void,
): Promise<ConnectionEnd> {
  const { source, target, sink, clock, emit, timings, defects, stamps } = context;
  const { window } = sink;
  const connection = new AbortController();
  const signal = AbortSignal.any([context.signal, connection.signal]);
  const since = window.since(overlapSeconds);
  const replay = createReplay(window, since);
  const openedAt = clock.now();
  const skips = createSkipWatch(openedAt);
  let lastByteAt = openedAt;
  let opened = false;
  let placed = false;

  const reading = read();
  const guarding = guard();
  // The loser of the race is called off below, and then rejects.
  reading.catch(() => undefined);
  guarding.catch(() => undefined);
  try {
    const end = await Promise.race([reading, guarding]);
    if (end.kind === "half-open")
      connection.abort(new SilentStreamError("the stream was half-open", Infinity));
    return end;
  } finally {
    connection.abort();
    await Promise.allSettled([reading, guarding]);
  }

  async function read(): Promise<ConnectionEnd> {
    let stopped: ConnectionEnd | null = null;
    const { namespace, podName, container } = target;
    const place = { namespace, podName, container, follow: true };
    const request = since === null ? place : { ...place, sinceSecond: since };
    const onOpen = (): void => {
      opened = true;
      lastByteAt = clock.now();
      emit({
        type: "log-connected",
        resumedFrom: since === null ? null : formatTimestamp({ seconds: since, nanoseconds: 0, hash: 0 }),
      });
    };
    const onChunk = (): void => void (lastByteAt = clock.now());
    const onLines = (lines: readonly LogLine[]): "stop" | undefined => {
      stopped = take(lines);
      return stopped === null ? undefined : "stop";
    };
    const end = await readLog(source, request, { onOpen, onChunk, onLines }, stamps, signal);
    const begun = end.kind === "broken" ? end.begun : end.kind === "end" ? begunIn(end.rest) : null;
    // One that is older is of a file that is being sent again.
    // Where there is a record, the lines around it tell the same, and nothing has to be given up for it.
    const tells = stopped === null && begun !== null && usableRecord(context) === null;
    if (tells && replay.complete() && window.isNews(begun)) sink.begun(begun);
    return stopped ?? endOf(end);
  }

  function take(lines: readonly LogLine[]): ConnectionEnd | null {
    let fresh: StampedLine[] = [];
    let end: ConnectionEnd | null = null;
    for (const line of lines) {
      if (line.kind === "unstamped") continue;
      const newest = fresh.at(-1);
      // Only the window can tell a line out of order from a file that is sent again.
      if (newest !== undefined && !isLater(line, newest)) {
        end = deliver(fresh) ?? end;
        fresh = [];
      }
      const decision = defects.withoutAlignment === true ? "new" : decide(line);
      if (decision === "new") fresh.push(line);
      if (decision !== "mismatch") continue;
      end = { kind: "realign" };
      break;
    }
    return deliver(fresh) ?? end;
  }

  function deliver(fresh: readonly StampedLine[]): ConnectionEnd | null {
    return fresh.length > 0 && sink.deliver(fresh) === "full" ? { kind: "full" } : null;
  }

  function decide(line: StampedLine): "known" | "new" | "mismatch" {
    placed ||= isPlaced(context, line);
    if (!placed) return "mismatch";
    const skipped = skips.skipped(line, lastByteAt);
    const decision = replay.next(line);
    if (decision !== "new") return decision;
    // A plain read shows whether the file still has the line that came last.
    if (skipped && window.bytes >= SMALLEST_FILE_BYTES && !window.counted) return "mismatch";
    // A kubelet behind a rotation sends a file again from its first byte, in the same answer.
    return window.repeats(line) ? "mismatch" : "new";
  }

  async function guard(): Promise<ConnectionEnd> {
    const age = timings.maximumAgeMilliseconds * (1 - context.random() / 10);
    let silences = 0;
    let checkedAt = openedAt;
    let gone = false;
    let steady = false;
    for (;;) {
      const quietLimit = gone ? GONE_QUIET_MILLISECONDS : timings.quietMilliseconds;
      const due = Math.min(Math.max(lastByteAt, checkedAt) + quietLimit, openedAt + age);
      const wait = Math.max(1, due - clock.now());
      const until = steady ? wait : Math.min(wait, GONE_QUIET_MILLISECONDS);
      const woken = await sleepOrNudge(context, until, signal);
      if (!steady && opened && clock.now() - openedAt >= GONE_QUIET_MILLISECONDS) {
        steady = true;
        onSteady();
      }
      const quiet = clock.now() - Math.max(lastByteAt, checkedAt) >= quietLimit;
      if (gone && quiet) return { kind: "gone" };
      if (clock.now() - openedAt >= age) return { kind: "aged" };
      if (woken === "slept" && !quiet) continue;
      if (woken === "nudged" || ++silences % SILENCES_PER_VERIFICATION === 0) {
        const state = await context.verify();
        if (state === "terminated") return { kind: state };
        gone = state === "gone";
      } else if (opened && (await hasMore())) {
        return { kind: "half-open" };
      }
      if (woken === "slept") checkedAt = clock.now();
    }
  }

  /** Whether a plain read shows a line that the stream does not bring. */
  async function hasMore(): Promise<boolean> {
    const before = window.bytes;
    let last: LineMark | null = null;
    const { namespace, podName, container } = target;
    const from = window.since(widestOverlap(window));
    const place = { namespace, podName, container, follow: false };
    const onLines = (lines: readonly LogLine[]): undefined => {
      for (const line of lines) if (line.kind === "line") last = line;
    };
    const end = await readLog(
      source,
      from === null ? place : { ...place, sinceSecond: from },
      { onLines },
      stamps,
      signal,
    );
    if (end.kind !== "end" || last === null) return false;
    if (window.includes(last)) return false;
    await clock.sleep(LATE_MILLISECONDS, signal);
    return window.bytes === before;
  }
}

function isLater(line: LineMark, than: LineMark): boolean {
  if (line.seconds !== than.seconds) return line.seconds > than.seconds;
  return line.nanoseconds > than.nanoseconds;
}

function endOf(end: ReadEnd): ConnectionEnd {
  const ended = (reason: string, clean: boolean): ConnectionEnd => ({
    kind: "ended",
    reason,
    answered: true,
    clean,
    retryAfterSeconds: null,
  });
  switch (end.kind) {
    case "refused": {
      const retryAfterSeconds = end.answer.kind === "unavailable" ? end.answer.retryAfterSeconds : null;
      const reason = describeRefusal(end.answer);
      return { kind: "ended", reason, answered: false, clean: false, retryAfterSeconds };
    }
    case "broken":
      return ended(end.reason, false);
    case "stopped":
      return ended("stopped", false);
    case "end": {
      const words = readKubeletText(end.rest);
      if (words?.kind === "cannot-follow") return { kind: "cannot-follow", message: words.message };
      // Any other text is a line that was cut inside its timestamp, or a rest of one.
      const said = words?.kind === "unreadable" ? `: ${words.message}` : "";
      return ended(`the stream ended${said}`, true);
    }
  }
}
