/** The claimed Job gets its Secrets, then may run. */

import type { ApiError } from "../cluster/cluster.ts";
import type { Job, Secret } from "../cluster/wire.ts";
import { annotations, labels } from "../manifest/names.ts";
import { canonicalJson } from "../manifest/seal.ts";
import type { Payload, PayloadSecret } from "../manifest/payload.ts";
import type { RunRef } from "../types/run.ts";
import type { RunSpec } from "../types/spec.ts";
import type { RunnerContext } from "../runner-context.ts";
import { fillCap } from "./cap-place.ts";
import { patiently } from "../async/patience.ts";
import { releaseSeconds } from "../timings.ts";

export type Release =
  | { readonly kind: "released"; readonly job: Job }
  /** Somebody has changed its pod template since it was created. */
  | { readonly kind: "changed"; readonly job: Job }
  /** Its place under the cap was given to another run, as this process was not heard of for too long. */
  | { readonly kind: "place-lost" }
  | { readonly kind: "failed"; readonly verb: string; readonly resource: string; readonly error: ApiError };

export async function releaseJob(
  context: RunnerContext,
  spec: RunSpec,
  claim: { readonly job: Job; readonly payload: Payload },
  signal: AbortSignal,
  replaces: RunRef | null = null,
): Promise<Release> {
  const { cluster, clock } = context;
  const { namespace } = spec;
  const name = claim.job.metadata?.name ?? "";
  const patience = { clock, signal, seconds: releaseSeconds };
  const results = await Promise.all(
    claim.payload.secrets.map((secret) =>
      patiently(patience, () =>
        cluster.create("secrets", namespace, secretOf(context, secret, claim.job), { signal }),
      ),
    ),
  );
  for (const result of results)
    // Our own, whose reply was lost: the name is unique to this claim.
    if (result.kind === "error" && result.error.kind !== "already-exists")
      return { kind: "failed", verb: "create", resource: "secrets", error: result.error };
  const filled = await fillCap(context, spec, claim.job, replaces, signal);
  if (filled === "lost") return { kind: "place-lost" };
  if (filled !== "filled") return { kind: "failed", verb: "patch", resource: "leases", error: filled.error };
  const body = releaseBody(context, spec, claim.job);
  const answer = await patiently({ ...patience, unconditional: true }, () =>
    cluster.patch("jobs", namespace, name, body, { signal }),
  );
  if (answer.kind === "error")
    return { kind: "failed", verb: "patch", resource: "jobs", error: answer.error };
  // A suspended Job's labels and scheduling can be changed by others. No pod of it runs yet: its start takes longer than this answer.
  const before = canonicalJson(claim.job.spec?.template);
  if (canonicalJson(answer.value.spec?.template) !== before) return { kind: "changed", job: answer.value };
  return { kind: "released", job: answer.value };
}

/** With a queue, the queue releases it: it gets to know the Job by the label, not before everything is in place. */
function releaseBody({ serverTime, seals }: RunnerContext, { queueName }: RunSpec, job: Job): object {
  const metadata = {
    uid: job.metadata?.uid,
    annotations: { [annotations.releasedAt]: serverTime.iso(), ...seals.seal(job) },
    ...(queueName === undefined ? {} : { labels: { [labels.queue]: queueName } }),
  };
  return queueName === undefined ? { metadata, spec: { suspend: false } } : { metadata };
}

function secretOf({ seals }: RunnerContext, { name, data }: PayloadSecret, job: Job): Secret {
  const { namespace = "", name: jobName = "", uid = "", labels: jobLabels = {} } = job.metadata ?? {};
  return {
    metadata: {
      name,
      namespace,
      labels: pick(jobLabels, [labels.managedBy, labels.slot, labels.run]),
      annotations: seals.ownSecret(namespace, name),
      ownerReferences: [
        // Without `blockOwnerDeletion`, which would need rights on the Job's finalizers.
        { apiVersion: "batch/v1", kind: "Job", name: jobName, uid },
      ],
    },
    immutable: true,
    type: "Opaque",
    data: Object.fromEntries(
      Object.entries(data).map(([key, bytes]) => [key, Buffer.from(bytes).toString("base64")]),
    ),
  };
}

function pick(from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
