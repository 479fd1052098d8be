import { setTimeout as delay } from "node:timers/promises";

import { type HostAnswer, type HostRecord, runInHost } from "./run-status.ts";

/** What has become of a result that the host was given; `open`: it has not come to it yet, or does not say. */
export type Fate = "stored" | "given-up" | "open";

/**
 * While a run is under way, the host locks its record for each question that comes with the run's own key, in the opposite order to its
 * own storing of a result: asked in the middle of that, its database breaks one of the two off, and that can be the result.
 */
const usualPause = 5000;
/** Of a server that stops, which comes to one run after the other and then ends. */
const stoppingPause = 1000;
/** A host that has neither stored a result by then nor given its run up is not about to do either. */
const longestMilliseconds = 60_000;
/** Endings of the host's own making: it takes no result any more. */
const hostsOwn: ReadonlySet<unknown> = new Set([
  "process_lost",
  "server_shutdown_interrupted",
  "execution_finalization_deadline_exceeded",
]);
const notOver: ReadonlySet<unknown> = new Set(["queued", "running", "cancelling"]);

/** What the host's record of a run says of the result of that Job. */
export function fateIn(answer: HostAnswer, jobUid: string): Fate {
  if (typeof answer === "string") return "open";
  if (answer.jobUid === jobUid) return "stored";
  if (notOver.has(answer.status)) return "open";
  return wasInterrupted(answer) || hostsOwn.has(answer.errorCode) ? "given-up" : "stored";
}

function wasInterrupted(answer: HostAnswer): boolean {
  return typeof answer !== "string" && answer.status === "interrupted";
}

/** Whether the host's record of a run holds the result of that Job. `false` also where it cannot be told. */
export async function holdsResult(place: HostRecord, jobUid: string, signal: AbortSignal): Promise<boolean> {
  const answer = await runInHost(place, signal);
  return typeof answer !== "string" && answer.jobUid === jobUid;
}

/** Circumstances of a host's storing. */
export interface Storing {
  readonly isStopping: () => boolean;
  /** Aborts when the next run of the slot has begun, which a host does with an issue after it has stored: nothing is to be awaited. */
  readonly hurry: AbortSignal;
  /** Before each question. Default: 5 s, or 1 s while the server stops. */
  readonly pauseMilliseconds?: number | undefined;
}

/**
 * Waits until the host has stored the result that it was given, or has called the run its own loss: a server that stops does so with
 * one run after the other, and takes no result of it any more. A host that cannot be asked counts as one that has stored it, unless it
 * stops. Never rejects.
 */
export async function untilSettled(
  place: HostRecord,
  jobUid: string,
  { isStopping, hurry, pauseMilliseconds }: Storing,
): Promise<Exclude<Fate, "open">> {
  if (place.origin() === null && !isStopping()) return "stored";
  const ending = AbortSignal.timeout(longestMilliseconds);
  const pause = () => pauseMilliseconds ?? (isStopping() ? stoppingPause : usualPause);
  await delay(pause(), undefined, { signal: hurry }).catch(() => undefined);
  while (!ending.aborted) {
    const answer = await runInHost(place, ending);
    const fate = fateIn(answer, jobUid);
    // Of a server that goes on, the next run would find the Job in its own hands, and wait for it.
    if (fate === "given-up" && !wasInterrupted(answer) && !isStopping()) return "stored";
    if (fate !== "open") return fate;
    if (typeof answer === "string" && isStopping()) return "given-up";
    if (answer === "refused") return "stored";
    await delay(pause());
  }
  return "stored";
}
