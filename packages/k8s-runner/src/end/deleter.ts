/** Who deleted a run's pod or Job, or took its place away, as far as the API can tell. */

import type { EventEvidence } from "../types/evidence.ts";
import type { RunFailure } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { queueSuspended } from "../observe/pod-ending.ts";
import { removedBy } from "../observe/removal-events.ts";
import { evidenceMilliseconds } from "../timings.ts";

/**
 * Names the controller where one has left a trace. For a person or another program it is `null`: Kubernetes keeps who deleted an
 * object in its audit log only; neither `managedFields` nor events nor the deletion timestamp tell.
 */
export async function withDeleter(
  context: Pick<RunnerContext, "cluster" | "closing">,
  ref: RunRef,
  failure: RunFailure,
  events: readonly EventEvidence[],
  { node, taints }: { readonly node: string | null; readonly taints: readonly string[] },
): Promise<RunFailure> {
  if (failure.kind === "preempted") return { ...failure, message: queueWords(failure.message, events) };
  if (failure.kind !== "deleted-externally" || failure.by !== null) return failure;
  const removed = removedBy(events, node, taints);
  if (removed !== null) return removed;
  const by = (await namespaceIsGoing(context, ref)) ? "namespace-controller" : jobController(events);
  return { ...failure, by };
}

/** Kueue says in an event of the Job why it has suspended it. */
function queueWords(message: string | null, events: readonly EventEvidence[]): string | null {
  const stopped = events.findLast(({ reason, object }) => reason === "Stopped" && object.startsWith("Job/"));
  return message !== queueSuspended || stopped === undefined ? message : `${message}: ${stopped.message}`;
}

async function namespaceIsGoing(
  { cluster, closing }: Pick<RunnerContext, "cluster" | "closing">,
  { namespace }: RunRef,
): Promise<boolean> {
  const options = { signal: closing, deadlineMilliseconds: evidenceMilliseconds };
  const answer = await cluster.get("namespaces", null, namespace, options);
  if (answer.kind === "error") return answer.error.kind === "not-found";
  return answer.value.metadata?.deletionTimestamp !== undefined;
}

/** It ends pods of a Job that somebody suspended or whose parallelism was taken away. */
function jobController(events: readonly EventEvidence[]): string | null {
  const event = events.find(
    ({ reason, object }) => reason === "SuccessfulDelete" && object.startsWith("Job/"),
  );
  return event === undefined ? null : (event.source ?? "job-controller");
}
