/** The labels by which the runner finds its objects. */

import type { RunSpec } from "../types/spec.ts";
import { labels, manager, runLabel, slotHash } from "./names.ts";

export function ownLabels(spec: Pick<RunSpec, "slot" | "runId">): Record<string, string> {
  return {
    [labels.managedBy]: manager,
    [labels.slot]: slotHash(spec.slot),
    [labels.run]: runLabel(spec.runId),
  };
}
