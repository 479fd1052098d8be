/** So many runs at once, whatever the number of processes: places that are given first come, first served. */

import { patiently } from "../async/patience.ts";
import type { ApiError, Cluster } from "../cluster/cluster.ts";
import type { Clock } from "../clock.ts";
import { capHash, capLeaseName, capLeasePrefix, labels } from "../manifest/names.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { isFinished } from "../observe/job-state.ts";
import type { ServerTime } from "../server-time.ts";
import type { Leases } from "../supervision/lease.ts";
import {
  capInspectMilliseconds,
  leaveSeconds,
  longestCapInspectMilliseconds,
  reachSeconds,
  slotLookMilliseconds,
} from "../timings.ts";
import type { CapHolder, CapWait } from "../types/run.ts";
import type { RunCap } from "../types/spec.ts";
import { type CapEntry, type CapState, type Entered, enter, fill, leave } from "./state.ts";
import { type CapStore, createCapStore } from "./store.ts";

export interface CapRequest {
  readonly namespace: string;
  readonly cap: RunCap;
  readonly ticket: string;
  readonly runId: string;
  readonly jobName: string;
  /** `null`: as long as it takes. */
  readonly waitSeconds: number | null;
  readonly onWait: (wait: CapWait) => void;
  readonly signal: AbortSignal;
}

export type CapAnswer =
  | { readonly kind: "entered" }
  | { readonly kind: "timeout"; readonly waitedSeconds: number }
  | { readonly kind: "error"; readonly error: ApiError };

export interface Occupation {
  readonly namespace: string;
  readonly cap: RunCap;
  readonly ticket: string;
  readonly runId: string;
  readonly jobName: string;
  readonly jobUid: string;
  /** UID of the Job of the same run that it stands for; `null`: none. */
  readonly replaces: string | null;
  readonly signal: AbortSignal;
}

export interface Caps {
  /** Waits for a place. Rejects with `signal.reason`; whoever does not want the place any more calls `leave`. */
  enter(request: CapRequest): Promise<CapAnswer>;
  /** To be called before the release of a Job. `lost`: the place is somebody else's, and the Job must not be released. */
  occupy(occupation: Occupation): Promise<"filled" | "lost" | { readonly error: ApiError }>;
  /** Never rejects: a place that could not be given back is taken back from a Job that is over, or a process that has died. */
  leave(place: {
    readonly namespace: string;
    /** `capHash` of its name. */
    readonly hash: string;
    readonly ticket?: string;
    readonly jobUid?: string;
  }): Promise<void>;
}

export interface CapsOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly identity: string;
  readonly leases: Leases;
}

/** What is known to be over. */
interface Gone {
  readonly owners: ReadonlySet<string>;
  /** UIDs of Jobs that had a place when it was read, and were over after that. A Job that is not listed may be a newer one. */
  readonly jobs: ReadonlySet<string>;
}

const nobodyGone: Gone = { owners: new Set(), jobs: new Set() };
/** Of those who wait before us so many are looked at: the next look comes to the others. */
const lookedAt = 5;

export function createCaps(options: CapsOptions): Caps {
  const { identity } = options;
  const store = createCapStore(options);
  /** Of claims of this process that still want a place. */
  const tickets = new Set<string>();
  const isGone =
    ({ owners, jobs }: Gone) =>
    ({ ticket, owner, jobUid }: CapEntry): boolean => {
      if (jobUid !== null) return jobs.has(jobUid);
      return owner === identity ? !tickets.has(ticket) : owners.has(owner);
    };

  const memory: Memory = { store, tickets, isGone, options };

  return {
    async enter(request) {
      tickets.add(request.ticket);
      return untilEntered(memory, request);
    },
    async occupy(occupation) {
      const answer = await occupyOnce(memory, occupation);
      if (answer === "filled") tickets.delete(occupation.ticket);
      return answer;
    },
    async leave({ namespace, hash, ticket, jobUid }) {
      if (ticket !== undefined) tickets.delete(ticket);
      const isOwn = (entry: CapEntry): boolean =>
        jobUid === undefined ? entry.ticket === ticket : entry.jobUid === jobUid;
      const signal = AbortSignal.timeout(leaveSeconds * 1000);
      const change = (before: CapState) => ({ state: leave(before, isOwn), value: null });
      await store.change(namespace, capLeasePrefix + hash, change, signal).catch(() => undefined);
    },
  };
}

interface Memory {
  readonly store: CapStore;
  /** Of claims of this process that still want a place. */
  readonly tickets: Set<string>;
  readonly isGone: (gone: Gone) => (entry: CapEntry) => boolean;
  readonly options: CapsOptions;
}

