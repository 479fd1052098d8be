import type { Cluster, RunListing } from "@claude-k8s/k8s-runner";
import { type RunUsage, readUsageNote } from "paperclip-adapter-claude-k8s/cli-parts";

/** What a run has used, as far as it could be seen. */
export interface SeenUsage extends RunUsage {
  /** There is more, which was not read. */
  readonly partial: boolean;
}

/** Of one log, and of the time that somebody waits for a list. */
export interface UsageBounds {
  readonly mostBytes: number;
  readonly milliseconds: number;
}

const usualBounds: UsageBounds = { mostBytes: 16 * 1024 ** 2, milliseconds: 5000 };

/**
 * What each run has used: from the note on its Job where somebody has collected it, else from its log, of which a run that is over
 * needs the last lines alone. `null`: nothing is known of it.
 */
export async function usagesOf(
  cluster: Cluster,
  runs: readonly RunListing[],
  signal: AbortSignal,
  bounds = usualBounds,
): Promise<readonly (readonly [RunListing, SeenUsage | null])[]> {
  const noted = runs.map((run) => [run, notedUsage(run)] as const);
  if (noted.every(([{ podName }, usage]) => usage !== null || podName === null)) return noted;
  const { readUsage } = await import("./usage-reader.ts");
  const late = AbortSignal.any([signal, AbortSignal.timeout(bounds.milliseconds)]);
  return Promise.all(
    noted.map(async ([run, usage]) => [run, usage ?? (await readUsage(cluster, run, late, bounds))] as const),
  );
}

/** A note of a run that is not over would be of somebody who has no right to it. */
export function notedUsage({ state, note }: RunListing): SeenUsage | null {
  const usage = state === "finished" ? readUsageNote(note) : null;
  return usage === null ? null : { ...usage, partial: false };
}
