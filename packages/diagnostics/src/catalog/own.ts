import type { Entries } from "./entry.ts";

/** What our own side did or could not use. */
export const own = {
  kubeconfig_invalid: {
    title: "The kubeconfig cannot be used",
    when: "It cannot be read or parsed, its context or user is missing, or its credential plugin fails.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Correct the file that {setting:kubeconfig} names; it must be readable where the adapter runs.",
      "Check: `kubectl --kubeconfig FILE config view --minify` and `kubectl --kubeconfig FILE get --raw /readyz`.",
    ],
  },
  settings_invalid: {
    title: "A setting cannot be used",
    when: "A setting's value cannot be used: field, value, rule, example.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: ["Correct the settings that the cause names."],
  },
  skill_not_found: {
    title: "A skill is missing",
    when: "A skill that the agent asks for is not there.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: ["Install the skill that the cause names, or take it off the agent's list."],
  },
  claude_version_unsupported: {
    title: "Claude Code's release is not supported",
    when: "The pod's Claude Code is outside the range that the settings demand.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Use an image with a release in the range in {setting:image}, or widen the range in {setting:claudeVersion}.",
    ],
  },
  k8s_agent_id_invalid: {
    title: "The agent's id cannot become a label",
    when: "Nothing in it is usable for a Kubernetes label.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: ["Give the agent an id with at least one letter or digit (A-Z, a-z, 0-9)."],
  },
  not_allowed_by_operator: {
    title: "The operator does not allow a setting",
    when: "A setting that the operator's file, or the closed default without one, does not allow: setting, rule, and where the operator allows it.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Change the settings that the cause names to something that is allowed.",
      {
        when: "operator",
        text: "Or ask the operator of the server to allow it: {allow} in {operatorFile} (`CLAUDE_K8S_CONFIG`).",
      },
      {
        when: "closed",
        text: "Or ask the operator of the server to allow it: {allow} in a file that `CLAUDE_K8S_CONFIG` names in the server's own environment; there is none now.",
      },
    ],
  },
  timeout: {
    title: "The run took longer than allowed",
    when: "Our deadline, or the pod's or Job's own.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Raise {setting:timeoutSec} (seconds; 0 is no limit), or split the task.",
      "Run again to continue the session.",
    ],
  },
  cancelled: {
    title: "The run was cancelled",
    when: "The host's stop, acknowledged.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: ["Nothing is wrong. Run again to continue the session."],
  },
  claude_stalled: {
    title: "Claude went silent",
    when: "No frame for the stall budget (above 10 minutes by default: silence is normal for minutes).",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued.",
      "If it repeats: check the gateway or proxy between the pod and the model API (`ANTHROPIC_BASE_URL` in {setting:env}).",
      "If such a silence is healthy for this agent: raise {setting:stallSec}, or {setting:toolStallSec} where the cause names a tool.",
    ],
  },
} satisfies Entries;
