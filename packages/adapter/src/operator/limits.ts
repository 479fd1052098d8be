import type { SettingRefusal } from "@claude-k8s/diagnostics";

import { defaultLimit, smaller } from "../claude/resources.ts";
import type { SettingKey } from "../settings/fields.ts";
import type { SettingOrigin } from "../settings/layers.ts";
import type { Settings } from "../settings/settings.ts";
import { isObject } from "../settings/values.ts";
import type { OperatorFile } from "./file-schema.ts";
import { compareQuantities, quantityValue } from "./quantities.ts";
import { storageWithin } from "./storage-limits.ts";

export type Maximum = NonNullable<OperatorFile["maximum"]>;

const resources = [
  ["cpu", "cpu"],
  ["memory", "memory"],
  ["ephemeral-storage", "ephemeralStorage"],
] as const;

/**
 * Settings within the operator's maximum. What no setting gives takes its default, or the maximum where that is less or there
 * is no default, as no limit would be more than it; what a setting gives and is more is refused, not cut: a run that is cut short looks like a failure.
 */
export function withinMaximum(
  settings: Settings,
  origins: ReadonlyMap<SettingKey, SettingOrigin>,
  maximum: Maximum,
): { readonly settings: Settings; readonly refusals: readonly SettingRefusal[] } {
  const refusals: SettingRefusal[] = [];
  const atMost = (setting: string, value: number | null, key: keyof Maximum): number | null => {
    const most = maximum[key];
    if (typeof most !== "number") return value;
    if (value === null) return most;
    if (value > most) refusals.push({ setting, value, rule: `at most ${most}`, allow: `maximum.${key}` });
    return value;
  };
  const limits: Record<string, string> = { ...settings.pod.resources.limits };
  for (const [name, key] of resources) {
    const most = maximum[key];
    if (most === undefined) continue;
    for (const [part, values] of Object.entries(settings.pod.resources)) {
      const value = values[name];
      if (value !== undefined && compareQuantities(value, most) > 0)
        refusals.push({
          setting: `resources.${part}.${name}`,
          value,
          rule: `at most ${most}`,
          allow: `maximum.${key}`,
        });
    }
    const limit = limits[name];
    if (limit !== undefined && !isLimit(limit))
      refusals.push({
        setting: `resources.limits.${name}`,
        value: limit,
        rule: `more than 0, which is no limit, and at most ${most}`,
        allow: `maximum.${key}`,
      });
    const usual = defaultLimit(settings.pod, name);
    limits[name] ??= usual === null ? most : smaller(usual, most);
  }
  for (const [part, values] of Object.entries(settings.pod.resources))
    for (const name of otherNames([{ [part]: values }])) {
      const rule = ruleForOther(name, useOf({ resources: { [part]: values } }, name), maximum);
      if (rule !== null)
        refusals.push({
          setting: `resources.${part}.${name}`,
          value: name,
          rule,
          allow: "maximum.resources",
        });
    }
  const { life, claude } = settings;
  const storage = storageWithin(settings, origins, maximum);
  refusals.push(...storage.refusals);
  return {
    refusals,
    settings: {
      ...settings,
      ...storage.settings,
      pod: { ...settings.pod, resources: { ...settings.pod.resources, limits } },
      life: {
        ...life,
        maxConcurrentRuns: atMost("maxConcurrentRuns", life.maxConcurrentRuns, "concurrentRuns"),
        deadlineSeconds: atMost("timeoutSec", life.deadlineSeconds, "deadlineSeconds"),
        ttlSecondsAfterFinished: origins.has("ttlSecondsAfterFinished")
          ? (atMost("ttlSecondsAfterFinished", life.ttlSecondsAfterFinished, "timeToLiveSeconds") ?? 0)
          : Math.min(life.ttlSecondsAfterFinished, maximum.timeToLiveSeconds ?? life.ttlSecondsAfterFinished),
      },
      claude: { ...claude, maxBudgetUsd: atMost("maxBudgetUsd", claude.maxBudgetUsd, "budgetUsd") },
    },
  };
}

interface Container {
  readonly name?: unknown;
  readonly restartPolicy?: unknown;
  readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities };
}
type Quantities = Readonly<Record<string, unknown>>;

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: unknown;
  readonly resources?: Container["resources"];
  readonly activeDeadlineSeconds?: unknown;
}

/**
 * The same for the pod as it will be sent, whatever the overlay made of it: every container has a limit, and all of them
 * together are not more than the maximum. Init containers run before the others, those that stay run beside them.
 */
