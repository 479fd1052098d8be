/** A row of the Pod Security Standards, and how its fields are found. */

import { at, containersOf, isAbsent, securityContextsOf } from "./place.ts";
import type { Place } from "./place.ts";

export type PodSecurityLevel = "baseline" | "restricted";

/** One control over one kind of fields. */
export interface Control {
  readonly rule: string;
  readonly requirement: string;
  readonly places: (template: Place) => readonly Place[];
  readonly allows: (value: unknown, template: Place) => boolean;
}

export const isFalse = (value: unknown): boolean => isAbsent(value) || value === false;

export function isAbsentOr(...allowed: readonly unknown[]): (value: unknown) => boolean {
  return (value) => isAbsent(value) || allowed.includes(value);
}

export const isProfile = (value: unknown): boolean => value === "RuntimeDefault" || value === "Localhost";

export function ofContainers(...names: readonly string[]): (template: Place) => readonly Place[] {
  return (template) => containersOf(template).map((container) => at(container, ...names));
}

/** Of the pod and of each container. */
export function ofContexts(...names: readonly string[]): (template: Place) => readonly Place[] {
  return (template) => securityContextsOf(template).map((context) => at(context, ...names));
}

export function ofPod(...names: readonly string[]): (template: Place) => readonly Place[] {
  return (template) => [at(template, "spec", ...names)];
}
