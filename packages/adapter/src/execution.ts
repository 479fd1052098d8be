import type { Connections } from "./connections.ts";
import type { Ending } from "./ending.ts";
import type { DailyLedger } from "./guards/daily-budget.ts";
import type { GuardClock } from "./guards/watch-run.ts";
import type { HostServer } from "./host/server.ts";
import type { ChainDependencies } from "./host/task-chain.ts";
import type { FindServerPod } from "./own-pod/find.ts";
import type { LateWork } from "./late-work.ts";
import type { Prepared } from "./prepare.ts";
import type { SeenLimits } from "./quota/seen-limits.ts";
import type { RestartMemory } from "./restart/memory.ts";
import type { Sessions } from "./sessions/sessions.ts";

/** What the execution of a run is given by the server that it is in. */
export interface ExecuteDependencies extends ChainDependencies {
  readonly connections: Connections;
  readonly server: HostServer;
  /** Default: none, and a run that outlives the server waits for somebody to comment on its issue. */
  readonly memory?: RestartMemory;
  /** Default: none, and sessions stay in the pod's home. */
  readonly sessions?: Sessions;
  /** Default: the server runs in no pod. */
  readonly findServerPod?: FindServerPod;
  /** Default: none, and no budget of a day holds. */
  readonly ledger?: DailyLedger;
  /** Default: nobody remembers what runs are told of their account's limits. */
  readonly seenLimits?: SeenLimits;
  /** Default: the system's. */
  readonly now?: () => Date;
  /** Takes work that goes on after `execute` has answered. Default: it is part of the answer. */
  readonly afterwards?: (work: () => Promise<void>) => void;
  /** How long a stop is not answered for what the agent left. Default 45 of the host's 60 seconds. */
  readonly workSeconds?: number;
  /** Default: none, and the next run of a slot does not know that something is still being brought. */
  readonly lateWork?: LateWork;
  /** Default: none, and the next run of a slot may find the Job of the one before. */
  readonly tidying?: LateWork;
  /** Milliseconds before each question whether the host has stored a result. Default: 5000, or 1000 while the server stops. */
  readonly storingPause?: number;
  /** The server's own address, for what it does not tell an adapter: a stop, what became of a result; `null`: not known. */
  readonly serverOrigin?: () => string | null;
  /** The server has been asked to end. Default: it has not. */
  readonly isStopping?: () => boolean;
  /** Time and timers of the guards. Default: the system's. */
  readonly guardClock?: GuardClock;
}

/** A run of the host that has come to its end, whatever it took. */
export interface EndedRun {
  readonly ending: Ending;
  /** Of a Job of an earlier run, which this one has followed to its end before it gave its own prompt. */
  readonly before: Ending | null;
  readonly sessionWasGone: boolean;
  /** The session's files are where the next run finds them. Absent: that is not known. */
  readonly sessionLasts?: boolean;
  /** As it was carried out. */
  readonly prepared: Prepared;
}
