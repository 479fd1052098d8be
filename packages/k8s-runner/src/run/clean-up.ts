/** After the ending was told: payload Secrets at once, the Job when its time has come. */

import type { ApiAnswer } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import { isoTime } from "../clock.ts";
import { annotations, payloadSecretName } from "../manifest/names.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "./context.ts";
import { patiently } from "./patience.ts";
import { removeJob } from "./remove.ts";

const patienceSeconds = 60;

export async function cleanUpRun(
  context: RunnerContext,
  ref: RunRef,
  job: Job,
  keepJobSeconds: number | undefined,
): Promise<void> {
  const { cluster, closing } = context;
  const { namespace, jobName, jobUid } = ref;
  await removePayload(context, ref, job);
  if (keepJobSeconds === 0) {
    await removeJob(context, { namespace, name: jobName, uid: jobUid }, closing);
    return;
  }
  const body = {
    metadata: { uid: jobUid, annotations: { [annotations.concludedAt]: isoTime(context.clock) } },
    ...(keepJobSeconds === undefined ? {} : { spec: { ttlSecondsAfterFinished: Math.ceil(keepJobSeconds) } }),
  };
  await tried(context, () => cluster.patch("jobs", namespace, jobName, body, { signal: closing }));
}

async function removePayload(
  context: RunnerContext,
  { namespace, jobName }: RunRef,
  job: Job,
): Promise<void> {
  const { cluster, closing } = context;
  const written = job.metadata?.annotations ?? {};
  const count = Number(written[annotations.payloadSecrets] ?? 0);
  const attempt = written[annotations.attempt] ?? "";
  await Promise.all(
    Array.from({ length: count }, (_, index) => payloadSecretName(jobName, attempt, index)).map((name) =>
      tried(context, () => cluster.delete("secrets", namespace, name, {}, { signal: closing })),
    ),
  );
}

/** What cannot be removed now goes with the Job, which owns it; what is gone already is as wanted. */
async function tried<T>({ clock, closing }: RunnerContext, ask: () => Promise<ApiAnswer<T>>): Promise<void> {
  await patiently({ clock, signal: closing, seconds: patienceSeconds }, ask);
}
