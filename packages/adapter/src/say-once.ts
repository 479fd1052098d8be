import type { RunEvent } from "@claude-k8s/k8s-runner";

import type { TakenOver } from "./adoption/taken-over.ts";

/** The host shows what it hears first: it hears it again only where that was not so. */
export function announceOnce(
  announce: ((taken: TakenOver | null) => void) | undefined,
): (taken: TakenOver | null) => void {
  let told: TakenOver | null | undefined;
  return (taken) => {
    if (told === taken) return;
    told = taken;
    announce?.(taken);
  };
}

/** Events of a start come while it lasts, and again on the run. */
export function onlyOnce(tell: (event: RunEvent) => void): (event: RunEvent) => void {
  const told = new Set<string>();
  return (event) => {
    const key = JSON.stringify(event);
    if (told.has(key)) return;
    // A start has a handful; what comes hours later is not kept.
    if (told.size < 200) told.add(key);
    tell(event);
  };
}
