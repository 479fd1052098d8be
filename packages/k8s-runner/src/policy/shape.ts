/**
 * What no rule would see: fields that this version does not know, and values of a type that the API does not read. A rule that
 * looks for a list finds nothing in an object; so everything that is looked into must have its type.
 */

import { isAbsentOr } from "./control.ts";
import type { Control } from "./control.ts";
import { at, containersOf, entries, isAbsent, isObject, securityContextsOf, volumesOf } from "./place.ts";
import type { Place } from "./place.ts";

const podFields: ReadonlySet<string> = new Set([
  "activeDeadlineSeconds",
  "affinity",
  "automountServiceAccountToken",
  "containers",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostUsers",
  "hostname",
  "imagePullSecrets",
  "initContainers",
  "nodeName",
  "nodeSelector",
  "os",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "resourceClaims",
  "resources",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "schedulingGates",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "setHostnameAsFQDN",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "tolerations",
  "topologySpreadConstraints",
  "volumes",
]);

const containerFields: ReadonlySet<string> = new Set([
  "args",
  "command",
  "env",
  "envFrom",
  "image",
  "imagePullPolicy",
  "lifecycle",
  "livenessProbe",
  "name",
  "ports",
  "readinessProbe",
  "resizePolicy",
  "resources",
  "restartPolicy",
  "restartPolicyRules",
  "securityContext",
  "startupProbe",
  "stdin",
  "stdinOnce",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tty",
  "volumeDevices",
  "volumeMounts",
  "workingDir",
]);

const metadataFields: ReadonlySet<string> = new Set([
  "labels",
  "annotations",
  "finalizers",
  "creationTimestamp",
]);

const unknownField = {
  rule: "unknownField",
  requirement: "must be absent: no rule knows this field",
} as const;
const isListOfObjects = (value: unknown): boolean =>
  isAbsent(value) || (Array.isArray(value) && value.every(isObject));

function unknownIn(place: Place, known: ReadonlySet<string>): readonly Place[] {
  return entries(place).filter(({ name }) => !known.has(name));
}

export const shapeControls: readonly Control[] = [
  {
    ...unknownField,
    places: (template) => [
      ...unknownIn(template, new Set(["metadata", "spec"])),
      ...unknownIn(at(template, "metadata"), metadataFields),
      ...unknownIn(at(template, "spec"), podFields),
      ...containersOf(template).flatMap((container) => unknownIn(container, containerFields)),
    ],
    allows: isAbsent,
  },
  {
    rule: "type",
    requirement: "must be an object",
    places: (template) => [at(template, "spec")],
    allows: isObject,
  },
  {
    rule: "type",
    requirement: "must be a list of at least one container",
    places: (template) => [at(template, "spec", "containers")],
    allows: (value) => Array.isArray(value) && value.length > 0 && value.every(isObject),
  },
  {
    rule: "type",
    requirement: "must be absent or a list of objects",
    places: listsOfObjects,
    allows: isListOfObjects,
  },
  {
    rule: "type",
    requirement: "must be absent or a list",
    places: (template) =>
      containersOf(template).flatMap((container) =>
        ["add", "drop"].map((list) => at(container, "securityContext", "capabilities", list)),
      ),
    allows: (value) => isAbsent(value) || Array.isArray(value),
  },
  {
    rule: "type",
    requirement: "must be absent or an object",
    places: (template) => [
      at(template, "metadata"),
      at(template, "metadata", "annotations"),
      ...securityContextsOf(template),
    ],
    allows: (value) => isAbsent(value) || isObject(value),
  },
  {
    rule: "runsOnce",
    requirement: "must be Never: a run happens once",
    places: (template) => [at(template, "spec", "restartPolicy")],
    allows: isAbsentOr("Never"),
  },
];

function listsOfObjects(template: Place): readonly Place[] {
  return [
    ...["initContainers", "volumes", "imagePullSecrets", "resourceClaims"].map((list) =>
      at(template, "spec", list),
    ),
    at(template, "spec", "securityContext", "sysctls"),
    ...volumesOf(template).map((volume) => at(volume, "projected", "sources")),
    ...containersOf(template).flatMap((container) =>
      ["env", "envFrom", "ports", "volumeMounts"].map((list) => at(container, list)),
    ),
  ];
}
