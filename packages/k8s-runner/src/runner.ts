/** One runner per process: everything that its runs share. */

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { createCaps } from "./caps/caps.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { RunnerClosedError } from "./errors.ts";
import { createServerTime, keepingTime } from "./server-time.ts";
import { attachRun } from "./start/attach.ts";
import type { RunnerContext, RunnerInternals } from "./runner-context.ts";
import { createSeals } from "./manifest/seal.ts";
import type { SealKey } from "./manifest/seal.ts";
import { createLeases } from "./supervision/lease.ts";
import { listRuns } from "./supervision/list.ts";
import { rehearseRun } from "./rehearse/rehearse.ts";
import { startRun } from "./start/start.ts";
import { sweepNamespace } from "./remove/sweep-leftovers.ts";
import { createWaitingLines } from "./start/slot-queue.ts";
import { usualLeaseSeconds } from "./timings.ts";
import type { PodPolicy } from "./types/policy.ts";
import { reserveRun } from "./supervision/reserve.ts";
import type { Runner } from "./types/run.ts";
import { createWatches } from "./watch/watches.ts";

export interface RunnerOptions {
  readonly cluster: Cluster;
  /** Names this process among all that supervise runs; a lower-case DNS name of at most 63 characters. Default: made of host, process and chance. */
  readonly identity?: string;
  readonly clock?: Clock;
  /** Where each run's output and cursor are kept, so that another process can go on with them. Default: nowhere. */
  readonly spoolFolder?: string;
  /** Bytes kept there for each run, timestamps and checksums included. What comes later is told but not kept. Default 256 MiB. */
  readonly spoolBytes?: number;
  /** A process that did not renew its Lease for so long counts as dead, and its runs may be adopted. Default 20, least 5. */
  readonly leaseSeconds?: number;
  /**
   * What pods may be, whatever a spec says; `{}` is the closed default, Pod Security "restricted" and no foreign Secret, claim or token.
   * Absent: specs are taken as they are, which is right only where nobody else has written any part of them.
   */
  readonly policy?: PodPolicy;
  /**
   * Jobs are sealed with it, and only Jobs with a valid seal are adopted, attached to, stopped or swept. The same for all processes
   * that are to take over each other's runs. Of several keys the first one seals, and all are accepted: to change the key, put the
   * new one first, and drop the old one when its runs are over. Absent: whoever may write Jobs in the namespace can have one adopted.
   */
  readonly sealKey?: SealKey | readonly SealKey[];
}

const defaultSweepSeconds = 3600;
const defaultSpoolBytes = 256 * 1024 * 1024;
const shortestLeaseSeconds = 5;

export function createRunner(options: RunnerOptions): Runner {
  return createRunnerWith(options, {});
}

export function createRunnerWith(options: RunnerOptions, internals: RunnerInternals): Runner {
  const { clock = systemClock, identity = defaultIdentity() } = options;
  const serverTime = createServerTime(clock);
  const cluster = keepingTime(options.cluster, serverTime);
  const leaseSeconds = Math.max(shortestLeaseSeconds, options.leaseSeconds ?? usualLeaseSeconds);
  const ownNamespace = cluster.namespace ?? "default";
  const closing = new AbortController();
  const seals = createSeals(options.sealKey);
  const leases = createLeases({ cluster, clock, serverTime, identity, leaseSeconds, seals });
  const context: RunnerContext = {
    cluster,
    clock,
    serverTime,
    identity,
    watches: createWatches(cluster, clock),
    leases,
    caps: createCaps({ cluster, clock, serverTime, identity, leases }),
    active: new Map(),
    starting: new Set(),
    lines: createWaitingLines(),
    closing: closing.signal,
    spoolFolder: options.spoolFolder ?? null,
    spoolBytes: options.spoolBytes ?? defaultSpoolBytes,
    policy: options.policy ?? null,
    seals,
    openFiles: new Set(),
    internals,
  };
  function open(): void {
    if (closing.signal.aborted) throw new RunnerClosedError();
  }
  async function close(): Promise<void> {
    if (closing.signal.aborted) return;
    closing.abort(new RunnerClosedError());
    await Promise.all([context.watches.close(), context.leases.close(), ...context.openFiles]);
  }
  return {
    identity,
    async start(spec, startOptions = {}) {
      open();
      return startRun(context, spec, startOptions);
    },
    async rehearse(spec, { signal = closing.signal } = {}) {
      open();
      return rehearseRun(context, spec, signal);
    },
    async attach(target, attachOptions = {}) {
      open();
      return attachRun(context, target, attachOptions);
    },
    async list({ namespace = ownNamespace, labels = {} } = {}) {
      open();
      return listRuns(context, { namespace, labels });
    },
    async reserve(ref, { signal = closing.signal } = {}) {
      open();
      return reserveRun(context, ref, signal);
    },
    async sweep({ namespace = ownNamespace, dryRun = true, olderThanSeconds = defaultSweepSeconds } = {}) {
      open();
      return sweepNamespace(context, { namespace, dryRun, olderThanSeconds });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The name of a Lease: two processes must never share it, not even two with one process id on one host, one after the other. */
function defaultIdentity(): string {
  const host = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|(?<!-)-+$/g, "")
    .slice(0, 40);
  return `${host || "host"}-${process.pid}-${randomBytes(4).toString("hex")}`;
}
