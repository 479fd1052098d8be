/** Single keys of Secrets that a run may read as variables: the Secret with its other keys stays closed. */

import type { PodPolicy } from "../types/policy.ts";
import { at, containersOf, each } from "./place.ts";
import type { Place } from "./place.ts";

/** Does a violation lie in a variable whose key was lent? */
export function lentKeys(
  template: Place,
  lent: NonNullable<PodPolicy["lentKeys"]>,
): (field: string) => boolean {
  if (lent.length === 0) return () => false;
  const covered = containersOf(template)
    .flatMap((container) => each(at(container, "env")))
    .map((variable) => at(variable, "valueFrom", "secretKeyRef"))
    .filter((reference) => {
      const [name, key] = [at(reference, "name").value, at(reference, "key").value];
      return lent.some((one) => one.secretName === name && one.key === key);
    });
  const fields = new Set(covered.map((reference) => at(reference, "name").field));
  return (field) => fields.has(field);
}