export function podBeyondMaximum(spec: PodSpec, maximum: Maximum): readonly SettingRefusal[] {
  const refuse = (field: string, value: string | null, rule: string, key: string): SettingRefusal => ({
    setting: `podTemplate.spec.${field}`,
    ...(value !== null && { value }),
    rule,
    allow: `maximum.${key}`,
  });
  const limited = resources.flatMap(([name, key]) => {
    const most = maximum[key];
    if (most === undefined) return [];
    const unlimited = containersOf(spec).find((container) => !isLimit(container.resources?.limits?.[name]));
    if (unlimited !== undefined) {
      const rule = `every container needs a limit of ${name}, together at most ${most}`;
      return [refuse("containers", String(unlimited.name), rule, key)];
    }
    return largestUse(spec, name) > quantityValue(most)
      ? [refuse("containers", null, `their limits of ${name} are together at most ${most}`, key)]
      : [];
  });
  const others = otherNames([...containersOf(spec), spec].map((each) => each.resources)).flatMap((name) => {
    const rule = ruleForOther(name, largestUse(spec, name), maximum);
    return rule === null ? [] : [refuse("containers", name, rule, "resources")];
  });
  const claimed = claimsOf(spec).reduce((sum, size) => sum + Math.max(0, size), 0);
  const tooMuch = maximum.newVolumes !== undefined && claimed > quantityValue(maximum.newVolumes);
  const rule = `the volumes that a pod claims for itself have together at most ${maximum.newVolumes ?? ""}`;
  return [...limited, ...others, ...(tooMuch ? [refuse("volumes", null, rule, "newVolumes")] : [])];
}

/** `null`: as much of it may be used. */
function ruleForOther(name: string, value: number, { resources: allowed }: Maximum): string | null {
  if (allowed === undefined || value === 0) return null;
  const most = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
  if (most === undefined) return `only ${Object.keys(allowed).join(", ") || "CPU, memory and scratch space"}`;
  return value > quantityValue(most) ? `at most ${most}` : null;
}

const measured: ReadonlySet<string> = new Set(resources.map(([name]) => name));

/** Resources beside CPU, memory and scratch space, each once. */
function otherNames(all: readonly Container["resources"][]): readonly string[] {
  const names = all.flatMap((each) =>
    [each?.limits, each?.requests].flatMap((part) => Object.keys(part ?? {})),
  );
  return [...new Set(names)].filter((name) => !measured.has(name));
}

/** What the scheduler would set aside at most, by limits and requests. */
function largestUse(spec: PodSpec, name: string): number {
  const sum = (containers: readonly Container[]): number =>
    containers.reduce((total, each) => total + useOf(each, name), 0);
  const before = objectsOf(spec.initContainers);
  const staying = sum(before.filter(({ restartPolicy }) => restartPolicy === "Always"));
  const passing = before.filter(({ restartPolicy }) => restartPolicy !== "Always");
  return [
    staying + sum(objectsOf(spec.containers)),
    ...passing.map((each) => staying + useOf(each, name)),
    useOf(spec, name),
  ].reduce((a, b) => Math.max(a, b));
}

function useOf(
  { resources: given }: { readonly resources?: Container["resources"] | undefined },
  name: string,
): number {
  // The parts of an overlay can be anything, and the API takes numbers as well.
  const values = [given?.limits?.[name], given?.requests?.[name]].filter((value) => value != null);
  return values.map(quantityOf).reduce((a, b) => Math.max(a, b), 0);
}

function quantityOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? quantityValue(value) : Number.POSITIVE_INFINITY;
}

/** Sizes of the volumes that the pod claims for itself. */
function claimsOf({ volumes }: PodSpec): readonly number[] {
  const claims = (Array.isArray(volumes) ? volumes : []).flatMap((volume: unknown) => {
    const ephemeral = isObject(volume) ? volume["ephemeral"] : undefined;
    return isObject(ephemeral) ? [ephemeral["volumeClaimTemplate"]] : [];
  });
  return claims.map((template) => {
    const spec = isObject(template) ? template["spec"] : undefined;
    const given = isObject(spec) ? spec["resources"] : undefined;
    const requests = isObject(given) ? given["requests"] : undefined;
    // What has no size that can be read is larger than any.
    return quantityOf(isObject(requests) ? requests["storage"] : undefined);
  });
}

/** The kubelet takes a limit of 0 for none. */
function isLimit(value: unknown): boolean {
  return typeof value === "string" && quantityValue(value) > 0;
}

/** An overlay may have put anything there; what is no container is refused by its form. */
function containersOf({ containers, initContainers }: PodSpec): readonly Container[] {
  return [...objectsOf(containers), ...objectsOf(initContainers)];
}

function objectsOf(list: unknown): readonly Container[] {
  return Array.isArray(list) ? list.filter((each): each is Container => isObject(each)) : [];
}
