import type { LocalClusterOptions } from "@claude-k8s/local-cluster";

import type { Act } from "./transcript.ts";

export interface Scenario {
  readonly title: string;
  /** Of the catalogue of endings. */
  readonly family:
    | "success"
    | "Claude"
    | "the provider"
    | "the cluster"
    | "the pod's start"
    | "our own limits"
    | "settings";
  /** The code that must come out; `null`: success. */
  readonly expected: string | null;
  readonly act?: Act;
  /** Faults that belong to it, as `--fault` takes them. */
  readonly faults?: readonly string[];
  readonly cluster?: LocalClusterOptions;
  /** As in a file for `--config`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Shorter than any setting allows, so that nobody waits for minutes. */
  readonly limits?: { readonly stallSeconds: number; readonly toolStallSeconds: number };
}

const failed = (status: number | null, result: string, more: object = {}): Act => ({
  lines: 3,
  result: { is_error: true, api_error_status: status, result, ...more },
  ending: { exitCode: 1 },
});

/** No result comes, however late a fault strikes. */
const endless = { result: null, ending: "never" } as const;

/** As an API server words it. */
const refusedByWebhook =
  'admission webhook "images.example.com" denied the request: images must come from registry.example.com';

export const scenarios: Readonly<Record<string, Scenario>> = {
  success: { title: "a run that goes well", family: "success", expected: null },
  "log-trouble": {
    title: "a run that goes well, whatever happens to its log",
    family: "success",
    expected: null,
    faults: ["rotate@1s", "cut-log@2s", "end-log@3s", "restart-kubelet@4s", "429-storm@5s"],
  },
  "new-supervisor": {
    title: "the supervising process dies, and another one goes on",
    family: "success",
    expected: null,
    faults: ["kill-supervisor@3s"],
  },
  "login-expired": {
    title: "the provider does not accept the key",
    family: "the provider",
    expected: "claude_auth_required",
    act: failed(401, "Failed to authenticate. API Error: 401 Invalid bearer token"),
  },
  overloaded: {
    title: "the provider is overloaded",
    family: "the provider",
    expected: "claude_transient_upstream",
    act: failed(529, "API Error: 529 Overloaded"),
  },
  "usage-limit": {
    title: "the subscription's limit is reached",
    family: "the provider",
    expected: "provider_quota",
    act: failed(429, "You've hit your limit · resets 9pm (UTC)"),
  },
  "no-credit": {
    title: "the account has no credit left",
    family: "the provider",
    expected: "claude_billing",
    act: failed(400, "API Error: 400 Your credit balance is too low to access the Anthropic API"),
  },
  "unknown-model": {
    title: "there is no model of this name",
    family: "the provider",
    expected: "model_not_found",
    act: failed(404, "API Error: 404 model: claude-nope-1"),
  },
  "max-turns": {
    title: "the turns that were allowed are used up",
    family: "Claude",
    expected: "max_turns_exhausted",
    act: {
      lines: 20,
      result: { is_error: true, subtype: "error_max_turns", result: undefined, terminal_reason: "max_turns" },
      ending: { exitCode: 1 },
    },
  },
  crash: {
    title: "Claude Code crashes",
    family: "Claude",
    expected: "claude_crashed",
    act: { lines: 20, result: null, ending: { exitCode: 139 } },
  },
  truncated: {
    title: "Claude Code ends in the middle of its work",
    family: "Claude",
    expected: "claude_truncated",
    act: { lines: 20, result: null, ending: { exitCode: 1 } },
  },
  "no-result": {
    title: "Claude Code ends without a word of its result",
    family: "Claude",
    expected: "claude_output_lost",
    act: { lines: 20, result: null },
  },
  "start-failed": {
    title: "Claude Code does not start",
    family: "Claude",
    expected: "claude_start_failed",
    act: {
      lines: 0,
      result: null,
      noise: "error: unknown option '--no-such-option'",
      ending: { exitCode: 1 },
    },
  },
  oom: {
    title: "the container takes more memory than it may",
    family: "the cluster",
    expected: "k8s_oom_killed",
    act: endless,
    faults: ["oom@3s"],
    settings: { "resources.limits.memory": "96Mi" },
  },
  evict: {
    title: "the node is short of memory and evicts the pod",
    family: "the cluster",
    expected: "k8s_pod_evicted",
    act: endless,
    faults: ["evict@3s"],
  },
  "full-disk": {
    title: "the node's disk is full",
    family: "the cluster",
    expected: "k8s_pod_evicted",
    act: endless,
    faults: ["full-disk@3s"],
  },
  preempt: {
    title: "the pod must make room for another",
    family: "the cluster",
    expected: "k8s_pod_preempted",
    act: endless,
    faults: ["preempt@3s"],
  },
  "node-loss": {
    title: "the node is gone with everything on it",
    family: "the cluster",
    expected: "k8s_node_lost",
    act: endless,
    faults: ["node-loss@3s"],
    cluster: { nodeGraceMilliseconds: 2000 },
  },
  "delete-job": {
    title: "somebody deletes the Job",
    family: "the cluster",
    expected: "k8s_job_deleted_externally",
    act: endless,
    faults: ["delete-job@3s"],
  },
  "image-missing": {
    title: "the registry has no such image",
    family: "the pod's start",
    expected: "k8s_image_pull_failed",
    cluster: { images: () => ({ kind: "not-found" }) },
  },
  unschedulable: {
    title: "no node has room for the pod",
    family: "the pod's start",
    expected: "k8s_unschedulable",
    cluster: { nodes: [{ name: "node-1", memory: "1Gi" }] },
    settings: { "resources.requests.memory": "64Gi", nodeWaitSec: 3 },
  },
  refused: {
    title: "the API server refuses the Job: a webhook does not admit it",
    family: "the pod's start",
    expected: "k8s_admission_rejected",
    cluster: { admission: { webhook: ({ kind }) => (kind === "Job" ? refusedByWebhook : null) } },
  },
  deadline: {
    title: "the run takes longer than it may",
    family: "our own limits",
    expected: "timeout",
    act: { lines: 20, result: null, ending: "never" },
    settings: { timeoutSec: 3, graceSec: 1 },
  },
  budget: {
    title: "the run costs more than it may",
    family: "our own limits",
    expected: "budget_exceeded",
    act: endless,
    settings: { maxBudgetUsd: 0.01, graceSec: 1 },
  },
  stall: {
    title: "nothing is heard of Claude any more",
    family: "our own limits",
    expected: "claude_stalled",
    act: { lines: 4, result: null, ending: "never" },
    settings: { graceSec: 1 },
    limits: { stallSeconds: 3, toolStallSeconds: 3 },
  },
  cancelled: {
    title: "a person stops the run",
    family: "our own limits",
    expected: "cancelled",
    act: endless,
    faults: ["stop@3s"],
    settings: { graceSec: 1 },
  },
  "bad-settings": {
    title: "a setting holds what it cannot",
    family: "settings",
    expected: "settings_invalid",
    settings: { "resources.limits.memory": "4 GB", timeoutSec: "soon" },
  },
};
