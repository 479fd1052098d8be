import type { FailureCode } from "@claude-k8s/diagnostics";

/** An error code of 0.1, and those that its cases have now. */
export interface FormerCode {
  /** `null`: runs of 0.1 that failed without a code. */
  readonly code: string | null;
  readonly now: readonly FailureCode[];
  readonly words: string;
}

export const formerCodes: readonly FormerCode[] = [
  row("k8s_agent_id_invalid", ["k8s_agent_id_invalid"], "As before."),
  row(
    "k8s_concurrency_guard_unreachable",
    ["k8s_api_unreachable", "k8s_forbidden"],
    "Nothing is listed before a run any more: the Job itself is the lock.",
  ),
  row(
    "k8s_concurrent_run_blocked",
    ["k8s_concurrent_run_blocked"],
    "Only while a live run has the same slot, after a wait (`busyWaitSec`); tried again by itself. Another task of the agent does not block, unless `concurrency` is `agent`.",
  ),
  row(
    "k8s_orphan_task_unknown",
    ["k8s_concurrent_run_blocked"],
    "Does not happen any more: a slot is of one task.",
  ),
  row(
    "k8s_orphan_session_mismatch",
    ["k8s_concurrent_run_blocked"],
    "Does not happen any more: the session decides nothing about a Job.",
  ),
  row(
    "k8s_prompt_secret_create_failed",
    ["k8s_forbidden", "k8s_quota_exceeded", "k8s_admission_rejected", "k8s_job_create_failed"],
    "By its cause. Every prompt lies in a Secret now.",
  ),
  row(
    "k8s_job_create_failed",
    [
      "k8s_job_create_failed",
      "k8s_forbidden",
      "k8s_quota_exceeded",
      "k8s_admission_rejected",
      "k8s_service_account_missing",
      "slot_foreign",
    ],
    "By its cause.",
  ),
  row(
    "k8s_pod_schedule_failed",
    [
      "k8s_unschedulable",
      "k8s_image_pull_failed",
      "k8s_image_invalid",
      "k8s_container_config_error",
      "k8s_container_start_failed",
      "k8s_init_container_failed",
      "k8s_volume_unavailable",
      "k8s_start_timeout",
    ],
    "By its cause, and only when its own time is up: waiting for a node is no failure for half an hour (`nodeWaitSec`). A container that ended is judged by how it ended.",
  ),
  row("k8s_pod_reattach_failed", ["k8s_pod_reattach_failed"], "As before."),
  row(
    "cancelled",
    ["cancelled"],
    "Told only when no process runs any more; with usage, cost and session so far.",
  ),
  row("timeout", ["timeout"], "Only for a deadline that has passed. With usage, cost and session so far."),
  row(
    "k8s_job_state_mismatch",
    ["claude_output_lost"],
    "Does not happen any more: pod and Job are read until they say how the run ended. Exit 0 without a result is `claude_output_lost`.",
  ),
  row(
    "session_unavailable",
    ["session_unavailable"],
    "Begun afresh within the same run first; also where the words are no result.",
  ),
  row(
    "k8s_job_deleted_externally",
    [
      "k8s_job_deleted_externally",
      "k8s_pod_vanished",
      "k8s_node_lost",
      "k8s_node_drained",
      "k8s_pod_evicted",
      "k8s_pod_preempted",
    ],
    "By its cause, where the cluster still tells it.",
  ),
  row("llm_api_error", ["llm_api_error"], "Only where the whole run has no content."),
  row(
    "claude_truncated",
    ["claude_truncated", "k8s_oom_killed", "k8s_pod_evicted", "k8s_node_drained", "claude_crashed"],
    "Where the cluster tells a cause, its code.",
  ),
  row(
    null,
    [
      "claude_auth_required",
      "claude_billing",
      "provider_quota",
      "claude_transient_upstream",
      "model_not_found",
      "max_turns_exhausted",
      "claude_start_failed",
      "claude_init_failed",
      "claude_killed",
      "claude_failed",
    ],
    "Every failure has a code now.",
  ),
];

function row(code: string | null, now: readonly FailureCode[], words: string): FormerCode {
  return { code, now, words };
}
