import type { PlannedRun, RunOptions } from "./run-options.ts";

type Path = readonly (string | number)[];

/** Options by the settings that they stand for. */
const optionOf: Readonly<Record<string, keyof RunOptions>> = {
  image: "image",
  namespace: "namespace",
  timeoutSec: "timeout",
  "resources.limits.memory": "memory",
  "resources.limits.cpu": "cpu",
  podTemplate: "podTemplate",
  retainJobs: "retain",
  maxBudgetUsd: "budget",
  model: "model",
};

const pod = ["spec", "template", "spec"] as const;
const main = [...pod, "containers", 0] as const;

/** Parts of the Job, with the setting that decides them. */
const settingOf: readonly (readonly [Path, string])[] = [
  [["metadata", "namespace"], "namespace"],
  [["spec", "ttlSecondsAfterFinished"], "ttlSecondsAfterFinished"],
  [[...pod, "terminationGracePeriodSeconds"], "graceSec"],
  [[...pod, "activeDeadlineSeconds"], "timeoutSec"],
  [[...pod, "serviceAccountName"], "serviceAccountName"],
  [[...pod, "nodeSelector"], "nodeSelector"],
  [[...pod, "tolerations"], "tolerations"],
  [[...main, "image"], "image"],
  [[...main, "imagePullPolicy"], "imagePullPolicy"],
  [[...main, "workingDir"], "cwd"],
  ...["limits", "requests"].flatMap((kind) =>
    ["cpu", "memory", "ephemeral-storage"].map((name): readonly [Path, string] => [
      [...main, "resources", kind, name],
      `resources.${kind}.${name}`,
    ]),
  ),
];

/** What no setting decides: the rule that does. */
const rules: readonly (readonly [Path, string])[] = [
  [["metadata", "name"], "from the slot, so that a slot has one Job at a time"],
  [["spec", "backoffLimit"], "a failed pod is not run again: what it did would be repeated"],
  [["spec", "suspend"], "released when its Secrets are there"],
  [[...pod, "automountServiceAccountToken"], "the agent gets no way to the cluster"],
  [[...pod, "restartPolicy"], "a failed pod is not run again"],
  [[...pod, "shareProcessNamespace"], "so that signals reach Claude and no zombie stays"],
  [[...pod, "securityContext"], 'Pod Security "restricted"'],
  [[...main, "securityContext"], 'Pod Security "restricted"'],
  [[...main, "command"], "Claude is the main process, its stdin is the prompt"],
  [[...main, "env"], "values in a Secret"],
];

/** Where each part of the Job comes from, in words. */
export function originsOf(planned: PlannedRun, options: RunOptions): readonly (readonly [Path, string])[] {
  const file = options.config ?? null;
  const flat = new Set(Object.keys(planned.config).filter((key) => planned.config[key] !== undefined));
  const origin = (setting: string): string => {
    const option = optionOf[setting];
    if (option !== undefined && options[option] !== undefined) return `--${dashed(option)}`;
    if (file !== null && (flat.has(setting) || (setting.startsWith("resources.") && flat.has("resources"))))
      return `${setting} in ${file}`;
    if (setting === "cwd" && planned.choice.mode !== "empty")
      return `where the workspace is: ${planned.choice.mode}, as ${planned.choice.why}`;
    return setting === "namespace" ? "the kubeconfig's context" : `${setting} is not set: the default`;
  };
  return [...settingOf.map(([path, setting]) => [path, origin(setting)] as const), ...rules];
}

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export interface Difference {
  readonly path: Path;
  readonly kind: "added" | "changed";
}

/** What the second object has that the first has not, or has otherwise; of what was added as a whole only its top. */
export function differences(first: unknown, second: unknown, path: Path = []): readonly Difference[] {
  if (isBranch(first) && isBranch(second) && Array.isArray(first) === Array.isArray(second))
    return Object.entries(second).flatMap(([key, value]) => {
      const step = Array.isArray(second) ? Number(key) : key;
      const next = [...path, step];
      const before = (first as Record<string, unknown>)[key];
      return before === undefined
        ? [{ path: next, kind: "added" as const }]
        : differences(before, value, next);
    });
  return Object.is(first, second) ? [] : [{ path, kind: "changed" }];
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
