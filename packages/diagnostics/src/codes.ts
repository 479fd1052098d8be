/** Stable names of everything that can be told. Once published a code keeps its meaning. */

export type ClaudeCode =
  | "claude_auth_required"
  | "claude_access_denied"
  | "claude_billing"
  | "claude_plan_gate"
  | "provider_quota"
  | "claude_transient_upstream"
  | "claude_tls_untrusted"
  | "claude_wrong_service"
  | "llm_api_error"
  | "model_not_found"
  | "claude_prompt_too_long"
  | "claude_max_output_tokens"
  | "claude_invalid_request"
  | "claude_refusal"
  | "max_turns_exhausted"
  | "budget_exceeded"
  | "structured_output_invalid"
  | "session_unavailable"
  | "claude_session_in_use"
  | "claude_interrupted"
  | "claude_start_failed"
  | "claude_init_failed"
  | "claude_crashed"
  | "claude_killed"
  | "claude_truncated"
  | "claude_output_lost"
  | "claude_failed";

export type ClusterCode =
  | "k8s_oom_killed"
  | "k8s_pod_evicted"
  | "k8s_pod_preempted"
  | "k8s_node_drained"
  | "k8s_node_shutdown"
  | "k8s_node_lost"
  | "k8s_image_pull_failed"
  | "k8s_image_invalid"
  | "k8s_container_config_error"
  | "k8s_container_start_failed"
  | "k8s_init_container_failed"
  | "k8s_unschedulable"
  | "k8s_volume_unavailable"
  | "k8s_quota_exceeded"
  | "k8s_admission_rejected"
  | "k8s_service_account_missing"
  | "k8s_start_timeout"
  | "k8s_job_create_failed"
  | "k8s_concurrent_run_blocked"
  | "slot_foreign"
  | "k8s_forbidden"
  | "k8s_api_unreachable"
  | "k8s_job_deleted_externally"
  | "k8s_pod_replaced"
  | "k8s_pod_vanished"
  | "k8s_pod_reattach_failed";

export type SettingsCode =
  | "kubeconfig_invalid"
  | "settings_invalid"
  | "skill_not_found"
  | "claude_version_unsupported"
  | "k8s_agent_id_invalid"
  | "not_allowed_by_operator";

/** A workspace that is cloned from a repository, or copied. */
export type WorkspaceCode =
  | "workspace_clone_failed"
  | "workspace_credentials_refused"
  | "workspace_ref_not_found"
  | "workspace_setup_failed"
  | "workspace_push_failed"
  | "workspace_copy_failed"
  | "workspace_fill_failed"
  | "workspace_too_large";

/** What we did ourselves. */
export type OwnCode = "timeout" | "cancelled" | "claude_stalled";

export type FailureCode = ClaudeCode | ClusterCode | SettingsCode | WorkspaceCode | OwnCode;

export type NoteCode =
  | "child_oom_killed"
  | "empty_result"
  | "hook_stopped"
  | "prompt_blocked_by_hook"
  | "structured_output_missing"
  | "permission_denied"
  | "session_not_saved"
  | "mcp_server_failed"
  | "log_gap"
  | "workspace_not_returned"
  | "workspace_conflict"
  | "workspace_left_out"
  | "workspace_unpushed"
  | "workspace_late"
  | "result_contradicted"
  | "ended_by_linger"
  | "ended_after_result";

/** The host's `errorFamily`: the first two are retried by it, everything else waits for a person or a change. */
export type Family = "transient_upstream" | "provider_quota" | "model_refusal";
