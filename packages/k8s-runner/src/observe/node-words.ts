/** What taints, reasons and messages say of a node that takes its pods along. Pure. */

import type { PodEvidence } from "../types/evidence.ts";

export function isLostTaint(taint: string): boolean {
  return /^node\.kubernetes\.io\/(?:unreachable|not-ready)\b/.test(taint);
}

/** Controllers of clouds remove the pods of a machine that is gone, each with a reason of its own. */
export function saysNodeIsGone(message: string | null): boolean {
  return /\bnode\b[^\n]{0,80}\b(?:no longer exists|does not exist|not found|is gone|was deleted)\b/i.test(
    message ?? "",
  );
}

export function isShutdown({ reason, message }: Pick<PodEvidence, "reason" | "message">): boolean {
  return (
    reason === "Terminated" ||
    reason === "NodeShutdown" ||
    /node is shutting down|node shutdown/i.test(message ?? "")
  );
}
