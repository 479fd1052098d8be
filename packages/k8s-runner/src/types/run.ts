/** The runner's public surface: what can be asked of it and what it answers. */

import type { Readable } from "node:stream";
import type { CopiedFolders } from "./copies.ts";
import type { RunEvidence } from "./evidence.ts";
import type { RunEvent } from "./events.ts";
import type { RunExit, RunFailure, SlotHolder } from "./exit.ts";
import type { ListedEnding } from "./listed-ending.ts";
import type { RunSpec } from "./spec.ts";

/** Names one Job, for ever: a later Job of the same name has another UID. */
export interface RunRef {
  readonly namespace: string;
  readonly jobName: string;
  readonly jobUid: string;
  readonly runId: string;
}

/**
 * Where in the output the consumer stands. Plain JSON; store it together with what was written, and hand it to
 * `attach` in another process to go on without a line lost or repeated.
 */
export interface LogCursor {
  readonly version: 1;
  readonly podUid: string | null;
  /** Whole bytes of output handed out. */
  readonly bytes: number;
  /** Keys of the lines delivered last, in file order: what a reconnect must replay before anything new. */
  readonly window: readonly (readonly [second: number, key: string])[];
  /** Every delivered line that is not in the window is older than this second. */
  readonly sinceSecond: number;
  /** Length and last bytes (base64) of the last line, where it was so long that a rotation may have split it. */
  readonly longLine?: readonly [length: number, end: string];
  /** The node writes no timestamps: the keys hold each line's place in the file. */
  readonly counted?: true;
  readonly lastTimestamp: string | null;
}

export interface Run {
  readonly ref: RunRef;
  /** Output of the container, byte for byte, once. Ends when the whole log is read. Can be iterated once. */
  readonly output: AsyncIterable<Uint8Array>;
  /** The same bytes as a Node stream, to `pipe`. Takes the place of `output`: one of the two can be read, once. */
  outputStream(): Readable;
  /** What happens meanwhile. Buffered up to 1,000 events for a consumer that is late, ends with the run. */
  readonly events: AsyncIterable<RunEvent>;
  /** Behind the chunk that the consumer took last. */
  cursor(): LogCursor;
  /** Resolves once, after the output has been read to its end; never rejects for what the cluster or the command did. Rejects only after `runner.close()`. */
  readonly exit: Promise<RunExit>;
  /**
   * The exit with the work that the command left, where `exit` could not wait for it (`evidence.workIsLate`); else the same. Rejects
   * after `runner.close()`, and after `detach()`: whoever takes the Job over next gets it.
   */
  whole(): Promise<RunExit>;
  /**
   * SIGTERM, grace (default: that of the spec), SIGKILL. Resolves when the container is known to be gone. Calling it again
   * returns the same promise. `reason` comes back in the exit. `workSeconds`, from this call on: how long the exit may wait for what
   * the command left, which are copied folders and the push of a repository; what is on its way by then is `whole()`'s. Default: as
   * long as that takes.
   */
  stop(options?: {
    readonly graceSeconds?: number;
    readonly workSeconds?: number;
    readonly reason?: string;
    readonly by?: "caller" | "deadline";
  }): Promise<RunExit>;
  /**
   * Lets go of the run without touching what runs: `output` and `exit` reject with `RunDetachedError`, and another process may
   * take the Job over at once, or this one by a further `start`. For a caller that has lost its claim on the work. After the end
   * it does nothing.
   */
  detach(): Promise<void>;
  /**
   * After `exit`, and after `whole()` where something is late: payload Secrets at once, the Job after `keepJobSeconds` (default: its TTL; 0: now, with its pods), the spool.
   * Resolves only when they are seen to be gone. Rejects with `ClusterRequestError` when the API server refuses, or when
   * something is left after 90 s; call it again then. Does nothing where another process has taken the run over.
   */
  cleanUp(options?: CleanUpOptions): Promise<void>;
}

export interface CleanUpOptions {
  readonly keepJobSeconds?: number;
  /**
   * Written on the Job where it is kept, and listed with it: at most 4,096 characters, and nothing secret. What is longer is left
   * out, as half a note is none.
   */
  readonly note?: string;
}

