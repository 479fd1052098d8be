/** The Job as it will be sent, if the policy lets it be sent. */

import { toWire } from "../cluster/wire.ts";
import type { Job } from "../cluster/wire.ts";
import { planJob } from "../manifest/job.ts";
import type { Payload } from "../manifest/payload.ts";
import { checkPodPolicy } from "../policy/check.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { PolicyViolation } from "../types/policy.ts";
import type { RunSpec } from "../types/spec.ts";

export type PlannedBody =
  | { readonly kind: "planned"; readonly body: Job; readonly payload: Payload }
  | { readonly kind: "violated"; readonly violations: readonly PolicyViolation[] };

/** What is checked is the very object that is sent. */
export function planBody(
  { identity, policy: runnerPolicy, seals }: Pick<RunnerContext, "identity" | "policy" | "seals">,
  spec: RunSpec,
  attempt: string,
): PlannedBody {
  const { job, payload } = planJob(spec, { attempt, supervisor: identity });
  const plain = toWire(job);
  const claimed = { ...plain.metadata?.annotations, ...seals.claim(plain) };
  const body = { ...plain, metadata: { ...plain.metadata, annotations: claimed } };
  const policy = spec.policy ?? runnerPolicy;
  const violations = policy === null ? [] : checkPodPolicy(body, policy);
  return violations.length === 0 ? { kind: "planned", body, payload } : { kind: "violated", violations };
}
