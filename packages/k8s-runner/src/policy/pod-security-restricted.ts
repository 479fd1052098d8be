/** What Pod Security "restricted" asks beyond "baseline", as Kubernetes 1.34 has it. Where a cluster may relax a control for user namespaces, this does not. */

import { isAbsentOr, isProfile, ofContainers, ofContexts, ofPod } from "./control.ts";
import type { Control } from "./control.ts";
import { at, entries, isAbsent, volumesOf } from "./place.ts";
import type { Place } from "./place.ts";
import { capabilitiesAdded } from "./pod-security-baseline.ts";

const volumeSources: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** Windows has none of these; the API refuses them in a pod that says it is for Windows. */
function isForWindows(template: Place): boolean {
  return at(template, "spec", "os", "name").value === "windows";
}

/** What the pod says holds for a container that says nothing. */
function podSays(template: Place, allows: (value: unknown) => boolean, ...names: readonly string[]): boolean {
  return allows(at(template, "spec", "securityContext", ...names).value);
}

export const restrictedControls: readonly Control[] = [
  {
    rule: "restrictedVolumes",
    requirement: `must be of one of the kinds ${[...volumeSources].join(", ")}`,
    places: (template) =>
      volumesOf(template)
        .flatMap(entries)
        .filter(({ name }) => name !== "name" && !volumeSources.has(name)),
    allows: isAbsent,
  },
  {
    rule: "allowPrivilegeEscalation",
    requirement: "must be false",
    places: ofContainers("securityContext", "allowPrivilegeEscalation"),
    allows: (value, template) => value === false || isForWindows(template),
  },
  {
    rule: "runAsNonRoot",
    requirement: "must be absent or true",
    places: ofPod("securityContext", "runAsNonRoot"),
    allows: isAbsentOr(true),
  },
  {
    rule: "runAsNonRoot",
    requirement: "must be true, or absent where the pod's is true",
    places: ofContainers("securityContext", "runAsNonRoot"),
    allows: (value, template) =>
      isAbsent(value) ? podSays(template, (own) => own === true, "runAsNonRoot") : value === true,
  },
  {
    rule: "runAsUser",
    requirement: "must not be 0",
    places: ofContexts("runAsUser"),
    allows: (value) => isAbsent(value) || (typeof value === "number" && value !== 0),
  },
  {
    rule: "seccompProfile_restricted",
    requirement: "must be RuntimeDefault or Localhost, or absent where the pod's is one of them",
    places: ofContainers("securityContext", "seccompProfile", "type"),
    allows: (value, template) =>
      isForWindows(template) ||
      (isAbsent(value) ? podSays(template, isProfile, "seccompProfile", "type") : isProfile(value)),
  },
  {
    rule: "capabilities_restricted",
    requirement: "must have ALL",
    places: ofContainers("securityContext", "capabilities", "drop"),
    allows: (value, template) => isForWindows(template) || (Array.isArray(value) && value.includes("ALL")),
  },
  {
    rule: "capabilities_restricted",
    requirement: "must be NET_BIND_SERVICE",
    places: capabilitiesAdded,
    allows: (value, template) => isForWindows(template) || value === "NET_BIND_SERVICE",
  },
];
