import type { Failure } from "@claude-k8s/diagnostics";

/**
 * How the host goes on after a failed run.
 *
 * - `person`: one run, no retry; the issue is blocked for a person to see, and a comment on it starts the next run.
 * - `retry`: tried again by itself, twice, after half a minute or later.
 * - `later`: the same, after minutes: another run stands in the way and ends by itself.
 * - `at-a-time`: tried again once the limit is over.
 * - `continue`: a new turn goes on with the session at once, twice.
 * - `deadline`: the host's own word for a run that took too long; a new turn goes on with the session, twice.
 * - `stopped`: somebody asked for it; nothing follows.
 */
export type Course = "person" | "retry" | "later" | "at-a-time" | "continue" | "deadline" | "stopped";

/**
 * Error codes by which the host, from 2026.916.1 on, neither retries a run nor continues its issue
 * (`NON_RETRYABLE_CONTINUATION_ERROR_CODES` of its recovery service). With any code that it does not know, a certain failure
 * runs three times. They are its words for how to go on, and say nothing of the cause: test them again with every release.
 */
export type HostWord = "setup_failed" | "budget_exhausted";

type Code = Failure["code"];

/** By code, for a failure whose evidence does not say that it may pass by itself: `courseOf` asks that first. */
export const courses: Readonly<Record<Code, Course>> = {
  claude_auth_required: "person",
  claude_access_denied: "person",
  claude_billing: "person",
  claude_plan_gate: "person",
  provider_quota: "at-a-time",
  claude_transient_upstream: "retry",
  claude_tls_untrusted: "person",
  claude_wrong_service: "person",
  llm_api_error: "retry",
  model_not_found: "person",
  claude_prompt_too_long: "person",
  claude_max_output_tokens: "person",
  claude_invalid_request: "person",
  claude_refusal: "person",
  max_turns_exhausted: "continue",
  budget_exceeded: "person",
  structured_output_invalid: "person",
  session_unavailable: "person",
  claude_session_in_use: "person",
  claude_interrupted: "person",
  claude_start_failed: "person",
  claude_init_failed: "person",
  claude_crashed: "person",
  claude_killed: "person",
  claude_truncated: "person",
  claude_output_lost: "person",
  claude_failed: "person",
  k8s_oom_killed: "person",
  k8s_pod_evicted: "retry",
  k8s_pod_preempted: "retry",
  k8s_node_drained: "retry",
  k8s_node_shutdown: "retry",
  k8s_node_lost: "retry",
  k8s_image_pull_failed: "person",
  k8s_image_invalid: "person",
  k8s_container_config_error: "person",
  k8s_container_start_failed: "person",
  k8s_init_container_failed: "person",
  k8s_unschedulable: "retry",
  k8s_volume_unavailable: "retry",
  k8s_quota_exceeded: "retry",
  k8s_admission_rejected: "person",
  k8s_service_account_missing: "person",
  k8s_start_timeout: "retry",
  k8s_job_create_failed: "person",
  k8s_concurrent_run_blocked: "later",
  slot_foreign: "person",
  k8s_forbidden: "person",
  k8s_api_unreachable: "retry",
  k8s_job_deleted_externally: "person",
  k8s_pod_replaced: "person",
  k8s_pod_vanished: "person",
  k8s_pod_reattach_failed: "person",
  kubeconfig_invalid: "person",
  settings_invalid: "person",
  skill_not_found: "person",
  claude_version_unsupported: "person",
  k8s_agent_id_invalid: "person",
  not_allowed_by_operator: "person",
  workspace_clone_failed: "person",
  workspace_credentials_refused: "person",
  workspace_ref_not_found: "person",
  workspace_setup_failed: "person",
  workspace_push_failed: "person",
  workspace_copy_failed: "person",
  workspace_fill_failed: "person",
  workspace_too_large: "person",
  timeout: "deadline",
  cancelled: "stopped",
  claude_stalled: "retry",
};

/** What the evidence says of this failure wins over what is usual for its code: an image's registry may only be down. */
export function courseOf({ code, family, notBefore }: Failure): Course {
  if (family === "transient_upstream") return "retry";
  if (family === "provider_quota") return notBefore === null ? "retry" : "at-a-time";
  const usual = courses[code];
  // Its cause may pass by itself, and this time the evidence says that it will not.
  return usual === "retry" && family === null ? "person" : usual;
}

/**
 * What the host is told instead of our code, which stands in `resultJson.diagnosis.code`. `null`: our own code; the host does not
 * know it, or knows it as we mean it.
 */
export function hostWordFor(course: Course, { bootstrap }: Failure): HostWord | null {
  if (course !== "person") return null;
  return bootstrap ? "setup_failed" : "budget_exhausted";
}
