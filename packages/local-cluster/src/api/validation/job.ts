import type { Job } from "../../objects/types.ts";
import type { StatusCause } from "../status.ts";
import { invalidValue, required, validateLabels } from "./metadata.ts";
import { validatePodSpec } from "./pod.ts";

const notNegative = [
  "parallelism",
  "completions",
  "backoffLimit",
  "activeDeadlineSeconds",
  "ttlSecondsAfterFinished",
] as const;

export function validateJob(job: Job): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const field of notNegative) {
    const value = job.spec[field];
    if (value !== undefined && value < 0) {
      causes.push(invalidValue(`spec.${field}`, value, "must be greater than or equal to 0"));
    }
  }
  if (job.metadata.name.length > 63) {
    // The name becomes a label's value on the pods.
    causes.push(
      invalidValue("spec.template.labels", job.metadata.name, "must be no more than 63 characters"),
    );
  }
  causes.push(...validateLabels(job.spec.template.metadata?.labels, "spec.template.labels"));
  const restartPolicy: string = job.spec.template.spec.restartPolicy ?? "";
  causes.push(...validatePodSpec(job.spec.template.spec, "spec.template.spec", null));
  // `Always` is what a pod's default gives: the real server takes it for a policy that was left out.
  if (restartPolicy === "" || restartPolicy === "Always") {
    causes.push(required("spec.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"'));
  } else if (restartPolicy !== "OnFailure" && restartPolicy !== "Never") {
    causes.push({
      reason: "FieldValueNotSupported",
      message: `Unsupported value: "${restartPolicy}": supported values: "OnFailure", "Never"`,
      field: "spec.template.spec.restartPolicy",
    });
  }
  return causes;
}

/** A Job's template cannot change; a suspended Job that never started is the exception for scheduling hints. */
export function validateJobUpdate(next: Job, previous: Job): StatusCause[] {
  const causes: StatusCause[] = [];
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  for (const field of ["completions", "selector", "completionMode", "podReplacementPolicy"] as const) {
    if (!same(next.spec[field], previous.spec[field])) {
      causes.push(invalidValue(`spec.${field}`, next.spec[field], "field is immutable"));
    }
  }
  const neverStarted = previous.spec.suspend === true && previous.status.startTime === undefined;
  const template = neverStarted ? withoutScheduling(next) : next.spec.template;
  const before = neverStarted ? withoutScheduling(previous) : previous.spec.template;
  if (!same(template, before)) {
    causes.push(invalidValue("spec.template", next.spec.template, "field is immutable"));
  }
  return causes;
}

function withoutScheduling(job: Job): unknown {
  const { metadata, spec } = job.spec.template;
  const { nodeSelector: _selector, tolerations: _tolerations, schedulingGates: _gates, ...rest } = spec;
  return { ...rest, name: metadata?.name };
}
