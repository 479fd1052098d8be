/** How long the runner waits for what, each with its reason. Log reading has timings of its own in `logs/`. */

/** Of a connection to the API server or to its proxy, TLS included. */
export const connectTimeoutMilliseconds = 10_000;

// While nothing of a run exists yet.

/** An API server that cannot be reached is waited for: a restart of a single one takes ten to twenty seconds. */
export const reachSeconds = 30;
/** A Job that is claimed holds its slot, so its release is tried for longer. */
export const releaseSeconds = 60;
/** Removing what a start has made, before the start says that it failed. */
export const abandonMilliseconds = 10_000;
/** Looking for the Job of a claim whose answer nobody waited for. */
export const forgetMilliseconds = 5000;
/** Whether those who have a place under a cap are still there is looked at so often by the next in line, and more rarely by others. */
export const capInspectMilliseconds = 3000;
export const longestCapInspectMilliseconds = 30_000;
/** Giving a place back. */
export const leaveSeconds = 30;
/** How often a start that waits looks whether the slot is free. */
export const slotLookMilliseconds = 2000;

// While it runs.

/** Even with nothing to wait for, look again now and then. */
export const longestSleepMilliseconds = 30_000;
/** A watch that misses something must not leave a run hanging. */
export const readAgainMilliseconds = 120_000;
/** Without a watch (not allowed, or out of reach) there is nothing else to go by. */
export const unwatchedMilliseconds = 10_000;
/** A watch that begins after the deletion of a Job never says anything of it. */
export const removedMilliseconds = 2000;
/** An object that was just made comes to the watches a little later. */
export const watchLagMilliseconds = 30_000;
/** A node in doubt is read so often. */
export const nodeAgainMilliseconds = 15_000;
/** The reasons of a slow start are in Kubernetes' events: read soon, then now and then. */
export const firstEventsMilliseconds = 3000;
export const eventsMilliseconds = 30_000;

// When it ends.

/** One replica of the API server may be behind: what is missing must be missing twice. */
export const confirmMissingMilliseconds = 5000;
/** Nothing is decided yet: when to look again without a new hint. */
export const undecidedMilliseconds = 5000;
/** The container's state may come later than the pod's phase. */
export const lateStateMilliseconds = 30_000;
export const lateLookMilliseconds = 1000;
/** Nothing is heard of a node whose pod should have been gone for so long. */
export const lostNodeMilliseconds = 120_000;
/** Evidence is worth a wait, but not a hang: the ending is already known. */
export const evidenceMilliseconds = 5000;
/** The kubelet looks at deadlines about every second. */
export const kubeletMilliseconds = 2000;
/** A kubelet that has not killed by then will not do it by itself. */
export const overdueMilliseconds = 15_000;

// When it is removed.

/** One deletion. */
export const removeSeconds = 60;
/** Foreground deletion waits for the pods, and those for their grace. */
export const goneSeconds = 30;
export const firstLookMilliseconds = 100;
export const lookMilliseconds = 500;
/** A clean-up as a whole: more than the 60 s for which a stop, a restart or a rolling update keeps an API server away. */
export const cleanUpSeconds = 90;
/** A pod whose main container has ended: the others may end by themselves, as log shippers do. */
export const othersMilliseconds = 3000;

// Who supervises.

/** How long a consumer may take, after the ending was told, until it calls `cleanUp`. */
export const harvestSeconds = 120;
/** A process that lives renews its Lease once in so long, also one that hung or lost the API server for a while. */
export const confirmLeaseMilliseconds = 5500;

/** A process that did not renew its Lease for so long counts as dead, unless it says otherwise. */
export const usualLeaseSeconds = 20;