/** A Job that was taken over, as it was before. */
export interface AdoptedJob {
  /** The empty text: it names none. */
  readonly runId: string;
  /** Of the Job, the runner's own included. Anybody who may write Jobs in the namespace may have written them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export type RunStart =
  | { readonly kind: "started"; readonly run: Run }
  | { readonly kind: "adopted"; readonly run: Run; readonly previous: AdoptedJob }
  | { readonly kind: "busy"; readonly holder: SlotHolder; readonly waitedSeconds: number }
  | { readonly kind: "refused"; readonly failure: RunFailure; readonly evidence: RunEvidence | null };

/** A run that has a place under a cap, or waits for one. */
export interface CapHolder {
  readonly runId: string;
  readonly jobName: string;
  /** ISO 8601. */
  readonly since: string;
}

/** A start that waits for a place under its cap. */
export interface CapWait {
  /** 1: next. */
  readonly position: number;
  readonly limit: number;
  readonly running: readonly CapHolder[];
  readonly ahead: readonly CapHolder[];
}

export interface StartOptions {
  /** Abort rejects with `signal.reason`; a Job that this call created is removed first. */
  readonly signal?: AbortSignal;
  /** How long to wait for a slot that a live run holds, in seconds. Default 0. */
  readonly waitSeconds?: number;
  /**
   * Called every two seconds while it waits. `position`: 1 is next in the line of this runner, which is served in order; starts of
   * other processes are in no line, and may come first.
   */
  readonly onWait?: (holder: SlotHolder, waitedSeconds: number, position: number) => void;
  /** Called every two seconds while it waits for a place under the spec's cap. */
  readonly onCap?: (wait: CapWait) => void;
  /** Events before there is a `Run` (and the same ones afterwards are on `run.events`). */
  readonly onEvent?: (event: RunEvent) => void;
}

/** What the cluster says to a run that is not started. */
export type Rehearsal =
  | {
      readonly kind: "accepted";
      /** What will stop it unless the cluster changes first, as it may: a node that fits is often made when it is needed. */
      readonly doubts: readonly RunFailure[];
      /** What could not be looked at, as the permission for it is missing or nobody answered. */
      readonly unchecked: readonly ("service-account" | "nodes")[];
    }
  | { readonly kind: "refused"; readonly failure: RunFailure };

export interface RunListing {
  readonly ref: RunRef;
  readonly slot: string | null;
  /** Whether its seal is valid; `null`: this runner has no key to tell. */
  readonly sealed: boolean | null;
  readonly state: "queued" | "starting" | "running" | "finished" | "terminating";
  /** `null`: it has not ended, or nothing that is left of it tells how. */
  readonly ending: ListedEnding | null;
  readonly supervisor: string | null;
  readonly supervised: boolean;
  /** When its ending was taken by its consumer, ISO 8601; `null`: nobody has finished with it yet. */
  readonly concludedAt: string | null;
  /** What its consumer noted at `cleanUp`. Anybody who may write Jobs in the namespace may have written it. */
  readonly note: string | null;
  /** Of the Job. Anybody who may write Jobs in the namespace may have written them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string | null;
  readonly podName: string | null;
  readonly nodeName: string | null;
}

export interface SweepFinding {
  readonly object: string;
  readonly reason: string;
  readonly ageSeconds: number;
  readonly removed: boolean;
}

/** `await using` closes it at the end of its block. */
export interface Runner extends AsyncDisposable {
  readonly identity: string;
  start(spec: RunSpec, options?: StartOptions): Promise<RunStart>;
  /** Takes over or observes a Job that exists. `cursor`: go on behind it; without one from the durable spool or byte 0. */
  attach(
    target:
      | RunRef
      | { readonly namespace: string; readonly slot: string }
      | { readonly namespace: string; readonly jobName: string },
    options?: {
      readonly cursor?: LogCursor;
      readonly signal?: AbortSignal;
      /** How long to wait while another process supervises it, in seconds. Default 0: `busy` at once. */
      readonly waitSeconds?: number;
      /** Only watch and read: never take supervision, never stop or delete. */
      readonly observe?: boolean;
      readonly runId?: string;
      /** The folders that the run has as copies: without them nothing can be sent to it, and nothing comes back. */
      readonly copies?: CopiedFolders;
    },
  ): Promise<RunStart>;
  /** All runs of a namespace; default: that of the kubeconfig's context, else `default`. */
  list(options?: {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  }): Promise<readonly RunListing[]>;
  /**
   * Asks the API server to check the Job of a run without making it, and looks whether its service account exists and a node fits.
   * One try: whoever asks is waiting. Nothing else can be known before there is a pod; above all not whether its image can be pulled.
   * Rejects with `InvalidRunSpecError`, or the reason of an abort.
   */
  rehearse(spec: RunSpec, options?: { readonly signal?: AbortSignal }): Promise<Rehearsal>;
  /**
   * For a chore about a run without a supervisor that one of many processes is to do, such as calling for a successor: resolves
   * `true` in one of all that ask, until that process dies. Rejects with `ClusterRequestError` when the API server refuses.
   */
  reserve(ref: RunRef, options?: { readonly signal?: AbortSignal }): Promise<boolean>;
  /**
   * Removes what crashes left behind: Jobs that were never released, payload Secrets and Leases without an owner, spool files of
   * this namespace whose Jobs are gone. `dryRun` (default true) only tells; `olderThanSeconds` (default 3600) spares what may
   * still be needed. Rejects with `ClusterRequestError` when the API server does not tell what there is.
   */
  sweep(options?: {
    readonly namespace?: string;
    readonly dryRun?: boolean;
    readonly olderThanSeconds?: number;
  }): Promise<readonly SweepFinding[]>;
  /** Lets go of every run without touching its Job: no open stream, socket, timer or spool file remains. */
  close(): Promise<void>;
}

export interface PermissionReport {
  readonly namespace: string;
  readonly allowed: boolean;
  readonly checks: readonly {
    readonly verb: string;
    readonly resource: string;
    readonly group: string;
    readonly allowed: boolean | null;
    readonly neededFor: string;
    readonly optional: boolean;
  }[];
}
