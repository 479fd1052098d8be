import type { FailureCode } from "../src/index.ts";

export interface ClusterEnding {
  /** `null`: it has not ended, and nobody may say so. */
  readonly code: FailureCode | null;
  readonly says?: readonly string[];
  readonly suspected?: true;
  readonly family?: "transient_upstream";
  readonly bootstrap?: true;
  readonly note?: "child_oom_killed";
}

const start = { bootstrap: true } as const;
const again = { family: "transient_upstream" } as const;

/**
 * The right ending of everything in `fixtures/cluster`, whoever reads it: the runner's tables and `diagnose`, or `evidenceOf`.
 * Claude never ran in these pods: what its commands printed stands where its protocol would.
 */
export const clusterEndings: Readonly<Record<string, ClusterEnding>> = {
  "admission-policy": {
    code: "k8s_admission_rejected",
    ...start,
    says: ["images must come from registry.example.com"],
  },
  "admission-webhook-unreachable": {
    code: "k8s_admission_rejected",
    ...start,
    family: "transient_upstream",
    says: ["pods.policy.example.com"],
  },
  "config-missing-configmap": {
    code: "k8s_container_config_error",
    ...start,
    says: ['configmap "absent" not found'],
  },
  "config-missing-secret": {
    code: "k8s_container_config_error",
    ...start,
    says: ['secret "absent" not found'],
  },
  "config-missing-secret-key": {
    code: "k8s_container_config_error",
    ...start,
    says: ["couldn't find key token"],
  },
  "config-run-as-root": { code: "k8s_container_config_error", ...start, says: ["image will run as root"] },
  "evicted-api": { code: "k8s_node_drained", ...again, says: ["node node-1", "Eviction API: evicting"] },
  "evicted-empty-dir": { code: "k8s_pod_evicted", ...again, says: ["more disk than its limit", "20Mi"] },
  "evicted-ephemeral-storage": {
    code: "k8s_pod_evicted",
    ...again,
    says: ["ephemeral local storage", "20Mi"],
  },
  "exit-1": { code: "claude_start_failed", ...start, says: ["Exit 1"] },
  "exit-126-shell": { code: "k8s_container_start_failed", ...start, says: ["Permission denied", "Exit 126"] },
  "exit-127-shell": { code: "k8s_container_start_failed", ...start, says: ["no-such-program: not found"] },
  "exit-2": { code: "claude_start_failed", ...start, says: ["Exit 2"] },
  "exit-255": { code: "claude_start_failed", ...start, says: ["Exit 255 after"] },
  "exit-3": { code: "claude_start_failed", ...start, says: ["Exit 3"] },
  "exit-42": { code: "claude_start_failed", ...start, says: ["Exit 42"] },
  "image-denied": {
    code: "k8s_image_pull_failed",
    ...start,
    says: ["registry.example.com/private:1", "401"],
  },
  "image-err-pull": { code: "k8s_image_pull_failed", ...start, says: ["registry.example.com/agent:missing"] },
  "image-forbidden": { code: "k8s_image_pull_failed", ...start, says: ["403"] },
  "image-init-not-found": {
    code: "k8s_image_pull_failed",
    ...start,
    says: ["registry.example.com/agent:missing"],
  },
  "image-invalid-name": { code: "k8s_image_invalid", ...start, says: ["must be lowercase"] },
  "image-never-pull": { code: "k8s_image_invalid", ...start, says: ["pull policy of Never"] },
  "image-not-found": { code: "k8s_image_pull_failed", ...start, says: ["not found"] },
  "image-rate-limited": { code: "k8s_image_pull_failed", ...start, ...again, says: ["429", "15 min"] },
  "image-registry-broken": { code: "k8s_image_pull_failed", ...start, ...again, says: ["503", "15 min"] },
  "image-registry-unknown-host": {
    code: "k8s_image_pull_failed",
    ...start,
    ...again,
    says: ["registry.invalid"],
  },
  "init-failed": { code: "k8s_init_container_failed", ...start, says: ["prepare", "exit 2"] },
  "init-oom": { code: "k8s_init_container_failed", ...start, says: ["exit 137 (SIGKILL)", "OOMKilled"] },
  "job-deadline": { code: "timeout", says: ["Job's own deadline of 3 s"] },
  "job-deleted": { code: "k8s_job_deleted_externally", says: ["Job was deleted by somebody else"] },
  "job-deleted-background": { code: "k8s_job_deleted_externally" },
  "job-ttl": { code: "claude_output_lost" },
  "kubelet-node-affinity": { code: "k8s_unschedulable", ...start, ...again, says: ["NodeAffinity"] },
  "kubelet-out-of-cpu": { code: "k8s_unschedulable", ...start, ...again, says: ["OutOfcpu"] },
  "limit-range": { code: "k8s_admission_rejected", ...start, says: ["64Mi", "1Gi"] },
  "node-deleted": { code: "k8s_node_lost", ...again, says: ["node node-1", "no longer exists"] },
  "node-lost-evicted": { code: null },
  "node-unreachable": { code: null },
  oom: { code: "k8s_oom_killed", says: ["exit 137 (SIGKILL)", "memory limit 96Mi"] },
  "oom-child": { code: "claude_output_lost", note: "child_oom_killed" },
  "oom-child-exit-1": { code: "claude_start_failed", ...start, note: "child_oom_killed" },
  "oom-child-exit-137": { code: "k8s_oom_killed", says: ["memory limit 96Mi"] },
  "pod-deadline": { code: "timeout", says: ["pod's own deadline of 3 s"] },
  "pod-deadline-before-start": { code: "timeout", says: ["pod's own deadline of 3 s"] },
  "pod-deleted": { code: "k8s_job_deleted_externally", says: ["pod was deleted"] },
  "pod-deleted-before-start": { code: "k8s_job_deleted_externally" },
  "pod-deleted-by-force": { code: "k8s_job_deleted_externally" },
  "pod-deleted-ignores-term": { code: "k8s_job_deleted_externally" },
  "pod-security-restricted": {
    code: "k8s_admission_rejected",
    ...start,
    says: ['PodSecurity "restricted:latest"'],
  },
  preempted: { code: "k8s_pod_preempted", ...again, says: ["higher priority"] },
  "priority-class-missing": {
    code: "k8s_admission_rejected",
    ...start,
    says: ["no PriorityClass with name absent"],
  },
  "quota-exceeded": { code: "k8s_quota_exceeded", ...start, ...again, says: ["exceeded quota: budget"] },
  "quota-needs-limits": { code: "k8s_admission_rejected", ...start, says: ["must specify limits.memory"] },
  "runtime-class-missing": {
    code: "k8s_admission_rejected",
    ...start,
    says: ['RuntimeClass "absent" not found'],
  },
  "scheduling-gated": { code: "k8s_unschedulable", ...start, ...again, says: ["in its queue"] },
  "service-account-missing": {
    code: "k8s_service_account_missing",
    ...start,
    says: ["Service account absent"],
  },
  "signal-abrt": { code: "claude_crashed", ...start, says: ["SIGABRT"] },
  "signal-hup": { code: "claude_killed", says: ["SIGHUP"] },
  "signal-int": { code: "claude_killed", says: ["SIGINT"] },
  "signal-kill": { code: "k8s_oom_killed", suspected: true, says: ["does not confirm"] },
  "signal-kill-child": { code: "k8s_oom_killed", suspected: true, says: ["does not confirm"] },
  "signal-segv": { code: "claude_crashed", ...start, says: ["SIGSEGV"] },
  "signal-term": { code: "claude_killed", says: ["SIGTERM"] },
  "start-argument-too-long": {
    code: "k8s_container_start_failed",
    ...start,
    says: ["argument list too long"],
  },
  "start-command-missing": {
    code: "k8s_container_start_failed",
    ...start,
    says: ["no such file or directory"],
  },
  "start-command-not-executable": {
    code: "k8s_container_start_failed",
    ...start,
    says: ["permission denied"],
  },
  "start-memory-too-small": {
    code: "k8s_start_timeout",
    ...start,
    ...again,
    says: ["15 min", "pod sandbox"],
  },
  "start-working-directory": { code: "k8s_container_start_failed", ...start, says: ["not a directory"] },
  succeeded: { code: "claude_output_lost" },
  suspended: { code: "k8s_unschedulable", ...start, ...again, says: ["in its queue"] },
  "suspended-while-running": { code: "k8s_pod_preempted", ...again, says: ["queue"] },
  "taint-no-execute": { code: "k8s_node_drained", ...again, says: ["NoExecute taint"] },
  "termination-message": { code: "claude_start_failed", ...start, says: ["the disk caught fire"] },
  "unschedulable-cordoned": {
    code: "k8s_unschedulable",
    ...start,
    ...again,
    says: ["were unschedulable", "30 min"],
  },
  "unschedulable-cpu": { code: "k8s_unschedulable", ...start, ...again, says: ["Insufficient cpu"] },
  "unschedulable-selector": {
    code: "k8s_unschedulable",
    ...start,
    ...again,
    says: ["node affinity/selector"],
  },
  "unschedulable-taint": { code: "k8s_unschedulable", ...start, ...again, says: ["untolerated taint"] },
  "volume-claim-missing": {
    code: "k8s_volume_unavailable",
    ...start,
    ...again,
    says: ['"absent" not found'],
  },
  "volume-claim-unbound": { code: "k8s_volume_unavailable", ...start, ...again, says: ["unbound immediate"] },
  "volume-hostpath-missing": {
    code: "k8s_volume_unavailable",
    ...start,
    ...again,
    says: ["hostPath type check failed"],
  },
  "volume-missing-secret": {
    code: "k8s_container_config_error",
    ...start,
    says: ['secret "absent" not found'],
  },
};
