/** How long a command has been running when somebody first looks. Pure. */

import { startedAt } from "./view.ts";
import type { View } from "./view.ts";

/**
 * Its start was written by its node, and the node's clock may be minutes away from the API server's. So the way to it is taken in
 * two pieces, each by one clock: from the pod's acceptance by the kubelet to the container's start by the node's; from the pod's
 * placement to now by the control plane's. Between placement and acceptance usually goes less than a second. `null`: it cannot
 * be told.
 */
export function ranForMilliseconds(view: View, main: string, serverNow: number): number | null {
  const { pod, acceptedAt } = view;
  const placed = pod?.conditions.find(({ type, status }) => type === "PodScheduled" && status === "True");
  const beforeStart = Date.parse(startedAt(pod, main) ?? "") - Date.parse(acceptedAt ?? "");
  const sincePlacement = serverNow - Date.parse(placed?.lastTransitionTime ?? "");
  const age = sincePlacement - Math.max(0, beforeStart);
  return Number.isNaN(age) ? null : Math.max(0, age);
}
