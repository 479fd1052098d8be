import type { SettingField } from "./field.ts";
import { settingFields } from "./fields.ts";

const groups = ["Pod", "Cluster", "Workspace", "Run", "Claude"] as const;

/** `docs/settings.md`. */
export function settingsPage(): string {
  return [
    "# Settings",
    "",
    "Of the adapter `claude_k8s`, as keys of the agent's `adapterConfig`. Made from the code by `pnpm generate`: do not edit.",
    "",
    'An empty text, `0` and `null` mean "not set", because the host\'s form stores them for fields that nobody filled. A value that cannot be used ends the run as `settings_invalid` before anything is sent to the cluster, with every such value at once. `resources` may also be one object: `{"resources": {"limits": {"memory": "4Gi"}}}`.',
    "",
    "The operator's file stands above all of them: it may give values to settings that an agent does not set, and what it does not allow ends the run as `not_allowed_by_operator` ([operator-file.md](operator-file.md), also for what holds without one).",
    ...groups.flatMap(sectionOf),
    "",
  ].join("\n");
}

function sectionOf(group: SettingField["group"]): readonly string[] {
  return ["", `## ${group}`, "", ...tableOf(group)];
}

function tableOf(group: SettingField["group"]): readonly string[] {
  return [
    "| key | label | value | not set | example |",
    "| --- | --- | --- | --- | --- |",
    ...settingFields
      .filter((field) => field.group === group)
      .map(
        (field) =>
          `| \`${field.key}\` | ${cell(field.label)} | ${cell(field.hint)} ${cell(sentence(field.rule))} | ${cell(field.unset)} | \`${cell(field.example)}\` |`,
      ),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** Read by agents that hire agents. */
export const agentConfigurationDoc = [
  "# claude_k8s agent configuration",
  "",
  "Runs Claude Code as a Kubernetes Job, one at a time for each agent and task.",
  "",
  "Use it when the agent should run in a cluster: isolated, with limits, and outliving the Paperclip server. Do not use it when the agent needs files of the server's machine: the pod has none of them.",
  "",
  "Only `image` is required, and where the operator of the server gives a default not even that.",
  "",
  'The operator of the server decides what settings may name: clusters, images, namespaces, files of the server, addresses that get secrets, and fields of podTemplate beyond Pod Security "restricted". A setting that is not allowed ends the run as not_allowed_by_operator, with the rule; do not try to get around it, ask the operator.',
  "",
  ...settingFields.map(
    (field) =>
      `- ${field.key}: ${field.hint} Value: ${field.rule}. Not set: ${field.unset}. Example: ${field.example}`,
  ),
  "",
].join("\n");
