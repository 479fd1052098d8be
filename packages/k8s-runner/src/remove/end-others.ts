/**
 * The main container has ended, but a container beside it goes on: a service mesh's proxy that was injected the old way, or a helper
 * that waits for work. Its pod would never be over, so the Job would never end, and its time to live never begin.
 */

import type { Pod } from "../cluster/wire.ts";
import { podSelectorOf } from "../follow/read-run.ts";
import { deletePod, endPod } from "../end/stop.ts";
import { mainContainer } from "../manifest/names.ts";
import { mainHasEnded, podIsOver } from "../observe/containers.ts";
import { podEvidence } from "../observe/evidence.ts";
import type { RunnerContext } from "../runner-context.ts";
import { lookMilliseconds, othersMilliseconds } from "../timings.ts";
import type { PodEvidence } from "../types/evidence.ts";
import type { RunRef } from "../types/run.ts";
import { jobUidOf } from "../watch/watches.ts";
import type { Remainder } from "./wait-until-gone.ts";

/** `null`: nothing goes on, or its end was asked for. The pod stays for its log, as its Job does. */
export async function endOthers(context: RunnerContext, ref: RunRef): Promise<Remainder | null> {
  const { clock, closing } = context;
  // Log shippers and the like end by themselves when they see the main container end.
  const patientUntil = clock.now() + othersMilliseconds;
  let left = livingOn(await podsOf(context, ref));
  while (left.length > 0 && clock.now() < patientUntil) {
    await clock.sleep(lookMilliseconds, closing);
    left = livingOn(await podsOf(context, ref));
  }
  for (const pod of left) {
    const error = await endPod(context, ref, pod);
    // Who may not set a pod's deadline may delete it: its log is in hand by now.
    const second = error === null ? null : await deletePod(context, ref, pod, 1);
    if (second !== null)
      return { verb: "delete", resource: "pods", objects: [`pods/${pod.name}`], error: second };
  }
  return null;
}

/** Pods with a container that will not end by itself. Native sidecars are ended by the kubelet. */
function livingOn(pods: readonly Pod[]): readonly PodEvidence[] {
  return pods
    .filter(({ status }) => !podIsOver(status))
    .map(podEvidence)
    .filter(
      (pod) =>
        pod.deletionTimestamp === null &&
        mainHasEnded(pod, mainContainer) &&
        pod.containers.some(({ init, state }) => !init && state.kind === "running"),
    );
}

/** The watch has them, as a rule; where there is none they are asked for. */
export async function podsOf(
  { cluster, watches, closing }: RunnerContext,
  { namespace, jobUid }: RunRef,
): Promise<readonly Pod[]> {
  const { pods } = watches.in(namespace);
  if (pods.listed() && pods.trouble() === null) return pods.group(jobUid);
  const selection = { labelSelector: podSelectorOf(jobUid) };
  const answer = await cluster.list("pods", namespace, selection, { signal: closing });
  return answer.kind === "ok" ? answer.value.items.filter((pod) => jobUidOf(pod) === jobUid) : [];
}
