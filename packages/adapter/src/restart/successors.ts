import type { Cluster, RunListing } from "@claude-k8s/k8s-runner";

import { holdsResult } from "../host/fate.ts";
import type { Place, RestartMemory, RunKey } from "./memory.ts";
import { type Orphans, afterWake, isOrphan, nextWakes } from "./orphans.ts";
import { type OpenPlace, openOne, placeGroups } from "./places.ts";
import { removeTold } from "./remove-told.ts";
import { issueIsClosed, wakeAgent } from "./wake-agent.ts";

export interface SuccessorOptions {
  readonly memory: RestartMemory;
  readonly adapterType: string;
  readonly open: OpenPlace;
  /** Where runs may be beside those that are remembered, such as the namespace of the server's own pod. */
  readonly usualPlaces?: () => Promise<readonly Place[]>;
  /** The run's token from the Secret of its own Job, where the Role allows it; for a server that has lost its disk. */
  readonly keyFromSecret?: (cluster: Cluster, listing: RunListing) => Promise<RunKey | null>;
  /** The server's own address; `null` while it does not listen yet. */
  readonly server: () => string | null;
  /** One line for the server's log. */
  readonly log: (message: string) => void;
  readonly now: () => number;
}

export interface Successors {
  /** One look at all places; resolves with the number of runs that a successor was called for. */
  look(signal: AbortSignal): Promise<number>;
}

/**
 * Calls for successors of runs whose server is gone: wakes the agent of each for its issue, so that the host calls `execute()`, which
 * takes the Job over. What goes wrong is logged once and tried again at the next look.
 */
export function createSuccessors(options: SuccessorOptions): Successors {
  const { memory, log, now } = options;
  const known = new Map<string, Orphans>();
  const said = new Set<string>();
  const logOnce = (message: string): void => {
    if (said.has(message)) return;
    if (said.size > 1000) said.clear();
    said.add(message);
    log(message);
  };

  async function lookAt(name: string, places: readonly Place[], signal: AbortSignal): Promise<number> {
    const connection = await openOne(places, options.open);
    const { runner } = connection;
    const listed = await runner.list({ namespace: places[0]?.namespace ?? "" });
    const orphaned = listed.filter((listing) => isOrphan(listing, options.adapterType));
    const { orphans, wake } = nextWakes(known.get(name) ?? new Map(), orphaned, now());
    const updated = new Map(orphans);
    known.set(name, updated);
    let taken = 0;
    for (const listing of wake) {
      const answer = await callFor(options, logOnce, connection, listing, signal);
      const orphan = updated.get(listing.ref.jobUid);
      if (orphan === undefined) continue;
      if (answer === "taken") taken += 1;
      if (answer === "taken") updated.set(listing.ref.jobUid, afterWake(orphan, now()));
      if (answer === "never") updated.set(listing.ref.jobUid, { ...orphan, over: true });
    }
    return taken;
  }

  return {
    async look(signal) {
      const groups = await placeGroups({
        remembered: () => memory.places(),
        ...(options.usualPlaces && { usual: options.usualPlaces }),
      });
      let taken = 0;
      for (const [name, places] of groups) {
        try {
          taken += await lookAt(name, places, signal);
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          const reason = error instanceof Error ? error.message : String(error);
          logOnce(
            `namespace ${places[0]?.namespace} cannot be searched for runs that outlived their server: ${reason}`,
          );
        }
      }
      return taken;
    },
  };
}

/** Wakes the agent of one run, if nobody else is at it. `later`: to be tried again; `never`: the host will not have it. */
async function callFor(
  options: SuccessorOptions,
  logOnce: (message: string) => void,
  { runner, cluster }: Awaited<ReturnType<OpenPlace>>,
  listing: RunListing,
  signal: AbortSignal,
): Promise<"taken" | "later" | "never"> {
  const { namespace, jobName, jobUid } = listing.ref;
  const origin = options.server();
  if (origin === null) return "later";
  const key =
    (await options.memory.keyOf(jobUid)) ?? (await options.keyFromSecret?.(cluster, listing)) ?? null;
  if (key === null) {
    logOnce(
      `Job ${jobName} in namespace ${namespace} has outlived its server, and its run's token is not known here: comment on the issue of agent ${listing.labels["paperclip.io/agent-id"] ?? "?"}, and its next run takes the Job over`,
    );
    return "later";
  }
  if (await holdsResult({ ...key, origin: () => origin }, jobUid, signal)) {
    // Its server died between the host's storing of its result and its removal.
    try {
      await removeTold(runner, listing.ref, signal);
      options.log(
        `Job ${jobName} in namespace ${namespace} has outlived its server with its result stored: it is removed`,
      );
      return "never";
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      logOnce(
        `Job ${jobName} in namespace ${namespace}, whose result is stored, could not be removed: ${reason}`,
      );
      return "later";
    }
  }
  if (!(await runner.reserve(listing.ref, { signal }))) return "later";
  const closed = await issueIsClosed(origin, key, signal);
  if (closed && key.ownFolder !== true) {
    options.log(
      `Job ${jobName} in namespace ${namespace} has outlived its server, and issue ${key.issueId} of agent ${key.agentId} is closed: comment on it, and its next run takes the Job over, with the files that the Job has changed`,
    );
    return "never";
  }
  // The host begins no run for an issue that is closed; the task's key leads to the same Job.
  const successor = closed ? { ...key, issueId: null, taskKey: key.taskKey ?? key.issueId } : key;
  const answer = await wakeAgent(origin, successor, signal);
  switch (answer.kind) {
    case "taken":
      options.log(
        `Job ${jobName} in namespace ${namespace} has outlived its server: agent ${key.agentId} was woken to take it over${closed ? ", without its issue, which is closed" : ""}`,
      );
      return "taken";
    case "refused":
      options.log(
        `Job ${jobName} in namespace ${namespace} has outlived its server, and Paperclip does not wake agent ${key.agentId} for it (${answer.reason}): comment on the agent's issue, or run the agent by hand, and its next run takes the Job over`,
      );
      return "never";
    case "unavailable":
      return "later";
  }
}
