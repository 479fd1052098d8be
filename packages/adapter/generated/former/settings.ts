import type { SettingKey } from "../../src/settings/fields.ts";

/** One setting of 0.1, and what stands in its place. */
export interface FormerSetting {
  readonly key: string;
  /** A value as agents of 0.1 have it. */
  readonly value: unknown;
  /** The setting that takes it; `null`: none does, and a warning says why. */
  readonly now: SettingKey | null;
  /** What differs, as sentences; empty: nothing. */
  readonly words: string;
}

const asBefore = "";

export const formerSettings: readonly FormerSetting[] = [
  setting("model", "claude-opus-4-8", asBefore),
  setting("effort", "high", "`thinkingEffort`, which the wizard writes, is read as well."),
  setting(
    "instructionsFilePath",
    "/paperclip/agents/AGENTS.md",
    "Still a path on the server; its text is shipped, and the file must lie in the agent's or its company's folders, or in one of `fileFolders` of the operator's file.",
  ),
  setting(
    "timeoutSec",
    3600,
    "Counted from the start of the container: waiting for a node or an image does not count any more. The pod and its log stay.",
  ),
  setting("graceSec", 60, "30 when not set; it was 60."),
  setting(
    "maxTurnsPerRun",
    1000,
    "Not set: no limit. The form of 0.1 wrote 1000 into new agents, which stays in force for them.",
  ),
  setting("serviceAccountName", "agent", "Its API credentials are not mounted any more."),
  setting(
    "namespace",
    "agents",
    "Not set: the namespace of the kubeconfig's context, or of the server's own pod, as before. The operator's file may restrict it (`allow.namespaces`).",
  ),
  setting(
    "image",
    "ghcr.io/acme/claude:2.1.330",
    "Not set: the image of the server's own pod where that runs in the run's cluster, as before; else no run can start. The operator's `defaults` give one to all agents.",
  ),
  setting("imagePullPolicy", "Always", "Not set: Kubernetes decides; it was IfNotPresent."),
  setting(
    "kubeconfig",
    "/etc/kube/config",
    "A path must lie in one of `kubeconfigFolders` of the operator's file; better is the name of one of its `clusters`.",
  ),
  setting("ttlSecondsAfterFinished", 300, "3600 when not set; it was 300."),
  setting("retainJobs", true, "`retain: failed` keeps only the Jobs of failed runs."),
  setting(
    "reattachOrphanedJobs",
    false,
    "Only a Job whose server is gone is taken over, by one process; 0.1 took over Jobs that another run was following.",
  ),
  setting(
    "resources.requests.cpu",
    "1000m",
    "The same default. `none`, or an empty place in the object `resources`, leaves it out; the object is read now.",
  ),
  setting("resources.requests.memory", "2Gi", "The same default; see above."),
  setting("resources.limits.cpu", "4000m", "The same default; see above."),
  setting("resources.limits.memory", "8Gi", "The same default; see above."),
  setting(
    "nodeSelector",
    "disktype=ssd",
    "Not valid text ends the run as `settings_invalid`; 0.1 left it out silently.",
  ),
  setting(
    "tolerations",
    "[{key: agents, operator: Exists}]",
    "A text is read as YAML or JSON; 0.1 left a text out silently.",
  ),
  setting(
    "labels",
    "team=web",
    "Labels of the run's own, and of Kueue and the Job controller, are left out with a warning; other `app.kubernetes.io/` labels are taken.",
  ),
  setting(
    "extraArgs",
    ["--add-dir", "/data"],
    "A line is taken as well. Options that load settings, servers or plug-ins need `allow.extraArgs`.",
  ),
  setting(
    "env",
    { MY_NAME: "x" },
    "All of it is kept in a Secret. Paperclip's own variables cannot be replaced, and variables that say where secrets go need `allow.env`.",
  ),
  setting("cwd", "/workspace/app", "A path in the pod. Where the agent works is chosen by `workspaceMode`."),
  setting(
    "promptTemplate",
    "You are {{agent.name}}.",
    "Not set: Paperclip's own default, which changes with the server.",
  ),
  setting("bootstrapPromptTemplate", "Read CONTRIBUTING.md first.", asBefore),
  setting("dangerouslySkipPermissions", true, asBefore),
  {
    key: "enableRtk",
    value: true,
    now: null,
    words:
      "Does nothing. A hook cannot change what the model reads of a built-in tool, and that of 0.1 replaced the hooks in the shared settings of all agents. Remove the entry from `hooks.PostToolUse` of `settings.json` in the old home.",
  },
  {
    key: "rtkMaxOutputBytes",
    value: 50_000,
    now: null,
    words: "Does nothing; set `BASH_MAX_OUTPUT_LENGTH` or `MAX_MCP_OUTPUT_TOKENS` in `env`.",
  },
  {
    key: "secretRef",
    value: "paperclip-secrets",
    now: null,
    words:
      "Does nothing, as it did for runs of 0.1. Name keys of a Secret in `envReferences`; the operator allows the Secret (`allow.secrets`).",
  },
];

function setting(key: SettingKey, value: unknown, words: string): FormerSetting {
  return { key, value, now: key, words };
}
