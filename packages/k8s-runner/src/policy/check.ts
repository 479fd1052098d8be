/** A Job or pod template against the policy of whoever runs it: Pod Security "restricted", and the runner's own rules. Pure. */

import { payloadSecretsOf } from "../manifest/payload-names.ts";
import type { PodPolicy, PolicyViolation } from "../types/policy.ts";
import { lentKeys } from "./lent-keys.ts";
import { checkLentVolumes } from "./lent-volumes.ts";
import { at, isObject } from "./place.ts";
import { podSecurityViolations, violationsOf } from "./pod-security.ts";
import { runRules } from "./run-rules.ts";
import { shapeControls } from "./shape.ts";

/**
 * Everything that the policy does not allow; `[]`: all is well. Takes a Job (a manifest, with an overlay already merged) or a pod
 * template. `{}` is the closed default. The Secrets that a Job of the runner names for itself are its own.
 */
export function checkPodPolicy(jobOrTemplate: unknown, policy: PodPolicy = {}): readonly PolicyViolation[] {
  // As it is sent: what an object inherits, or `toJSON` makes of it, would else be judged as something that it is not.
  const sent: unknown = JSON.parse(JSON.stringify(jobOrTemplate) ?? "null");
  const root = { field: "", value: sent };
  const isJob =
    isObject(sent) && (sent["kind"] === "Job" || at(root, "spec", "template").value !== undefined);
  const template = { field: "", value: isJob ? at(root, "spec", "template").value : sent };
  const ownSecrets = isJob ? payloadSecretsOf(sent) : [];
  const lent = checkLentVolumes(template, policy.lent ?? []);
  const isLent = lentKeys(template, policy.lentKeys ?? []);
  const found = [
    ...violationsOf(shapeControls, "runner", template),
    ...podSecurityViolations(template.value).filter(({ field }) => !lent.covers(field)),
    ...violationsOf(runRules(policy, ownSecrets), "runner", template).filter(
      ({ field }) => !lent.covers(field) && !isLent(field),
    ),
    ...lent.violations,
  ];
  return found.filter(({ field }) => !isExempt(field, policy.fields ?? []));
}

function isExempt(field: string, exemptions: readonly string[]): boolean {
  const anyIndex = field.replaceAll(/\[\d+\]/g, "[*]");
  return exemptions.some(
    (exempt) => anyIndex === exempt || anyIndex.startsWith(`${exempt}.`) || anyIndex.startsWith(`${exempt}[`),
  );
}
