import type { FailureCode, NoteCode } from "../../src/codes.ts";

/** What a person sees before knowing any code, and the endings and notes that look like it. */
export interface Symptom {
  readonly title: string;
  readonly advice: string;
  readonly codes: readonly (FailureCode | NoteCode)[];
}

/** In the order in which a run goes. */
export const symptoms: readonly Symptom[] = [
  {
    title: "The run is refused before anything is in the cluster",
    advice:
      "Settings, the operator's file, permissions or the API server stand against it. **Test** names each of them without a run.",
    codes: [
      "settings_invalid",
      "not_allowed_by_operator",
      "kubeconfig_invalid",
      "k8s_agent_id_invalid",
      "skill_not_found",
      "k8s_forbidden",
      "k8s_api_unreachable",
      "k8s_concurrent_run_blocked",
      "slot_foreign",
      "workspace_too_large",
      "budget_exceeded",
    ],
  },
  {
    title: "The Job is refused, or makes no pod",
    advice:
      "The API server, a quota or an admission controller said no. `claude-k8s plan --server` asks it the same without making anything.",
    codes: [
      "k8s_job_create_failed",
      "k8s_quota_exceeded",
      "k8s_admission_rejected",
      "k8s_service_account_missing",
    ],
  },
  {
    title: "The run waits and does not begin",
    advice:
      "The waiting lines of the transcript say for what, and when the wait ends. Each budget has a setting.",
    codes: ["k8s_unschedulable", "k8s_volume_unavailable", "k8s_image_pull_failed", "k8s_start_timeout"],
  },
  {
    title: "The container does not start",
    advice:
      "The image, its command or an object that it refers to is wrong. Running again changes nothing until that is mended.",
    codes: [
      "k8s_image_invalid",
      "k8s_container_config_error",
      "k8s_container_start_failed",
      "k8s_init_container_failed",
      "claude_start_failed",
      "claude_init_failed",
      "claude_version_unsupported",
    ],
  },
  {
    title: "The workspace is not there, or what was done does not come back",
    advice: "Which mode was chosen, and why, stands in the first lines of the run.",
    codes: [
      "workspace_clone_failed",
      "workspace_credentials_refused",
      "workspace_ref_not_found",
      "workspace_setup_failed",
      "workspace_push_failed",
      "workspace_copy_failed",
      "workspace_fill_failed",
      "workspace_not_returned",
      "workspace_conflict",
      "workspace_left_out",
      "workspace_unpushed",
      "workspace_late",
    ],
  },
  {
    title: "The model's provider refuses",
    advice: "The provider, a gateway or the account decides. The pod and the cluster are well.",
    codes: [
      "claude_auth_required",
      "claude_access_denied",
      "claude_billing",
      "claude_plan_gate",
      "provider_quota",
      "model_not_found",
      "claude_refusal",
      "claude_invalid_request",
      "claude_prompt_too_long",
      "claude_max_output_tokens",
    ],
  },
  {
    title: "The model's provider does not answer, or answers nonsense",
    advice: "Either it passes, or the address or the certificate is wrong.",
    codes: ["claude_transient_upstream", "llm_api_error", "claude_tls_untrusted", "claude_wrong_service"],
  },
  {
    title: "Claude ends without having finished",
    advice: "The process, a limit of the run or its session is the reason.",
    codes: [
      "claude_crashed",
      "claude_killed",
      "claude_interrupted",
      "claude_truncated",
      "claude_output_lost",
      "claude_failed",
      "max_turns_exhausted",
      "structured_output_invalid",
      "session_unavailable",
      "claude_session_in_use",
    ],
  },
  {
    title: "The pod dies or disappears",
    advice: "The cluster took it. Whether the work can go on stands under *Session*.",
    codes: [
      "k8s_oom_killed",
      "k8s_pod_evicted",
      "k8s_pod_preempted",
      "k8s_node_drained",
      "k8s_node_shutdown",
      "k8s_node_lost",
      "k8s_job_deleted_externally",
      "k8s_pod_replaced",
      "k8s_pod_vanished",
      "k8s_pod_reattach_failed",
    ],
  },
  {
    title: "The run was stopped",
    advice: "By a person, or by a limit that a setting gives.",
    codes: ["cancelled", "timeout", "claude_stalled"],
  },
  {
    title: "The run succeeded, and something is odd",
    advice: "Notes stand beside an ending and never change it.",
    codes: [
      "child_oom_killed",
      "empty_result",
      "hook_stopped",
      "prompt_blocked_by_hook",
      "structured_output_missing",
      "permission_denied",
      "session_not_saved",
      "mcp_server_failed",
      "log_gap",
      "result_contradicted",
      "ended_by_linger",
      "ended_after_result",
    ],
  },
];
