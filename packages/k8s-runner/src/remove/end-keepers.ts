/**
 * The containers that keep what the command left, the record of its output and its copied folders, stay after SIGTERM until they are
 * told that nobody needs it any more. Where nothing can be executed in their pod nobody can tell them, and they would hold the Job, and
 * the next run of its slot, for the pod's whole grace.
 */

import type { Job, Pod } from "../cluster/wire.ts";
import { deletePod } from "../end/stop.ts";
import { annotations, holderContainer, mainContainer, recorderContainer } from "../manifest/names.ts";
import { parseSupervision } from "../manifest/supervision.ts";
import { mainHasEnded, podIsOver } from "../observe/containers.ts";
import { podEvidence } from "../observe/evidence.ts";
import type { RunnerContext } from "../runner-context.ts";
import { lookMilliseconds, othersMilliseconds } from "../timings.ts";
import type { PodEvidence } from "../types/evidence.ts";
import type { RunRef } from "../types/run.ts";
import { podsOf } from "./end-others.ts";

/**
 * Before the Job is deleted: its deletion begins with the pod's whole grace, and a kubelet shortens no grace that it has begun with.
 * The Job's controller makes no other pod, as one that is deleted counts as failed, and a Job of ours has no second try. Only for a
 * run whose ending is told with all that could be had of it: what these containers keep is lost with them.
 */
export async function endKeepers(context: RunnerContext, ref: RunRef, { metadata }: Job): Promise<void> {
  const { clock, closing } = context;
  const { recordSeconds, holdSeconds } = parseSupervision(metadata?.annotations?.[annotations.supervision]);
  if (recordSeconds == null && holdSeconds == null) return;
  // Those that were told end by themselves.
  const patientUntil = clock.now() + othersMilliseconds;
  let left = keptPods(await podsOf(context, ref));
  while (left.length > 0 && clock.now() < patientUntil) {
    await clock.sleep(lookMilliseconds, closing);
    left = keptPods(await podsOf(context, ref));
  }
  // What cannot be hastened ends with its grace, and whoever waits for the Job says what holds it.
  await Promise.all(left.map((pod) => deletePod(context, ref, pod, 1)));
}

/** Pods whose command has ended, and in which nothing goes on but containers that keep what it left. */
export function keptPods(pods: readonly Pod[]): readonly PodEvidence[] {
  return pods
    .filter(({ status }) => !podIsOver(status))
    .map(podEvidence)
    .filter((pod) => {
      const running = pod.containers.filter(({ init, state }) => !init && state.kind === "running");
      return (
        mainHasEnded(pod, mainContainer) &&
        running.length > 0 &&
        running.every(({ name }) => keepers.has(name))
      );
    });
}

const keepers: ReadonlySet<string> = new Set([recorderContainer, holderContainer]);
