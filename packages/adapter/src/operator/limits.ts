import type { SettingRefusal } from "@claude-k8s/diagnostics";

import { defaultLimit, smaller } from "../claude/resources.ts";
import type { SettingKey } from "../settings/fields.ts";
import type { SettingOrigin } from "../settings/layers.ts";
import type { Settings } from "../settings/settings.ts";
import { isObject } from "../settings/values.ts";
import type { OperatorFile } from "./file-schema.ts";
import { compareQuantities, quantityValue, sumQuantities } from "./quantities.ts";

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
  const { life, claude } = settings;
  return {
    refusals,
    settings: {
      ...settings,
      pod: { ...settings.pod, resources: { ...settings.pod.resources, limits } },
      life: {
        ...life,
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
  readonly resources?: Container["resources"];
  readonly activeDeadlineSeconds?: unknown;
}

/**
 * The same for the pod as it will be sent, whatever the overlay made of it: every container has a limit, and all of them
 * together are not more than the maximum. Init containers run before the others, those that stay run beside them.
 */
export function podBeyondMaximum(spec: PodSpec, maximum: Maximum): readonly SettingRefusal[] {
  return resources.flatMap(([name, key]) => {
    const most = maximum[key];
    if (most === undefined) return [];
    const refuse = (field: string, value: string | null, rule: string): SettingRefusal => ({
      setting: `podTemplate.spec.${field}`,
      ...(value !== null && { value }),
      rule,
      allow: `maximum.${key}`,
    });
    const containers = objectsOf(spec.containers);
    const before = objectsOf(spec.initContainers);
    const all = [...containers, ...before];
    const unlimited = all.find((container) => !isLimit(container.resources?.limits?.[name]));
    if (unlimited !== undefined) {
      const container = String(unlimited.name);
      return [
        refuse("containers", container, `every container needs a limit of ${name}, together at most ${most}`),
      ];
    }
    const stays = before.filter(({ restartPolicy }) => restartPolicy === "Always");
    const staying = sumQuantities(stays.map((each) => limitOf(each, name)));
    const largest = [
      staying + sumQuantities(containers.map((each) => limitOf(each, name))),
      ...before
        .filter(({ restartPolicy }) => restartPolicy !== "Always")
        .map((each) => staying + sumQuantities([limitOf(each, name)])),
      ...[spec.resources?.limits?.[name], spec.resources?.requests?.[name]].map((value) =>
        sumQuantities(typeof value === "string" ? [value] : []),
      ),
    ].reduce((a, b) => Math.max(a, b));
    return largest > sumQuantities([most])
      ? [refuse("containers", null, `their limits of ${name} are together at most ${most}`)]
      : [];
  });
}

/** The kubelet takes a limit of 0 for none. */
function isLimit(value: unknown): boolean {
  return typeof value === "string" && quantityValue(value) > 0;
}

/** An overlay may have put anything there; what is no container is refused by its form. */
function objectsOf(list: unknown): readonly Container[] {
  return Array.isArray(list) ? list.filter((each): each is Container => isObject(each)) : [];
}

function limitOf({ resources: given }: Container, name: string): string {
  const limit = given?.limits?.[name];
  return typeof limit === "string" ? limit : "0";
}
