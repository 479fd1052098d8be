/**
 * Whoever deletes a Job may leave its pod behind (`kubectl delete job --cascade=orphan`, a client that names no propagation policy) or
 * let it end after the Job is gone (`--cascade=background`). Its name is free then, and yet the command still runs.
 */

import type { ApiError } from "../cluster/cluster.ts";
import type { Pod } from "../cluster/wire.ts";
import {
  closingContainer,
  holderContainer,
  jobNameOf,
  labels,
  mainContainer,
  manager,
  recorderContainer,
  slotHash,
} from "../manifest/names.ts";
import { podIsOver } from "../observe/containers.ts";
import type { RunnerContext } from "../runner-context.ts";
import { patiently } from "../async/patience.ts";
import { reachSeconds } from "../timings.ts";
import type { SlotHolder } from "../types/exit.ts";
import type { RunSpec } from "../types/spec.ts";
import { jobUidLabelOf } from "../watch/watches.ts";

export type LeftPods =
  | { readonly kind: "none" }
  | { readonly kind: "held"; readonly holder: SlotHolder }
  | { readonly kind: "error"; readonly error: ApiError };

/**
 * `jobUid`: of the Job that has just taken the slot, and may not be released before. As its name was free, what an earlier Job has
 * made is in a list, where a watch may be behind; what its controller makes of an old copy of it later is the garbage collector's.
 * `null`: there is no Job.
 */
export async function findLeftPods(
  { cluster, clock }: RunnerContext,
  { namespace, slot }: Pick<RunSpec, "namespace" | "slot">,
  jobUid: string | null,
  signal: AbortSignal,
): Promise<LeftPods> {
  const labelSelector = `${labels.managedBy}=${manager},${labels.slot}=${slotHash(slot)}`;
  const answer = await patiently({ clock, signal, seconds: reachSeconds }, () =>
    cluster.list("pods", namespace, { labelSelector }, { signal }),
  );
  if (answer.kind === "error") return answer;
  const left = answer.value.items.find((pod) => mayRunBeside(pod, jobUid));
  return left === undefined ? { kind: "none" } : { kind: "held", holder: holderOfLeft(left, slot) };
}

/** A pod that no Job controller has labelled is nobody's. */
function mayRunBeside(pod: Pod, jobUid: string | null): boolean {
  const uid = jobUidLabelOf(pod);
  return uid !== null && uid !== jobUid && !podIsOver(pod.status) && !commandIsOver(pod);
}

/**
 * The command has ended, and so has what works on after it; what somebody put beside them goes on, may never end, and says nothing of the
 * run. Where nothing goes on, the pod's own end is a moment away, and is waited for.
 */
function commandIsOver({ spec, status }: Pod): boolean {
  const names = (spec?.containers ?? []).map(({ name }) => name);
  const ended = new Set(
    status?.containerStatuses?.filter(({ state }) => state?.terminated).map(({ name }) => name),
  );
  const living = names.filter((name) => !ended.has(name));
  return ended.has(mainContainer) && living.length > 0 && !living.some((name) => ownContainers.has(name));
}

const ownContainers = new Set([mainContainer, holderContainer, closingContainer, recorderContainer]);

function holderOfLeft(pod: Pod, slot: string): SlotHolder {
  const { metadata = {} } = pod;
  const runId = metadata.labels?.[labels.run] ?? "";
  return {
    jobName: jobNameOf(slot),
    jobUid: jobUidLabelOf(pod) ?? "",
    namespace: metadata.namespace ?? "",
    podName: metadata.name ?? "",
    runId: isHashed.test(runId) ? null : runId || null,
    supervisor: null,
    supervised: false,
    createdAt: metadata.creationTimestamp ?? null,
    terminating: metadata.deletionTimestamp !== undefined,
  };
}

/** What stands in the label for a run id that cannot stand there itself. */
const isHashed = /^h-[0-9a-v]{20}$/;
