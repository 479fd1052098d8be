import type { Diagnosis } from "@claude-k8s/diagnostics";

/** What the command line says to a script. */
export const exitCodes = {
  success: 0,
  /** The run failed. */
  failure: 1,
  /** Wrong arguments or settings: nothing was tried. */
  usage: 2,
  /** It failed for a cause that may pass by itself: trying again makes sense (`EX_TEMPFAIL`). */
  temporary: 75,
  /** Ctrl-C. */
  interrupted: 130,
  /** Of `run`: nobody reads its output any more (128 + SIGPIPE). The run goes on without this process. */
  readerGone: 141,
} as const;

export function exitCodeOf(diagnosis: Diagnosis): number {
  if (diagnosis.outcome === "success") return exitCodes.success;
  if (diagnosis.code === "cancelled") return exitCodes.interrupted;
  if (diagnosis.code === "settings_invalid") return exitCodes.usage;
  return diagnosis.family === "transient_upstream" || diagnosis.family === "provider_quota"
    ? exitCodes.temporary
    : exitCodes.failure;
}

/** A mistake in what was typed: its message is all that is shown. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
