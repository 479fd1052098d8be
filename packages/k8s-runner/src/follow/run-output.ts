/** The output of a run: silent until there is a container whose log can be followed. */

import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogFollower } from "../logs/follower.ts";
import type { LogFollower, LogFollowerOptions } from "../logs/follower.ts";
import type { LogSource } from "../cluster/log-source.ts";
import { removeWithCopies } from "../logs/spool/half-copies.ts";
import { REAL_DISK } from "../logs/spool/disk.ts";
import { readSpoolOwner } from "../logs/spool/spool-file.ts";
import type { PodEvidence } from "../types/evidence.ts";
import type { LogCursor } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { noLog } from "../end/gather-evidence.ts";
import type { LogEvidence } from "../end/gather-evidence.ts";
import type { EventQueue } from "../async/event-queue.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Tracker } from "./known-state.ts";

export interface RunOutput {
  readonly output: AsyncIterable<Uint8Array>;
  cursor(): LogCursor;
  started(): boolean;
  /** Idempotent. */
  start(namespace: string, pod: PodEvidence): void;
  /** For a pod that is gone: what an earlier process has kept of its output. False: nothing. */
  startFromSpool(namespace: string): Promise<boolean>;
  /** When the last new line of the log came, by our clock; `null`: none has come to this process. */
  heardAt(): number | null;
  nudge(): void;
  /** Its node is lost: nobody will ever read more of it. */
  lose(): void;
  /** Waits until the log is read to its end. There is none, if it was never started. */
  finish(): Promise<LogEvidence>;
  /** Nothing will ever be started. */
  abandon(reason?: unknown): void;
  /** Nobody will adopt the run any more. */
  removeSpool(): Promise<void>;
}

export interface OutputOptions {
  readonly tracker: Tracker;
  readonly events: EventQueue;
  readonly cursor: LogCursor | null;
  /** The file that outlives this process; `null`: none. */
  readonly spoolPath: string | null;
  readonly record: RunRecord;
  readonly signal: AbortSignal;
}

/**
 * Where the output of a run is kept for an adopter. A UID comes from the API server: one that is no plain word, such as
 * `../../x`, gets no file.
 */
export function spoolPathOf({ spoolFolder }: RunnerContext, jobUid: string): string | null {
  if (spoolFolder === null || !/^[0-9A-Za-z-]{1,64}$/.test(jobUid)) return null;
  return join(spoolFolder, `${jobUid}.spool`);
}

/** Where the output of an adopted run will start. */
export async function replayOf(
  context: RunnerContext,
  jobUid: string,
  cursor: LogCursor | null,
): Promise<"spool" | "cursor" | "start"> {
  if (cursor !== null) return "cursor";
  return (await hasSpool(context, jobUid)) ? "spool" : "start";
}

/** An earlier process has kept output of this run. */
export async function hasSpool(context: RunnerContext, jobUid: string): Promise<boolean> {
  const path = spoolPathOf(context, jobUid);
  return path !== null && (await readSpoolOwner(path)) !== null;
}

export function createRunOutput(context: RunnerContext, options: OutputOptions): RunOutput {
  const { cluster } = context;
  const { tracker, cursor, spoolPath, record, signal } = options;
  const ready = Promise.withResolvers<LogFollower | null>();
  ready.promise.catch(() => undefined);
  let follower: LogFollower | null = null;
  let lost = false;

  function begin(what: WhatToRead): void {
    follower = openFollower(context, options, what);
    ready.resolve(follower);
  }
  async function* read(): AsyncGenerator<Uint8Array> {
    const begun = await ready.promise;
    if (begun !== null) yield* begun.output;
  }
  return {
    output: read(),
    cursor: () => follower?.cursor() ?? cursor ?? startCursor,
    started: () => follower !== null,
    start(namespace, pod) {
      if (follower !== null) return;
      tracker.follow(pod.uid);
      begin({
        source: cluster.logs,
        target: { namespace, podName: pod.name, podUid: pod.uid, container: record.container },
        verify: async () => (lost ? "gone" : record.verify(await tracker.verify(signal))),
      });
    },
    async startFromSpool(namespace) {
      if (follower !== null || spoolPath === null) return false;
      const owner = await readSpoolOwner(spoolPath);
      if (owner === null) return false;
      const { podUid, container } = owner;
      begin({
        source: nothingToRead,
        target: { namespace, podName: "", podUid, container },
        verify: async () => "gone",
      });
      return true;
    },
    heardAt: () => follower?.heardAt() ?? null,
    nudge: () => follower?.nudge(),
    lose() {
      lost = true;
      follower?.nudge();
    },
    async finish() {
      return follower === null ? noLog : follower.completion;
    },
    async removeSpool() {
      if (follower !== null) await follower.removeSpool();
      else if (spoolPath !== null) await removeWithCopies(spoolPath, context.internals.disk ?? REAL_DISK);
    },
    abandon(reason) {
      if (reason === undefined) ready.resolve(null);
      else ready.reject(reason);
    },
  };
}

type WhatToRead = Pick<LogFollowerOptions, "source" | "target" | "verify">;

/** Its files are the runner's until they are closed. */
function openFollower(
  { cluster, clock, openFiles, spoolBytes, internals }: RunnerContext,
  { events, cursor, spoolPath, record, signal }: OutputOptions,
  read: WhatToRead,
): LogFollower {
  const { defects, disk } = internals;
  const place = { server: cluster.server, namespace: read.target.namespace };
  const follower = createLogFollower({
    ...read,
    ...(cursor === null ? {} : { cursor }),
    recorded: record.recorded,
    onEvent: (event) => events.push(event),
    clock,
    random: () => clock.random(),
    signal,
    spool: {
      overflowFolder: tmpdir(),
      ...(spoolPath === null ? {} : { durable: { path: spoolPath, place, maximumBytes: spoolBytes } }),
      ...(disk === undefined ? {} : { disk }),
    },
    ...(defects === undefined ? {} : { defects }),
  });
  const { closed } = follower;
  openFiles.add(closed);
  void closed.then(() => openFiles.delete(closed));
  return follower;
}

const nothingToRead: LogSource = { open: async () => ({ kind: "not-found", message: "the pod is gone" }) };

const startCursor: LogCursor = {
  version: 1,
  podUid: null,
  bytes: 0,
  window: [],
  sinceSecond: -1,
  lastTimestamp: null,
};
