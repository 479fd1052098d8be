/** A run without a supervisor may be taken over at once: nobody has to wait for a Lease to expire. */

import type { ApiAnswer } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import { patiently } from "../async/patience.ts";
import { annotations } from "../manifest/names.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { RunRef } from "../types/run.ts";
import { supervisorOf } from "./slot-holder.ts";

/** A process that is about to end has no more time. */
const patienceSeconds = 10;

/** The Job's controller writes its status meanwhile; whoever took the run over is seen at the next look. */
const mostConflicts = 10;

/** Takes our name off a Job, unless another one stands there by now. What cannot be written is left to the Lease. */
export async function giveUpSupervision(context: RunnerContext, ref: RunRef): Promise<void> {
  const { clock, closing } = context;
  for (let conflicts = 0; conflicts < mostConflicts; conflicts += 1) {
    const answer = await patiently({ clock, signal: closing, seconds: patienceSeconds }, () =>
      takeNameOff(context, ref),
    );
    if (answer.kind === "ok" || answer.error.kind !== "conflict") return;
  }
}

async function takeNameOff(
  { cluster, closing, identity }: RunnerContext,
  { namespace, jobName, jobUid }: RunRef,
): Promise<ApiAnswer<Job>> {
  const job = await cluster.get("jobs", namespace, jobName, { signal: closing });
  if (job.kind === "error" || supervisorOf(job.value) !== identity) return job;
  const { uid, resourceVersion } = job.value.metadata ?? {};
  if (uid !== jobUid) return job;
  const body = { metadata: { uid, resourceVersion, annotations: { [annotations.supervisor]: null } } };
  return cluster.patch("jobs", namespace, jobName, body, { signal: closing });
}
