/** Spec → Job. Pure. */

import type { V1Job, V1JobSpec } from "../cluster/kubernetes-types.ts";
import type { RunSpec } from "../types/spec.ts";
import { ownLabels } from "./job-labels.ts";
import { annotations, attemptFor, jobNameOf } from "./names.ts";
import { planPayload } from "./payload.ts";
import type { Payload } from "./payload.ts";
import { podTemplateOf } from "./pod.ts";
import { supervisionOf } from "./supervision.ts";
import type { Supervision } from "./supervision.ts";

export interface JobClaim {
  readonly attempt: string;
  /** `null`: nobody yet. */
  readonly supervisor: string | null;
}

const defaultTtlSeconds = 3600;
/** Room between our deadline, the pod's and the Job's, so that the gentler one always comes first. */
const deadlineMarginSeconds = 60;

/** The Job of a run, suspended, as it is created; its payload Secrets are named in it. Throws nothing: see `validateRunSpec`. */
export function jobManifest(spec: RunSpec, claim?: JobClaim): V1Job {
  return planJob(spec, claim ?? { attempt: attemptFor(spec.runId), supervisor: null }).job;
}

export function planJob(spec: RunSpec, claim: JobClaim): { readonly job: V1Job; readonly payload: Payload } {
  const name = jobNameOf(spec.slot);
  const payload = planPayload(spec, name, claim.attempt);
  const supervision = supervisionOf(spec);
  const job: V1Job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace: spec.namespace,
      labels: { ...spec.labels, ...ownLabels(spec) },
      annotations: { ...spec.annotations, ...ownAnnotations(spec, claim, supervision, payload) },
    },
    spec: jobSpecOf(spec, payload, supervision),
  };
  return { job, payload };
}

function ownAnnotations(
  spec: RunSpec,
  claim: JobClaim,
  supervision: Supervision,
  payload: Payload,
): Record<string, string> {
  return {
    [annotations.slot]: spec.slot,
    [annotations.runId]: spec.runId,
    [annotations.attempt]: claim.attempt,
    [annotations.payloadSecrets]: String(payload.secrets.length),
    [annotations.supervision]: JSON.stringify(supervision),
    ...(claim.supervisor === null ? {} : { [annotations.supervisor]: claim.supervisor }),
  };
}

function jobSpecOf(spec: RunSpec, payload: Payload, supervision: Supervision): V1JobSpec {
  const podDeadlineSeconds = podDeadlineOf(supervision);
  const template = podTemplateOf(spec, payload, { supervision, podDeadlineSeconds });
  return {
    suspend: true,
    completions: 1,
    parallelism: 1,
    backoffLimit: 0,
    // With the default, a deleted pod is replaced while it still runs: the command would run twice at once.
    podReplacementPolicy: "Failed",
    ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? defaultTtlSeconds,
    ...(podDeadlineSeconds === null
      ? {}
      : { activeDeadlineSeconds: jobDeadlineOf(podDeadlineSeconds, supervision) }),
    template,
  };
}

/**
 * The kubelet's deadline keeps pod and logs. It counts from the pod's start on its node, so that pulling the image and
 * init containers are in it. It is only for the case that no supervisor is left to stop the run gently.
 */
function podDeadlineOf(supervision: Supervision): number | null {
  const { deadlineSeconds, graceSeconds, budgets, holdSeconds, recordSeconds } = supervision;
  if (deadlineSeconds === null) return null;
  const start = budgets.imagePullSeconds + budgets.configSeconds + budgets.initSeconds + budgets.startSeconds;
  const hold = Math.max(holdSeconds ?? 0, recordSeconds ?? 0);
  return Math.ceil(deadlineSeconds + graceSeconds + start + hold + deadlineMarginSeconds);
}

/** The Job controller's deadline deletes the pod, and its log with it: the last resort. It counts from the Job's release. */
function jobDeadlineOf(podDeadlineSeconds: number, { budgets }: Supervision): number {
  return Math.ceil(
    podDeadlineSeconds + budgets.podCreationSeconds + budgets.schedulingSeconds + deadlineMarginSeconds,
  );
}
