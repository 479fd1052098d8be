/** Removes what crashes left behind. Kubernetes itself removes what a Job owns; this is for what nobody owns any more. */

import type { Job, Lease, Secret } from "../cluster/wire.ts";
import { ClusterRequestError } from "../errors.ts";
import { annotations, labels, manager } from "../manifest/names.ts";
import { jobEvidence } from "../observe/evidence.ts";
import { isFinished, jobState } from "../observe/job-state.ts";
import type { SweepFinding } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { supervisorOf } from "../supervision/slot-holder.ts";
import { isSupervised } from "../supervision/supervised.ts";
import { isReleased } from "../start/slot-state.ts";
import { orphanedSpools, removeSpoolFile } from "./sweep-spools.ts";

export interface SweepOptions {
  readonly namespace: string;
  readonly dryRun: boolean;
  readonly olderThanSeconds: number;
}

interface Leftover {
  readonly resource: "jobs" | "secrets" | "leases";
  readonly name: string;
  readonly uid: string;
  readonly reason: string;
  readonly ageSeconds: number;
}

/** Rejects with `ClusterRequestError` when the API server does not tell what there is. */
export async function sweepNamespace(
  context: RunnerContext,
  options: SweepOptions,
): Promise<readonly SweepFinding[]> {
  const { namespace, olderThanSeconds, dryRun } = options;
  // Before the Jobs: the file of a Job that is made meanwhile is not among them.
  const spools = await orphanedSpools(context, namespace, olderThanSeconds);
  const jobs = await listOwn(context, "jobs", namespace);
  const leftovers = await findLeftovers(context, options, jobs);
  const uids = new Set(jobs.map(({ metadata }) => metadata?.uid));
  return Promise.all([
    ...leftovers.map((leftover) => settle(context, options, leftover)),
    ...spools
      .filter(({ jobUid }) => !uids.has(jobUid))
      .map(({ path, ...spool }) => removeSpoolFile(path, spool, dryRun)),
  ]);
}

async function findLeftovers(
  context: RunnerContext,
  { namespace, olderThanSeconds }: SweepOptions,
  jobs: readonly Job[],
): Promise<readonly Leftover[]> {
  const secrets = (await listOwn(context, "secrets", namespace)).filter((secret) =>
    context.seals.isOwnSecret(secret),
  );
  const leases = await listOwn(context, "leases", namespace);
  const found = [
    ...(await unreleasedJobs(context, jobs)),
    ...unendingJobs(context, jobs),
    ...ownerlessSecrets(context, secrets, jobs),
    ...expiredLeases(context, leases, jobs),
  ];
  return found.filter(({ ageSeconds }) => ageSeconds >= olderThanSeconds);
}

/** Claimed by a process that died before it could hand over the payload. They never ran, and nothing ends them. */
async function unreleasedJobs(context: RunnerContext, jobs: readonly Job[]): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const job of jobs) {
    if (jobState(jobEvidence(job)).kind !== "suspended" || isReleased(job)) continue;
    if (context.seals.standing(job).kind === "foreign") continue;
    if (await isSupervised(context, job, context.closing)) continue;
    leftovers.push(leftoverOf(context, "jobs", job, "never released, and its supervisor is gone"));
  }
  return leftovers;
}

/** Kept for their time to live, which never begins: a container beside the main one goes on. */
function unendingJobs(context: RunnerContext, jobs: readonly Job[]): readonly Leftover[] {
  return jobs.flatMap((job) => {
    const concludedAt = job.metadata?.annotations?.[annotations.concludedAt];
    if (concludedAt === undefined || isFinished(jobEvidence(job))) return [];
    if (context.seals.standing(job).kind === "foreign") return [];
    const leftover = leftoverOf(context, "jobs", job, "its run is over, but its pod lives on");
    return [{ ...leftover, ageSeconds: ageOf(context, concludedAt) }];
  });
}

function ownerlessSecrets(
  context: RunnerContext,
  secrets: readonly Secret[],
  jobs: readonly Job[],
): readonly Leftover[] {
  const uids = new Set(jobs.map(({ metadata }) => metadata?.uid));
  return secrets
    .filter(({ metadata }) => !(metadata?.ownerReferences ?? []).some(({ uid }) => uids.has(uid)))
    .map((secret) => leftoverOf(context, "secrets", secret, "its Job is gone"));
}

function expiredLeases(
  context: RunnerContext,
  leases: readonly Lease[],
  jobs: readonly Job[],
): readonly Leftover[] {
  const named = new Set(
    jobs.flatMap((job) => [supervisorOf(job), job.metadata?.annotations?.[annotations.reservedBy]]),
  );
  return leases
    .filter((lease) => context.leases.isOwn(lease))
    .flatMap((lease) => {
      const { renewTime, leaseDurationSeconds = 0 } = lease.spec ?? {};
      const expiredForSeconds = ageOf(context, renewTime) - leaseDurationSeconds;
      const name = lease.metadata?.name ?? "";
      if (name === context.identity || expiredForSeconds <= 0 || named.has(name)) return [];
      return [
        { ...leftoverOf(context, "leases", lease, "its process is gone"), ageSeconds: expiredForSeconds },
      ];
    });
}

async function settle(
  { cluster, closing }: RunnerContext,
  { namespace, dryRun }: SweepOptions,
  { resource, name, uid, reason, ageSeconds }: Leftover,
): Promise<SweepFinding> {
  const finding = { object: `${resource}/${name}`, reason, ageSeconds: Math.round(ageSeconds) };
  if (dryRun) return { ...finding, removed: false };
  const answer = await cluster.delete(resource, namespace, name, { uid }, { signal: closing });
  return { ...finding, removed: answer.kind === "ok" || answer.error.kind === "not-found" };
}

async function listOwn<R extends "jobs" | "secrets" | "leases">(
  { cluster, closing }: RunnerContext,
  resource: R,
  namespace: string,
) {
  const answer = await cluster.list(
    resource,
    namespace,
    { labelSelector: `${labels.managedBy}=${manager}` },
    { signal: closing },
  );
  if (answer.kind === "error") throw new ClusterRequestError("list", resource, namespace, answer.error);
  return answer.value.items;
}

function leftoverOf(
  context: RunnerContext,
  resource: Leftover["resource"],
  { metadata }: Job | Secret | Lease,
  reason: string,
): Leftover {
  const ageSeconds = ageOf(context, metadata?.creationTimestamp);
  return { resource, name: metadata?.name ?? "", uid: metadata?.uid ?? "", reason, ageSeconds };
}

function ageOf({ serverTime }: RunnerContext, time: string | undefined): number {
  const since = Date.parse(time ?? "");
  return Number.isNaN(since) ? 0 : Math.max(0, serverTime.now() - since) / 1000;
}
