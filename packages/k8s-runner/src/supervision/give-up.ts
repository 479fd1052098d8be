/** A run without a supervisor may be taken over at once: nobody has to wait for a Lease to expire. */

import { patiently } from "../async/patience.ts";
import { annotations } from "../manifest/names.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { RunRef } from "../types/run.ts";
import { supervisorOf } from "./slot-holder.ts";

/** A process that is about to end has no more time. */
const patienceSeconds = 10;

/** Takes our name off a Job, unless another one stands there by now. What cannot be written is left to the Lease. */
export async function giveUpSupervision(context: RunnerContext, ref: RunRef): Promise<void> {
  const { cluster, clock, closing, identity } = context;
  const { namespace, jobName, jobUid } = ref;
  await patiently({ clock, signal: closing, seconds: patienceSeconds }, async () => {
    const job = await cluster.get("jobs", namespace, jobName, { signal: closing });
    if (job.kind === "error" || supervisorOf(job.value) !== identity) return job;
    const { uid, resourceVersion } = job.value.metadata ?? {};
    if (uid !== jobUid) return job;
    const body = { metadata: { uid, resourceVersion, annotations: { [annotations.supervisor]: null } } };
    return cluster.patch("jobs", namespace, jobName, body, { signal: closing });
  });
}
