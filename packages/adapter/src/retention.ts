import type { Diagnosis } from "@claude-k8s/diagnostics";
import type { Run } from "@claude-k8s/k8s-runner";
import type { RunSummary } from "@claude-k8s/stream-parser";

import { runNote, usageOf } from "./output/run-note.ts";
import type { Settings } from "./settings/settings.ts";

/** Whoever stops a run knows why it ended. */
export function isRetained(
  { life }: Settings,
  { outcome, code }: Pick<Diagnosis, "outcome" | "code">,
): boolean {
  const hasFailed = outcome === "failure" && code !== "cancelled";
  return life.retain === "always" || (life.retain === "failed" && hasFailed);
}

/**
 * Removes a run's Job, or keeps it with a note of how it ended and what it has used. The ending stands whatever becomes of the Job: what cannot be
 * removed now goes by its time to live.
 */
export async function retainOrRemove(
  run: Run,
  {
    retained,
    summary,
    diagnosis,
  }: {
    readonly retained: boolean;
    readonly summary: RunSummary;
    readonly diagnosis: Pick<Diagnosis, "code">;
  },
  warn: (message: string) => void,
): Promise<void> {
  try {
    await run.cleanUp(retained ? { note: runNote(usageOf(summary), diagnosis) } : { keepJobSeconds: 0 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn(`Job ${run.ref.jobName} could not be removed (${reason}); it goes by its time to live`);
  }
}
