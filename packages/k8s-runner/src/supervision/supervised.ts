/** Whether somebody is at a Job. */

import type { Job } from "../cluster/wire.ts";
import { annotations } from "../manifest/names.ts";
import type { RunnerContext } from "../runner-context.ts";
import { confirmLeaseMilliseconds, harvestSeconds } from "../timings.ts";
import type { Liveness } from "./lease.ts";
import { supervisorOf } from "./slot-holder.ts";

function isAtIt(own: { readonly endedAt: number | null } | undefined, now: number): boolean {
  return own !== undefined && (own.endedAt === null || now - own.endedAt < harvestSeconds * 1000);
}

export type Supervised =
  /** `unknown`: it could not be asked, so it may be. */
  | { readonly kind: "yes" | "unknown" }
  /** Its supervisor's Lease ran out so many seconds ago; `null`: there is no Lease. */
  | { readonly kind: "no"; readonly forSeconds: number | null };

/**
 * Whether somebody is at this Job. A Lease that has expired is read again. The API server may have been out of everybody's reach,
 * and its supervisor renews as soon as it can; or one API server's clock is ahead of that of another, by which the Lease was
 * written: then it looks old for ever, and yet is renewed. Only one that is not renewed is dead.
 */
export async function supervisedBy(
  { leases, clock, identity, active, starting }: RunnerContext,
  job: Job,
  signal: AbortSignal,
): Promise<Supervised> {
  const supervisor = supervisorOf(job);
  if (supervisor === null) return nobody;
  const attempt = job.metadata?.annotations?.[annotations.attempt] ?? "";
  if (supervisor === identity && (starting.has(attempt) || starting.has(job.metadata?.uid ?? "")))
    return { kind: "yes" };
  if (supervisor === identity)
    return isAtIt(active.get(job.metadata?.uid ?? ""), clock.now()) ? { kind: "yes" } : nobody;
  const namespace = job.metadata?.namespace ?? "";
  const first = await leases.liveness(namespace, supervisor, signal);
  if (first.kind !== "expired") return toSupervised(first);
  if (first.forSeconds === null) return toSupervised(first);
  await clock.sleep(confirmLeaseMilliseconds, signal);
  const second = await leases.liveness(namespace, supervisor, signal);
  if (second.kind === "expired" && second.renewedAt !== first.renewedAt) return { kind: "yes" };
  return toSupervised(second);
}

const nobody: Supervised = { kind: "no", forSeconds: null };

function toSupervised(liveness: Liveness): Supervised {
  if (liveness.kind === "expired") return { kind: "no", forSeconds: liveness.forSeconds };
  return { kind: liveness.kind === "current" ? "yes" : "unknown" };
}

/** What cannot be asked must never count as dead. */
export async function isSupervised(context: RunnerContext, job: Job, signal: AbortSignal): Promise<boolean> {
  return (await supervisedBy(context, job, signal)).kind !== "no";
}
