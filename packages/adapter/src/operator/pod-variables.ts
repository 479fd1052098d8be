import type { SettingRefusal } from "@claude-k8s/diagnostics";
import { type RunSpec, jobManifest } from "@claude-k8s/k8s-runner";
import type { V1Container, V1EnvVar, V1PodSpec } from "@kubernetes/client-node";

import { isObject } from "../settings/values.ts";
import { type Variable, type VariableOrigin, refusedVariables } from "./destinations.ts";
import type { PatternValues } from "./patterns.ts";

/** Variables that the settings give a run, and who gave what they say about its containers. */
export interface GivenVariables {
  readonly variables: readonly Variable[];
  readonly containersBy: VariableOrigin;
  /** Who gave `podTemplate`. */
  readonly overlayBy: VariableOrigin;
}

/**
 * Variables of any container of the merged pod that the run itself has not given; an overlay, or a container beside, would
 * otherwise say what `env` may not.
 */
export function refusedPodVariables(
  spec: RunSpec,
  pod: V1PodSpec,
  { variables, containersBy }: GivenVariables,
  allowed: readonly string[],
  values: PatternValues,
): readonly SettingRefusal[] {
  if (containersBy === "operator") return [];
  const { podTemplate: _overlay, initContainers: _before, extraContainers: _beside, ...bare } = spec;
  const own = new Set(containersOf(jobManifest(bare).spec?.template.spec).flatMap(variablesOf).map(identity));
  const given = containersOf(pod)
    .flatMap(variablesOf)
    .filter((variable) => !own.has(identity(variable)))
    .map(({ name, value }): Variable => ({
      name,
      value: typeof value === "string" ? value : null,
      origin: containersBy,
    }));
  const names = new Set(given.map(({ name }) => name));
  const placeOf = placesOf(spec);
  const reserved = [...names].filter((name) => name.startsWith("PAPERCLIP_"));
  const redirecting = refusedVariables({
    variables: given,
    beside: variables.filter(({ name }) => !names.has(name)),
    allowed,
    values,
  });
  return [
    ...reserved.map((name): SettingRefusal => ({
      setting: `${placeOf(name)}env.${name}`,
      rule: "Paperclip's own variables come from Paperclip",
      allow: "allow.podTemplate",
    })),
    ...redirecting.map((refusal) =>
      Object.assign({}, refusal, {
        setting: `${placeOf(refusal.setting.slice("env.".length))}${refusal.setting}`,
      }),
    ),
  ];
}

/** Where a variable of a container was written, by its name. */
function placesOf(spec: RunSpec): (name: string) => string {
  const places = new Map(
    (["extraContainers", "initContainers"] as const).flatMap((key) =>
      containersOf({ containers: [...(spec[key] ?? [])] })
        .flatMap(variablesOf)
        .map(({ name }) => [name, `${key}.`] as const),
    ),
  );
  return (name) => places.get(name) ?? "podTemplate.spec.containers.";
}

function containersOf(pod: V1PodSpec | undefined): readonly V1Container[] {
  // An overlay may have put anything there.
  return [pod?.containers, pod?.initContainers].flatMap((list) =>
    Array.isArray(list) ? list.filter(isObject) : [],
  );
}

function variablesOf({ env }: V1Container): readonly V1EnvVar[] {
  return Array.isArray(env) ? env.filter((each) => isObject(each) && typeof each.name === "string") : [];
}

/** Where a value comes from is part of it. */
function identity({ name, value, valueFrom }: V1EnvVar): string {
  return JSON.stringify([name, value ?? null, valueFrom ?? null]);
}
