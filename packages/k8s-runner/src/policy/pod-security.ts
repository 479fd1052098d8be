/** The Pod Security Standards, applied to whatever JSON stands where a pod template should. */

import type { PolicyViolation } from "../types/policy.ts";
import type { Control, PodSecurityLevel } from "./control.ts";
import { shown } from "./place.ts";
import type { Place } from "./place.ts";
import { baselineControls } from "./pod-security-baseline.ts";
import { restrictedControls } from "./pod-security-restricted.ts";

/** What a pod template (or a pod) has that the level does not allow; `[]`: it passes. Needs no runner. */
export function podSecurityViolations(
  template: unknown,
  level: PodSecurityLevel = "restricted",
): readonly PolicyViolation[] {
  const root: Place = { field: "", value: template };
  const baseline = violationsOf(baselineControls, "baseline", root);
  if (level === "baseline") return baseline;
  const known = new Set(baseline.map(({ field }) => field));
  const restricted = violationsOf(restrictedControls, "restricted", root);
  return [...baseline, ...restricted.filter(({ field }) => !known.has(field))];
}

export function violationsOf(
  controls: readonly Control[],
  source: PolicyViolation["source"],
  template: Place,
): readonly PolicyViolation[] {
  return controls.flatMap(({ rule, requirement, places, allows }) =>
    places(template)
      .filter(({ value }) => !allows(value, template))
      .map(({ field, value }) => ({ field, value: shown(value), rule, source, requirement })),
  );
}
