/**
 * Volumes that a run is lent: the policy's other rules say nothing of them as long as they are exactly what was lent, and every mount
 * of them is of a part that was lent. A volume of a shared disk holds other people's files beside those of the run.
 */

import { isDeepStrictEqual } from "node:util";
import type { LentVolume, PolicyViolation } from "../types/policy.ts";
import { at, containersOf, each, isAbsent, shown, volumesOf } from "./place.ts";
import type { Place } from "./place.ts";

export interface LentCheck {
  /** A violation of another rule lies in what was lent. */
  readonly covers: (field: string) => boolean;
  readonly violations: readonly PolicyViolation[];
}

export function checkLentVolumes(template: Place, lent: readonly LentVolume[]): LentCheck {
  const given: readonly LentVolume[] = JSON.parse(JSON.stringify(lent));
  const present = volumesOf(template).flatMap((place) => {
    const found = given.find(({ volume }) => isDeepStrictEqual(volume, place.value));
    return found === undefined ? [] : [{ field: place.field, lent: found }];
  });
  const parts = new Map(present.map(({ lent: { volume, subPaths } }) => [volume.name, subPaths]));
  return {
    covers: (field) => present.some((one) => field.startsWith(`${one.field}.`)),
    violations: [
      ...present.flatMap((one) => groupViolations(template, one.lent)),
      ...containersOf(template)
        .flatMap((container) => each(at(container, "volumeMounts")))
        .flatMap((mount) => mountViolations(mount, parts)),
      ...containersOf(template)
        .flatMap((container) => each(at(container, "volumeDevices")))
        .flatMap((device) => deviceViolations(device, parts)),
    ],
  };
}

type Parts = ReadonlyMap<unknown, readonly string[]>;

function mountViolations(mount: Place, parts: Parts): readonly PolicyViolation[] {
  const lent = parts.get(at(mount, "name").value);
  if (lent === undefined) return [];
  const expression = at(mount, "subPathExpr");
  const subPath = at(mount, "subPath");
  const isLent = lent.some((part) => part === (isAbsent(subPath.value) ? "" : subPath.value));
  return [
    ...(isAbsent(expression.value) || expression.value === ""
      ? []
      : [violation(expression, "must be absent")]),
    ...(isLent ? [] : [violation(subPath, `must be a part that the run is lent: ${wordsOf(lent)}`)]),
  ];
}

function groupViolations(template: Place, { fsGroup }: LentVolume): readonly PolicyViolation[] {
  const place = at(template, "spec", "securityContext", "fsGroup");
  const value = isAbsent(place.value) ? null : place.value;
  if (fsGroup === undefined || value === fsGroup) return [];
  return [
    violation(
      place,
      `must be ${fsGroup === null ? "absent" : String(fsGroup)}: the lent volume has its owner`,
    ),
  ];
}

function deviceViolations(device: Place, parts: Parts): readonly PolicyViolation[] {
  const name = at(device, "name");
  return parts.has(name.value) ? [violation(name, "must not be a volume that the run is lent")] : [];
}

function violation({ field, value }: Place, requirement: string): PolicyViolation {
  return { field, value: shown(value), rule: "lentVolume", source: "runner", requirement };
}

function wordsOf(parts: readonly string[]): string {
  return parts.map((part) => (part === "" ? "the whole volume" : part)).join(", ");
}
