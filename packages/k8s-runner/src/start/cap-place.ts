/** A start and its place under a cap. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import { annotations, capHash, jobNameOf, labels } from "../manifest/names.ts";
import type { RunnerContext } from "../runner-context.ts";
import { refOf } from "../supervision/slot-holder.ts";
import type { RunFailure } from "../types/exit.ts";
import type { CapWait, RunRef } from "../types/run.ts";
import type { RunSpec } from "../types/spec.ts";
import { refusal } from "./refusal.ts";

/** `null`: the Job may be made. */
export async function enterCap(
  context: RunnerContext,
  { cap, namespace, runId, slot, budgets }: RunSpec,
  ticket: string,
  { onCap, signal }: { readonly onCap: (wait: CapWait) => void; readonly signal: AbortSignal },
): Promise<RunFailure | null> {
  if (cap === undefined) return null;
  const answer = await context.caps.enter({
    namespace,
    cap,
    ticket,
    runId,
    jobName: jobNameOf(slot),
    waitSeconds: budgets?.queueSeconds ?? null,
    onWait: onCap,
    signal,
  });
  switch (answer.kind) {
    case "entered":
      return null;
    case "timeout":
      return { kind: "queue-timeout", queueName: cap.name, waitedSeconds: answer.waitedSeconds };
    case "error": {
      const attempted = { verb: "patch", resource: "leases", namespace, server: context.cluster.server };
      return refusal(answer.error, attempted);
    }
  }
}

export async function leaveCap(context: RunnerContext, spec: RunSpec, ticket: string): Promise<void> {
  const { namespace, cap } = spec;
  if (cap !== undefined) await context.caps.leave({ namespace, hash: capHash(cap.name), ticket });
}

/** From the Job alone, as whoever has taken it over knows it. */
export async function leaveCapOf(context: RunnerContext, job: Job): Promise<void> {
  const hash = job.metadata?.labels?.[labels.cap];
  const { namespace, jobUid } = refOf(job);
  if (hash !== undefined && hashForm.test(hash)) await context.caps.leave({ namespace, hash, jobUid });
}

/** It becomes part of a name. */
const hashForm = /^[a-z0-9]{20}$/;

/** From here on the Job has the place, and no more its process. Right before its release, which must not be when it is `lost`. */
export async function fillCap(
  context: RunnerContext,
  { cap, namespace, runId }: RunSpec,
  job: Job,
  replaces: RunRef | null,
  signal: AbortSignal,
): Promise<"filled" | "lost" | { readonly error: ApiError }> {
  if (cap === undefined) return "filled";
  const { jobName, jobUid } = refOf(job);
  const ticket = job.metadata?.annotations?.[annotations.attempt] ?? "";
  const filling = { namespace, cap, ticket, runId, jobName, jobUid, signal };
  return context.caps.occupy({ ...filling, replaces: replaces?.jobUid ?? null });
}