async function enterOnce(
  { store, isGone, options: { serverTime, identity } }: Memory,
  request: CapRequest,
  gone: Gone,
): Promise<
  | { readonly kind: "ok"; readonly value: { readonly entered: Entered; readonly state: CapState } }
  | { readonly kind: "error"; readonly error: ApiError }
> {
  const { namespace, cap, ticket, runId, jobName, signal } = request;
  return store.change(
    namespace,
    capLeaseName(cap.name),
    (before) => {
      const entry = { ticket, owner: identity, runId, jobName, since: serverTime.iso(), jobUid: null };
      const { state, entered } = enter(leave(before, isGone(gone)), entry, cap.limit);
      return { state, value: { entered, state } };
    },
    signal,
  );
}

async function untilEntered(memory: Memory, request: CapRequest): Promise<CapAnswer> {
  const { isGone, options } = memory;
  const { clock } = options;
  const { waitSeconds, onWait, cap, signal } = request;
  const startedAt = clock.now();
  let inspectedAt = -Infinity;
  let gone = nobodyGone;
  for (;;) {
    const answer = await enterOnce(memory, request, gone);
    if (answer.kind === "error") return answer;
    const { entered, state } = answer.value;
    if (entered.kind === "running") return { kind: "entered" };
    const waitedSeconds = (clock.now() - startedAt) / 1000;
    if (entered.kind === "full" || (waitSeconds !== null && waitedSeconds >= waitSeconds))
      return { kind: "timeout", waitedSeconds };
    onWait(waitOf(state, entered.position, cap.limit));
    gone = nobodyGone;
    // The further back, the rarer: those before look, too, unless they are the ones that have died.
    const rest = Math.min(capInspectMilliseconds * entered.position, longestCapInspectMilliseconds);
    if (clock.now() - inspectedAt >= rest) {
      inspectedAt = clock.now();
      gone = await inspect(options, request, state);
      if (state.running.some(isGone(gone)) || state.waiting.some(isGone(gone))) continue;
    }
    const left = waitSeconds === null ? Infinity : (waitSeconds - waitedSeconds) * 1000;
    await clock.sleep(Math.max(50, Math.min(left, slotLookMilliseconds)), signal);
  }
}

async function occupyOnce(
  { store, options: { serverTime, identity } }: Memory,
  { namespace, cap, replaces, signal, ...filling }: Occupation,
): Promise<"filled" | "lost" | { readonly error: ApiError }> {
  const answer = await store.change(
    namespace,
    capLeaseName(cap.name),
    (before) => {
      const entry = { ...filling, owner: identity, since: serverTime.iso() };
      const state = fill(before, entry, { limit: cap.limit, replaces });
      return { state: state ?? before, value: state !== null };
    },
    signal,
  );
  if (answer.kind === "error") return { error: answer.error };
  return answer.value ? "filled" : "lost";
}

/** Whose place can be given to the next one. What cannot be asked is not gone. */
async function inspect(
  { cluster, clock, identity, leases }: CapsOptions,
  { namespace, cap, signal }: CapRequest,
  { running, waiting }: CapState,
): Promise<Gone> {
  const open = [...running.filter(({ jobUid }) => jobUid === null), ...waiting.slice(0, lookedAt)];
  const owners = [...new Set(open.map(({ owner }) => owner))].filter((owner) => owner !== identity);
  const dead = await Promise.all(
    owners.map(async (owner) =>
      (await leases.liveness(namespace, owner, signal)).kind === "expired" ? [owner] : [],
    ),
  );
  const labelSelector = `${labels.cap}=${capHash(cap.name)}`;
  const listed = await patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.list("jobs", namespace, { labelSelector }, { signal }),
  );
  const filled = running.flatMap(({ jobUid }) => jobUid ?? []);
  if (listed.kind === "error") return { owners: new Set(dead.flat()), jobs: new Set() };
  const live = new Set(
    listed.value.items.filter((job) => !isFinished(jobEvidence(job))).map(({ metadata }) => metadata?.uid),
  );
  return { owners: new Set(dead.flat()), jobs: new Set(filled.filter((uid) => !live.has(uid))) };
}

function waitOf({ running, waiting }: CapState, position: number, limit: number): CapWait {
  return {
    position,
    limit,
    running: running.map(holderOf),
    ahead: waiting.slice(0, position - 1).map(holderOf),
  };
}

function holderOf({ runId, jobName, since }: CapEntry): CapHolder {
  return { runId, jobName, since };
}
