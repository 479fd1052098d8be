/** What all runs of a runner share. */

import type { Caps } from "./caps/caps.ts";
import type { Cluster } from "./cluster/cluster.ts";
import type { Clock } from "./clock.ts";
import type { LogDefects } from "./logs/follow/follow-context.ts";
import type { ServerTime } from "./server-time.ts";
import type { SpoolDisk } from "./logs/spool/disk.ts";
import type { Watches } from "./watch/watches.ts";
import type { Leases } from "./supervision/lease.ts";
import type { Seals } from "./manifest/seal.ts";
import type { PodPolicy } from "./types/policy.ts";
import type { WaitingLines } from "./start/slot-queue.ts";

/** What only tests and the soak change; no part of the public surface. */
export interface RunnerInternals {
  readonly defects?: LogDefects;
  /** Where spools are written. */
  readonly disk?: SpoolDisk;
}

export interface RunnerContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly identity: string;
  readonly watches: Watches;
  readonly leases: Leases;
  /** UIDs of the Jobs that this process is at; with the time of their ending, until they are cleaned up. */
  readonly active: Map<string, { readonly endedAt: number | null }>;
  /** Attempts and UIDs of Jobs that a start of this process is just taking: they are ours, and not yet active. */
  readonly starting: Set<string>;
  readonly caps: Caps;
  /** Starts that wait for a slot, by namespace and slot. */
  readonly lines: WaitingLines;
  /** Fires when the runner is closed; its reason is a `RunnerClosedError`. */
  readonly closing: AbortSignal;
  /** Where durable spools are kept; `null`: nowhere. */
  readonly spoolFolder: string | null;
  /** Of each. */
  readonly spoolBytes: number;
  readonly seals: Seals;
  /** For specs without a policy of their own; `null`: whatever the spec says is allowed. */
  readonly policy: PodPolicy | null;
  /** One for every run whose spool is open; each resolves when its files are closed. */
  readonly openFiles: Set<Promise<void>>;
  readonly internals: RunnerInternals;
}
