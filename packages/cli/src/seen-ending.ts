import { type ExitLike, diagnose } from "@claude-k8s/diagnostics";
import type { RunListing } from "@claude-k8s/k8s-runner";
import type { RunSummary } from "@claude-k8s/stream-parser";

import { type SeenEnding, endingWithCode } from "./run-ending.ts";

/** From the Job, its pod and its log. `summary`: `null` where the log could not be read, or not to its end. */
export function endingSeen({ ending }: RunListing, summary: RunSummary | null): SeenEnding {
  const exit: ExitLike = ending ?? { kind: "exited", exitCode: null, signal: null };
  if (summary !== null && (ending !== null || summary.result !== null))
    return endingWithCode(diagnose({ exit, summary }));
  // Claude says what it failed of; without its words an exit code names no cause.
  if (exit.kind === "failed") return endingWithCode(diagnose({ exit }));
  const exitCode = exit.kind === "exited" ? exit.exitCode : null;
  return exitCode === null || exitCode === 0
    ? { outcome: "unknown", code: null, word: "finished" }
    : { outcome: "failure", code: null, word: `exit ${exitCode}` };
}
