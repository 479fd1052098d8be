import { setTimeout as delay } from "node:timers/promises";

import type { SweepFinding } from "@claude-k8s/k8s-runner";

import { type OpenPlace, type PlaceSources, openOne, placeGroups } from "./places.ts";

export interface LeftoversOptions extends PlaceSources {
  readonly open: OpenPlace;
  /** One line for the server's log. */
  readonly log: (line: string) => void;
}

/** Objects of servers that crashed. What a Job owns goes with it; this is for what nobody owns any more. */
export interface Leftovers {
  /** Says what there is, and removes nothing. Resolves with how much that is. */
  announce(signal: AbortSignal): Promise<number>;
  /** Removes what is old enough; only where it was announced. */
  remove(signal: AbortSignal): Promise<number>;
}

/** Younger ones may be of a server that is at work: a start may wait for a while. */
export const leftoverSeconds = 3600;
const mostNamed = 10;

export function createLeftovers(options: LeftoversOptions): Leftovers {
  const { open, log } = options;
  const announced = new Set<string>();
  const closed = new Set<string>();

  async function sweepAll(dryRun: boolean, signal: AbortSignal): Promise<number> {
    let count = 0;
    for (const [name, places] of await placeGroups(options)) {
      signal.throwIfAborted();
      if (!dryRun && !announced.has(name)) continue;
      const namespace = places[0]?.namespace ?? "";
      try {
        const { runner } = await openOne(places, open);
        const findings = await runner.sweep({ namespace, dryRun, olderThanSeconds: leftoverSeconds });
        count += findings.length;
        if (findings.length > 0) log(wordsOf(namespace, findings, dryRun));
        if (dryRun) announced.add(name);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const reason = error instanceof Error ? error.message : String(error);
        // Once: a server that is not given the right has chosen so.
        if (!closed.has(name)) log(cannotSearch(namespace, reason));
        closed.add(name);
      }
    }
    return count;
  }

  return {
    announce: (signal) => sweepAll(true, signal),
    remove: (signal) => sweepAll(false, signal),
  };
}

function cannotSearch(namespace: string, reason: string): string {
  const advice = /forbidden/i.test(reason) ? "; the Role for upkeep of docs/permissions.md allows it" : "";
  return `namespace ${namespace} cannot be searched for what crashed servers have left: ${reason}${advice}`;
}

function wordsOf(namespace: string, findings: readonly SweepFinding[], dryRun: boolean): string {
  const named = findings.slice(0, mostNamed).map(({ object, reason, ageSeconds, removed }) => {
    const kept = dryRun || removed ? "" : ", and could not be removed";
    return `${object} (${reason}, ${Math.round(ageSeconds / 60)} min old${kept})`;
  });
  const rest = findings.length > mostNamed ? ` and ${findings.length - mostNamed} more` : "";
  const what = dryRun ? "have left, which go in ten minutes" : "had left, removed now";
  return `namespace ${namespace}: what crashed servers ${what}: ${named.join(", ")}${rest}`;
}

/** The runs that a server finds at its start are taken over first. */
const firstAfterSeconds = 120;
/** Time for a person who reads the log. */
const removeAfterSeconds = 600;
const againAfterSeconds = 86_400;

/** Announces and removes, once after the start and then once a day, until `close`; never keeps a process alive. */
export function keepSweeping(leftovers: Leftovers, wait: typeof pause = pause): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  async function loop(): Promise<void> {
    await wait(firstAfterSeconds, signal);
    while (!signal.aborted) {
      if ((await leftovers.announce(signal)) > 0) {
        await wait(removeAfterSeconds, signal);
        await leftovers.remove(signal);
      }
      await wait(againAfterSeconds, signal);
    }
  }
  // Only the end of the waiting can be thrown: what goes wrong in a namespace is logged there.
  const sweeping = loop().catch(() => undefined);
  return {
    async close() {
      closing.abort(new Error("closed"));
      await sweeping;
    },
  };
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return delay(seconds * 1000, undefined, { ref: false, signal });
}
