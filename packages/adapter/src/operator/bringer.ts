import type { RunSpec } from "@claude-k8s/k8s-runner";
import type { V1PodSpec } from "@kubernetes/client-node";

import { isObject } from "../settings/values.ts";

/** Settings that say what `podTemplate` could say as well, by their field of the pod's spec. */
const settingsOfFields: Readonly<Record<string, string>> = {
  priorityClassName: "priorityClassName",
  runtimeClassName: "runtimeClassName",
  affinity: "affinity",
  topologySpreadConstraints: "topologySpreadConstraints",
  hostAliases: "hostAliases",
  imagePullSecrets: "registryLogins",
};

export interface ContainerPlace {
  readonly key: "initContainers" | "extraContainers";
  readonly index: number;
}

/** The settings that brought the parts of a merged pod, so that a refusal names what a person has written. */
export interface Bringer {
  /** `field` is a path such as `spec.containers[1].image`. */
  readonly ofField: (field: string) => string;
  /** The setting that brought the container of this name; `null`: it is the run's own, or the overlay speaks of it. */
  readonly ofContainer: (name: unknown) => ContainerPlace | null;
}

/** Where the overlay says anything of a part, it is the overlay that brought it. Made once for a pod: thousands of fields may be asked for. */
export function createBringer(spec: RunSpec, pod: V1PodSpec | undefined): Bringer {
  const sent: unknown = JSON.parse(JSON.stringify(spec.podTemplate?.spec ?? {}));
  const overlay: Readonly<Record<string, unknown>> = isObject(sent) ? sent : {};
  const places = containerPlaces(spec, overlay);
  const ofContainer: Bringer["ofContainer"] = (name) => places.get(name) ?? null;
  return {
    ofContainer,
    ofField(field) {
      const inOverlay = `podTemplate.${field}`;
      const [, part = "", rest = ""] = /^spec\.(\w+)([^]*)$/.exec(field) ?? [];
      if (part === "containers" || part === "initContainers")
        return inContainer(pod?.[part], rest, spec, ofContainer) ?? inOverlay;
      const setting = settingsOfFields[part];
      return setting === undefined || Object.hasOwn(overlay, part) ? inOverlay : `${setting}${rest}`;
    },
  };
}

function containerPlaces(
  spec: RunSpec,
  overlay: Readonly<Record<string, unknown>>,
): ReadonlyMap<unknown, ContainerPlace> {
  const places = new Map<unknown, ContainerPlace>();
  for (const key of ["initContainers", "extraContainers"] as const)
    for (const [index, { name }] of (spec[key] ?? []).entries()) places.set(name, { key, index });
  for (const list of [overlay["containers"], overlay["initContainers"]])
    for (const each of Array.isArray(list) ? list : []) if (isObject(each)) places.delete(each["name"]);
  return places;
}

function inContainer(
  list: unknown,
  rest: string,
  spec: RunSpec,
  ofContainer: Bringer["ofContainer"],
): string | null {
  const [, index = "", inside = ""] = /^\[(\d+)\](.*)$/.exec(rest) ?? [];
  const container: unknown = Array.isArray(list) ? list[Number(index)] : undefined;
  if (!isObject(container)) return null;
  const place = ofContainer(container["name"]);
  if (place !== null) return `${place.key}[${place.index}]${inside}`;
  const variable = /^\.env\[(\d+)\]/.exec(inside)?.[1];
  return variable === undefined ? null : referenceAt(container["env"], Number(variable), spec);
}

function referenceAt(env: unknown, index: number, { secretEnvFrom = {} }: RunSpec): string | null {
  const variable: unknown = Array.isArray(env) ? env[index] : undefined;
  if (!isObject(variable)) return null;
  const { name, valueFrom } = variable;
  const given =
    typeof name === "string" && Object.hasOwn(secretEnvFrom, name) ? secretEnvFrom[name] : undefined;
  const source = isObject(valueFrom) ? valueFrom["secretKeyRef"] : null;
  // The overlay may have put another Secret in its place.
  return given !== undefined && isObject(source) && source["name"] === given.secretName
    ? `envReferences.${String(name)}`
    : null;
}
