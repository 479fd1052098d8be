/**
 * The adapter's settings that a fix may name: key as in its configuration, label as in the host's form. The adapter's tests
 * hold this list against its schema.
 */
export const settingNames = {
  namespace: "Namespace",
  kubeconfig: "Kubeconfig",
  image: "Image",
  imagePullPolicy: "Image pull policy",
  serviceAccountName: "Service account",
  "resources.requests.cpu": "CPU request",
  "resources.requests.memory": "Memory request",
  "resources.limits.cpu": "CPU limit",
  "resources.limits.memory": "Memory limit",
  labels: "Labels",
  nodeSelector: "Node selector",
  tolerations: "Tolerations",
  homeDirectory: "Home directory",
  busyWaitSec: "Wait for a busy slot",
  timeoutSec: "Timeout",
  graceSec: "Grace period",
  env: "Environment",
  promptTemplate: "Prompt template",
  model: "Model",
  maxBudgetUsd: "Budget of a run",
  dailyBudgetUsd: "Budget of a day",
  stallSec: "Stall limit",
  toolStallSec: "Stall limit of a tool",
  lingerSec: "Stay after the result",
  claudeVersion: "Claude Code's release",
  maxTurnsPerRun: "Turns at most",
  extraArgs: "Extra arguments",
  retainJobs: "Retain Jobs",
  ttlSecondsAfterFinished: "Job time to live",
  podTemplate: "Pod template",
  copyMaxSize: "Largest copy",
  copyMaxFiles: "Most files of a copy",
  workspaceClaimSize: "Size of a claim",
  workspaceClaimClass: "Storage class",
  repositoryImage: "Image with git",
} as const;

export type SettingName = keyof typeof settingNames;

/** A setting as the reader knows it: by the caller's own name, else by the form's label, else by its key. */
export function settingLabel(key: string, own: Readonly<Record<string, unknown>>): string {
  const named = own[key];
  if (typeof named === "string" && named.trim() !== "") return named.replaceAll(/[*`\n]/g, " ").trim();
  // What every object inherits is no setting: a key may be any word, "__proto__" too.
  return Object.hasOwn(settingNames, key) ? settingNames[key as SettingName] : key;
}
