import type { Cluster, RunListing } from "@claude-k8s/k8s-runner";
import { type RunUsage, readRunNote } from "paperclip-adapter-claude-k8s/cli-parts";

import { type SeenEnding, notedEnding } from "./run-ending.ts";

/** What a run has used, as far as it could be seen. */
export interface SeenUsage extends RunUsage {
  /** There is more, which was not read. */
  readonly partial: boolean;
}

/** A run with what it has used and how it ended. Usage `null`: nothing is known of that; ending `null`: it has not ended. */
export type ListedRun = readonly [RunListing, SeenUsage | null, SeenEnding | null];

/** Of one log, and of the time that somebody waits for a list. */
export interface UsageBounds {
  readonly mostBytes: number;
  readonly milliseconds: number;
}

const usualBounds: UsageBounds = { mostBytes: 16 * 1024 ** 2, milliseconds: 5000 };

/**
 * What each run has used and how it ended: from the note on its Job where somebody has collected it, else from its log, of which a run
 * that is over mostly needs the last lines alone.
 */
export async function seenRuns(
  cluster: Cluster,
  runs: readonly RunListing[],
  signal: AbortSignal,
  bounds = usualBounds,
): Promise<readonly ListedRun[]> {
  const noted = runs.map(notedRun);
  if (noted.every(isWhole)) return noted;
  const { readRun } = await import("./usage-reader.ts");
  const late = AbortSignal.any([signal, AbortSignal.timeout(bounds.milliseconds)]);
  return Promise.all(
    noted.map(async (one): Promise<ListedRun> => {
      if (isWhole(one)) return one;
      const [run, usage, ending] = one;
      const read = await readRun(cluster, run, late, bounds);
      return [run, usage ?? read.usage, ending ?? read.ending];
    }),
  );
}

/** A note of a run that is not over would be of somebody who has no right to it. */
function notedRun(run: RunListing): ListedRun {
  const usage = run.state === "finished" ? (readRunNote(run.note)?.usage ?? null) : null;
  return [run, usage === null ? null : { ...usage, partial: false }, notedEnding(run)];
}

function isWhole([{ state, podName }, usage, ending]: ListedRun): boolean {
  if (state !== "finished") return podName === null;
  return usage !== null && ending !== null;
}
