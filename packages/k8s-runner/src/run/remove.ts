/** Removing a Job with its pods, and nothing else of the same name. */

import type { ApiError } from "../cluster/cluster.ts";
import type { RunnerContext } from "./context.ts";
import { patiently } from "./patience.ts";

const patienceSeconds = 60;
const firstLookMilliseconds = 100;
const lookMilliseconds = 500;
/** Foreground deletion waits for the pods. */
const goneSeconds = 30;

export interface JobTarget {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Given: only if it has not changed. */
  readonly resourceVersion?: string;
}

/** Resolves when it is gone, or after a while: its name stays taken then, and the next look tells so. */
export async function removeJob(
  context: Pick<RunnerContext, "cluster" | "clock">,
  { namespace, name, uid, resourceVersion }: JobTarget,
  signal: AbortSignal,
): Promise<ApiError | null> {
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const deletion = { uid, ...version, propagation: "Foreground" } as const;
  const answer = await patiently({ clock: context.clock, signal, seconds: patienceSeconds }, () =>
    context.cluster.delete("jobs", namespace, name, deletion, { signal }),
  );
  // A conflict: it changed meanwhile, or is another one by now. Both are for the next look.
  if (answer.kind === "error" && answer.error.kind !== "not-found" && answer.error.kind !== "conflict")
    return answer.error;
  if (answer.kind === "ok") await untilGone(context, { namespace, name, uid }, signal);
  return null;
}

async function untilGone(
  { cluster, clock }: Pick<RunnerContext, "cluster" | "clock">,
  { namespace, name, uid }: JobTarget,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + goneSeconds * 1000;
  let wait = firstLookMilliseconds;
  while (clock.now() < until) {
    await clock.sleep(wait, signal);
    wait = lookMilliseconds;
    const answer = await cluster.get("jobs", namespace, name, { signal });
    if (answer.kind === "error" && answer.error.kind === "not-found") return;
    if (answer.kind === "ok" && answer.value.metadata?.uid !== uid) return;
  }
}
