/** The labels by which the runner finds its objects. */

import type { RunSpec } from "../types/spec.ts";
import { capHash, labels, manager, runLabel, slotHash } from "./names.ts";

export function ownLabels(spec: Pick<RunSpec, "slot" | "runId" | "cap">): Record<string, string> {
  return {
    [labels.managedBy]: manager,
    [labels.slot]: slotHash(spec.slot),
    [labels.run]: runLabel(spec.runId),
    ...(spec.cap === undefined ? {} : { [labels.cap]: capHash(spec.cap.name) }),
  };
}
