/** One follow request: its replayed prefix skipped, what is new delivered, and a guard that ends it in time. */

import { SilentStreamError } from "../../cluster/log-source.ts";
import { createReplay } from "../lines/align.ts";
import { formatTimestamp } from "../lines/line-mark.ts";
import type { LogLine } from "../lines/record.ts";
import { begunIn, readLog } from "../read.ts";
import { usableRecord } from "../record/recorded.ts";
import { connectionEndOf } from "./connection-end.ts";
import type { ConnectionEnd } from "./connection-end.ts";
import type { FollowContext } from "./follow-context.ts";
import { guardConnection } from "./guard-connection.ts";
import type { Hearing } from "./guard-connection.ts";
import { createTakeLines } from "./take-lines.ts";

/** Rejects only with `signal.reason`. `onSteady` is called when the follow has lasted for a while. */
export async function followOnce(
  context: FollowContext,
  overlapSeconds: number,
  onSteady: () => void,
): Promise<ConnectionEnd> {
  const connection = new AbortController();
  const signal = AbortSignal.any([context.signal, connection.signal]);
  const openedAt = context.clock.now();
  const hearing: Hearing = { openedAt, opened: false, lastByteAt: openedAt };
  const reading = readNew(context, context.sink.window.since(overlapSeconds), hearing, signal);
  const guarding = guardConnection(context, hearing, onSteady, signal);
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
}

/** Reads the stream to its end, or to the line that needs another kind of read. `since`: the second that it starts with. */
async function readNew(
  context: FollowContext,
  since: number | null,
  hearing: Hearing,
  signal: AbortSignal,
): Promise<ConnectionEnd> {
  const { source, target, sink, clock, emit, stamps } = context;
  const replay = createReplay(sink.window, since);
  const take = createTakeLines(context, replay, hearing);
  let stopped: ConnectionEnd | null = null;
  const { namespace, podName, container } = target;
  const place = { namespace, podName, container, follow: true };
  const request = since === null ? place : { ...place, sinceSecond: since };
  const onOpen = (): void => {
    hearing.opened = true;
    hearing.lastByteAt = clock.now();
    emit({
      type: "log-connected",
      resumedFrom: since === null ? null : formatTimestamp({ seconds: since, nanoseconds: 0, hash: 0 }),
    });
  };
  const onChunk = (): void => void (hearing.lastByteAt = clock.now());
  const onLines = (lines: readonly LogLine[]): "stop" | undefined => {
    stopped = take(lines);
    return stopped === null ? undefined : "stop";
  };
  const end = await readLog(source, request, { onOpen, onChunk, onLines }, stamps, signal);
  const begun = end.kind === "broken" ? end.begun : end.kind === "end" ? begunIn(end.rest) : null;
  // One that is older is of a file that is being sent again.
  // Where there is a record, the lines around it tell the same, and nothing has to be given up for it.
  const tells = stopped === null && begun !== null && usableRecord(context) === null;
  if (tells && replay.complete() && sink.window.isNews(begun)) sink.begun(begun);
  return stopped ?? connectionEndOf(end);
}
