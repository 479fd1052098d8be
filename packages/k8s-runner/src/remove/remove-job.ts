/** Removing a Job with its pods, and nothing else of the same name. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import type { RunnerContext } from "../runner-context.ts";
import { patiently } from "../async/patience.ts";
import { firstLookMilliseconds, goneSeconds, lookMilliseconds, removeSeconds } from "../timings.ts";

export interface JobTarget {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Given: only if it has not changed. */
  readonly resourceVersion?: string;
}

export type Removal =
  /** There is no Job of this UID, as a read after the deletion has shown. */
  | { readonly kind: "gone" }
  /** It has changed meanwhile, and was left alone. */
  | { readonly kind: "changed" }
  /** Deleted, but something still holds it: a pod on a node that does not answer, or a finalizer. */
  | { readonly kind: "held"; readonly finalizers: readonly string[] }
  | { readonly kind: "failed"; readonly verb: "delete" | "get"; readonly error: ApiError };

/** Waits until it is gone, at most for `goneSeconds` (default 30). */
export async function removeJob(
  context: Pick<RunnerContext, "cluster" | "clock">,
  target: JobTarget,
  signal: AbortSignal,
  wait: { readonly goneSeconds?: number } = {},
): Promise<Removal> {
  const { namespace, name, uid, resourceVersion } = target;
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const deletion = { uid, ...version, propagation: "Foreground" } as const;
  const answer = await patiently({ clock: context.clock, signal, seconds: removeSeconds }, () =>
    context.cluster.delete("jobs", namespace, name, deletion, { signal }),
  );
  if (answer.kind === "error") {
    if (answer.error.kind === "not-found") return { kind: "gone" };
    // With its UID alone as the precondition, a conflict means that another Job has the name by now.
    if (answer.error.kind === "conflict") return { kind: resourceVersion === undefined ? "gone" : "changed" };
    const failed = { kind: "failed", verb: "delete", error: answer.error } as const;
    // Rights are looked at before the object: what is refused may be gone already.
    if (answer.error.kind !== "forbidden") return failed;
    const seen = await untilGone(context, target, signal, 0);
    return seen.kind === "gone" ? seen : failed;
  }
  return untilGone(context, target, signal, wait.goneSeconds ?? goneSeconds);
}

async function untilGone(
  { cluster, clock }: Pick<RunnerContext, "cluster" | "clock">,
  { namespace, name, uid }: JobTarget,
  signal: AbortSignal,
  seconds: number,
): Promise<Removal> {
  const until = clock.now() + seconds * 1000;
  let wait = firstLookMilliseconds;
  let seen: Removal = { kind: "held", finalizers: [] };
  do {
    await clock.sleep(wait, signal);
    wait = lookMilliseconds;
    const answer = await cluster.get("jobs", namespace, name, { signal });
    if (answer.kind === "ok") {
      if (answer.value.metadata?.uid !== uid) return { kind: "gone" };
      seen = { kind: "held", finalizers: finalizersOf(answer.value) };
    } else {
      if (answer.error.kind === "not-found") return { kind: "gone" };
      seen = { kind: "failed", verb: "get", error: answer.error };
    }
  } while (clock.now() < until);
  return seen;
}

function finalizersOf({ metadata }: Job): readonly string[] {
  return metadata?.finalizers ?? [];
}
