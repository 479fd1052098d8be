import type {
  ClusterEvidence,
  Evidence,
  FailureCode,
  FailureLike,
  NoteCode,
  SummaryLike,
} from "../src/index.ts";

export interface Ending {
  readonly evidence: Evidence;
  /** Looks the same at first sight, and must get another code; `null`: a success. */
  readonly nearMiss: { readonly why: string; readonly evidence: Evidence; readonly code: FailureCode | null };
}

const cluster: ClusterEvidence = {
  namespace: "agents",
  jobName: "claude-3f9a1c07b2d4",
  pod: {
    name: "claude-3f9a1c07b2d4-x7k2p",
    phase: "Failed",
    nodeName: "gke-pool-1-7d9f-abcd",
    conditions: [{ type: "PodScheduled", status: "True" }],
    containers: [
      {
        name: "main",
        image: "registry.example.com/agent:2.1",
        state: {
          kind: "terminated",
          exitCode: 137,
          reason: "OOMKilled",
          startedAt: "2026-11-22T10:00:00Z",
          finishedAt: "2026-11-22T10:12:30Z",
        },
        resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "4Gi" } },
      },
    ],
  },
  job: { name: "claude-3f9a1c07b2d4", namespace: "agents" },
  timings: {
    createdAt: "2026-11-22T09:59:50Z",
    startedAt: "2026-11-22T10:00:00Z",
    finishedAt: "2026-11-22T10:12:30Z",
  },
};
/** The same pod after a signal that came from outside. */
const ended143: ClusterEvidence = {
  ...cluster,
  pod: {
    ...cluster.pod,
    name: "claude-3f9a1c07b2d4-x7k2p",
    containers: [
      {
        ...cluster.pod?.containers?.[0],
        name: "main",
        state: {
          kind: "terminated",
          exitCode: 143,
          reason: "Error",
          startedAt: "2026-11-22T10:00:00Z",
          finishedAt: "2026-11-22T10:12:30Z",
        },
      },
    ],
  },
  events: [
    {
      type: "Normal",
      reason: "Killing",
      message: "Stopping container main",
      object: "Pod/claude-3f9a1c07b2d4-x7k2p",
      count: 1,
      lastSeen: "2026-11-22T10:12:00Z",
    },
    {
      type: "Normal",
      reason: "Pulled",
      message: "Container image present",
      object: "Pod/claude-3f9a1c07b2d4-x7k2p",
      count: 1,
      lastSeen: "2026-11-22T10:00:00Z",
    },
    {
      type: "Warning",
      reason: "BackOff",
      message: "Back-off 10s",
      object: "Pod/claude-3f9a1c07b2d4-x7k2p",
      count: 3,
      lastSeen: "2026-11-22T10:01:00Z",
    },
    {
      type: "Warning",
      reason: "BackOff",
      message: "Back-off 20s",
      object: "Pod/claude-3f9a1c07b2d4-x7k2p",
      count: 4,
      lastSeen: "2026-11-22T10:03:00Z",
    },
  ],
};
const noContainer: ClusterEvidence = { namespace: "agents", jobName: "claude-3f9a1c07b2d4", pod: null };

const worked: SummaryLike = {
  frames: 12,
  inits: 1,
  contentSeen: true,
  lastAssistant: { error: null, text: "Working on it." },
  model: "claude-opus-5-5",
  turns: 4,
  result: null,
  cost: {
    own: {
      costUsd: 0.0234,
      estimated: false,
      usage: { inputTokens: 1200, outputTokens: 340, cacheReadInputTokens: 8000 },
    },
  },
};
const silent: SummaryLike = {
  frames: 0,
  inits: 0,
  contentSeen: false,
  lastAssistant: null,
  result: null,
  noise: [],
};
const succeeded: SummaryLike = {
  ...worked,
  result: {
    subtype: "success",
    isError: false,
    terminalReason: "completed",
    stopReason: "end_turn",
    text: "Done.",
  },
};

type Exited = Extract<Evidence["exit"], { kind: "exited" }>;
const ended = (exitCode: number): Exited => ({ kind: "exited", exitCode, signal: null });
const withResult = (result: SummaryLike["result"], more: SummaryLike = {}): Evidence => ({
  exit: ended(1),
  summary: {
    ...worked,
    ...more,
    result: { subtype: "success", isError: true, terminalReason: "api_error", ...result },
  },
});
const apiError = (
  status: number | null,
  text: string,
  error: string | null,
  errorCode: string | null = null,
): Evidence =>
  withResult(
    { apiErrorStatus: status, text, apiError: errorCode },
    { lastAssistant: { error, apiErrorStatus: status, text } },
  );
const answered = (text: string): Evidence => ({
  exit: ended(0),
  summary: { ...succeeded, result: { ...succeeded.result, text } },
});
const failed = (
  failure: FailureLike,
  more: Partial<Extract<Evidence["exit"], { kind: "failed" }>> = {},
): Evidence => ({
  exit: {
    kind: "failed",
    failure,
    evidence: failure.kind === "out-of-memory" ? cluster : ended143,
    started: true,
    ...more,
  },
  summary: worked,
});
const notStarted = (failure: FailureLike): Evidence => ({
  exit: { kind: "failed", failure, started: false, exitCode: null, signal: null, evidence: noContainer },
});
const refused = (failure: FailureLike): Evidence => ({ exit: { kind: "refused", failure, evidence: null } });
const stopped = (
  reason: string,
  more: Partial<Extract<Evidence["exit"], { kind: "stopped" }>> = {},
): Evidence => ({
  exit: {
    kind: "stopped",
    by: "caller",
    reason,
    forced: false,
    exitCode: 143,
    signal: "SIGTERM",
    started: true,
    graceSeconds: 30,
    deadlineSeconds: null,
    evidence: ended143,
    ...more,
  },
  summary: worked,
});
const startError = (line: string, exitCode = 1): Evidence => ({
  exit: ended(exitCode),
  summary: { ...silent, noise: [line] },
});

export const endings: Readonly<Record<FailureCode, Ending>> = {
  claude_auth_required: {
    evidence: apiError(401, "Invalid API key · Fix external API key", "authentication_failed"),
    nearMiss: {
      why: "an answer about logging in",
      evidence: answered("You are not logged in; please run /login. 401 unauthorized."),
      code: null,
    },
  },
  claude_access_denied: {
    evidence: apiError(
      403,
      "Failed to authenticate. API Error: 403 Your organization does not have access to this model.",
      "authentication_failed",
    ),
    nearMiss: {
      why: "the same class with 401",
      evidence: apiError(401, "Failed to authenticate. API Error: 401", "authentication_failed"),
      code: "claude_auth_required",
    },
  },
  claude_billing: {
    evidence: apiError(400, "Credit balance is too low", "billing_error"),
    nearMiss: {
      why: "another 400",
      evidence: apiError(400, "API Error: 400 messages.0: bad", "unknown"),
      code: "claude_invalid_request",
    },
  },
  claude_plan_gate: {
    evidence: apiError(
      429,
      "API Error: Usage credits required for 1M context · turn on usage credits at claude.ai/settings/usage, or use --model to switch to standard context",
      "rate_limit",
    ),
    nearMiss: {
      why: "extra usage that was there is used up: that resets",
      evidence: apiError(400, "API Error: 400 You're out of extra usage · resets 5pm (UTC)", "unknown"),
      code: "provider_quota",
    },
  },
  claude_tls_untrusted: {
    evidence: apiError(
      null,
      "API Error: Unable to connect to API: Self-signed certificate detected. Check your proxy or corporate SSL certificates",
      "unknown",
    ),
    nearMiss: {
      why: "the connection was refused before any certificate",
      evidence: apiError(
        null,
        "API Error: Unable to connect to API (ECONNREFUSED)",
        "server_error",
        "connection_failed",
      ),
      code: "claude_transient_upstream",
    },
  },
  claude_wrong_service: {
    evidence: apiError(405, "API Error: 405 Not Allowed", "unknown"),
    nearMiss: {
      why: "a gateway that is ill sends a page of HTML, too",
      evidence: apiError(
        502,
        "API Error: 502 <html><head><title>502 Bad Gateway</title></head></html>",
        "server_error",
      ),
      code: "claude_transient_upstream",
    },
  },
  provider_quota: {
    evidence: {
      ...apiError(
        429,
        "You've hit your 5-hour limit · resets Nov 24, 6am (UTC)",
        "rate_limit",
        "usage_limit_reached",
      ),
      exit: { kind: "exited", exitCode: 1, signal: null, evidence: ended143 },
    },
    nearMiss: {
      why: "a 429 of requests a minute",
      evidence: apiError(
        429,
        "API Error: Request rejected (429) · This request would exceed your organization's rate limit of 50,000 input tokens per minute.",
        "rate_limit",
      ),
      code: "claude_transient_upstream",
    },
  },
  claude_transient_upstream: {
    evidence: {
      ...apiError(529, "API Error: Repeated 529 Overloaded errors. The API is at capacity.", "server_error"),
      summary: {
        ...apiError(529, "API Error: Repeated 529 Overloaded errors. The API is at capacity.", "server_error")
          .summary,
        retries: { count: 10, last: [{ errorStatus: 529, error: "overloaded" }] },
      },
    },
    nearMiss: {
      why: "a class of server_error, but refused",
      evidence: apiError(403, "API Error: 403 Forbidden", "server_error"),
      code: "claude_access_denied",
    },
  },
  llm_api_error: {
    evidence: {
      exit: ended(1),
      summary: {
        ...worked,
        contentSeen: false,
        lastAssistant: null,
        result: {
          subtype: "error_during_execution",
          isError: true,
          terminalReason: "completed",
          errors: ["[ede_diagnostic] result_type=assistant last_content_type=none stop_reason=null"],
        },
      },
    },
    nearMiss: { why: "an empty answer after work was done", evidence: answered(""), code: null },
  },
  model_not_found: {
    evidence: apiError(
      404,
      "There's an issue with the selected model (claude-nope-9). It may not exist or you may not have access to it.",
      "model_not_found",
    ),
    nearMiss: {
      why: "a 404 that speaks of no model",
      evidence: apiError(404, "API Error: 404 page not found", "unknown"),
      code: "claude_wrong_service",
    },
  },
  claude_prompt_too_long: {
    evidence: withResult({
      terminalReason: "prompt_too_long",
      apiErrorStatus: 400,
      text: "Prompt is too long · the request is ~215000 tokens (limit 200000)",
    }),
    nearMiss: {
      why: "the answer was too long, not the prompt",
      evidence: apiError(
        null,
        "API Error: Claude's response exceeded the 32000 output token maximum.",
        "max_output_tokens",
        "max_output_tokens",
      ),
      code: "claude_max_output_tokens",
    },
  },
  claude_max_output_tokens: {
    evidence: apiError(
      null,
      "API Error: Claude's response exceeded the 32000 output token maximum.",
      "max_output_tokens",
      "max_output_tokens",
    ),
    nearMiss: {
      why: "a full context window comes with the same class",
      evidence: apiError(
        null,
        "API Error: The model has reached its context window limit.",
        "max_output_tokens",
        "max_output_tokens",
      ),
      code: "claude_prompt_too_long",
    },
  },
  claude_invalid_request: {
    evidence: apiError(400, "API Error: 400 messages.1.content.0.type: unexpected value", "unknown"),
    nearMiss: {
      why: "a spend limit comes as 400, too",
      evidence: apiError(
        400,
        "API Error: 400 You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
        "unknown",
      ),
      code: "provider_quota",
    },
  },
  claude_refusal: {
    evidence: withResult({
      stopReason: "refusal",
      text: "API Error: Opus 4.8's safeguards flagged this message.",
    }),
    nearMiss: {
      why: "an answer that speaks of refusing",
      evidence: answered("The API refused; stop_reason refusal."),
      code: null,
    },
  },
  max_turns_exhausted: {
    evidence: withResult({
      subtype: "error_max_turns",
      terminalReason: "max_turns",
      errors: ["Reached maximum number of turns (25)"],
    }),
    nearMiss: {
      why: "an answer that speaks of max turns",
      evidence: answered("Reached maximum number of turns, error_max_turns."),
      code: null,
    },
  },
  budget_exceeded: {
    evidence: withResult({
      subtype: "error_max_budget_usd",
      terminalReason: "budget_exhausted",
      errors: ["Reached maximum budget ($1.00)"],
    }),
    nearMiss: {
      why: "our stop for another reason",
      evidence: stopped("somebody pressed stop"),
      code: "cancelled",
    },
  },
  structured_output_invalid: {
    evidence: withResult({
      subtype: "error_max_structured_output_retries",
      terminalReason: "structured_output_retry_exhausted",
      errors: ["Failed to provide valid structured output after 5 attempts"],
    }),
    nearMiss: {
      why: "no structured output, but a success",
      evidence: { exit: ended(0), summary: { ...succeeded, structuredOutputRequested: true } },
      code: null,
    },
  },
  session_unavailable: {
    evidence: startError("No conversation found with session ID: 00000000-0000-4000-8000-000000000000"),
    nearMiss: {
      why: "the same words as a success's answer",
      evidence: answered("No conversation found with session ID: 1"),
      code: null,
    },
  },
  claude_session_in_use: {
    evidence: startError("Error: Session ID 22222222-2222-4222-8222-222222222222 is already in use."),
    nearMiss: {
      why: "a port in use",
      evidence: startError("Error: port 8080 is already in use."),
      code: "claude_start_failed",
    },
  },
  claude_interrupted: {
    evidence: withResult({
      subtype: "error_during_execution",
      terminalReason: "aborted_tools",
      errors: ["[ede_diagnostic] result_type=user last_content_type=n/a stop_reason=tool_use"],
    }),
    nearMiss: {
      why: "we asked for it",
      evidence: {
        ...stopped("cancelled"),
        summary: {
          ...worked,
          result: { subtype: "error_during_execution", isError: true, terminalReason: "aborted_tools" },
        },
      },
      code: "cancelled",
    },
  },
  claude_start_failed: {
    evidence: startError("error: unknown option '--json-schema'"),
    nearMiss: {
      why: "init had come",
      evidence: { exit: ended(1), summary: { ...silent, frames: 1, inits: 1, noise: ["error: something"] } },
      code: "claude_init_failed",
    },
  },
  claude_init_failed: {
    evidence: { exit: ended(1), summary: { ...silent, frames: 1, inits: 1, model: "claude-opus-5-5" } },
    nearMiss: {
      why: "a signal ended it",
      evidence: { exit: ended(143), summary: { ...silent, frames: 1, inits: 1 } },
      code: "claude_killed",
    },
  },
  claude_crashed: {
    evidence: {
      exit: ended(134),
      summary: {
        ...worked,
        tools: { open: [{ name: "Read" }] },
        noise: [
          "<--- Last few GCs --->",
          "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
          "Aborted (core dumped)",
        ],
      },
    },
    nearMiss: {
      why: "somebody else's signal",
      evidence: { exit: ended(143), summary: { ...worked, noise: ["Terminated"] } },
      code: "claude_truncated",
    },
  },
  claude_killed: {
    evidence: {
      exit: ended(137),
      summary: {
        ...silent,
        frames: 11,
        inits: 1,
        retries: { count: 10, last: [{ errorStatus: null, error: "unknown" }] },
      },
    },
    nearMiss: {
      why: "255 is no signal",
      evidence: { exit: ended(255), summary: { ...silent, frames: 1, inits: 1 } },
      code: "claude_init_failed",
    },
  },
  claude_truncated: {
    evidence: {
      exit: ended(143),
      summary: { ...worked, lastLineCut: true, tools: { open: [{ name: "Bash" }] } },
    },
    nearMiss: {
      why: "only partial messages came before the signal",
      evidence: { exit: ended(143), summary: { ...worked, lastAssistant: null } },
      code: "claude_killed",
    },
  },
  claude_output_lost: {
    evidence: { exit: ended(0), summary: worked },
    nearMiss: { why: "the result did arrive", evidence: { exit: ended(0), summary: succeeded }, code: null },
  },
  claude_failed: {
    evidence: withResult({
      subtype: "error_of_a_later_release",
      terminalReason: "something_new",
      text: "API Error: the moon is in the wrong phase",
    }),
    nearMiss: {
      why: "a later release's subtype, with a field that is known",
      evidence: withResult({ subtype: "error_of_a_later_release", apiErrorStatus: 500 }),
      code: "claude_transient_upstream",
    },
  },

  k8s_oom_killed: {
    evidence: failed(
      { kind: "out-of-memory", certain: true, container: "main", memoryLimit: "4Gi", exitCode: 137 },
      { exitCode: 137, signal: "SIGKILL" },
    ),
    nearMiss: {
      why: "OOMKilled, but the main process went on: a child was killed",
      evidence: {
        exit: {
          ...ended(0),
          evidence: {
            ...cluster,
            pod: {
              ...cluster.pod,
              name: "p",
              containers: [{ name: "main", state: { kind: "terminated", exitCode: 0, reason: "OOMKilled" } }],
            },
          },
        },
        summary: succeeded,
      },
      code: null,
    },
  },
  k8s_pod_evicted: {
    evidence: failed(
      {
        kind: "evicted",
        cause: "disk",
        overLimit: true,
        message: "Pod ephemeral local storage usage exceeds the total limit of containers 20Mi.",
      },
      { exitCode: 143, signal: "SIGTERM" },
    ),
    nearMiss: {
      why: "evicted by the eviction API: a drain",
      evidence: failed({ kind: "drained", node: "n", message: "Eviction API: evicting" }),
      code: "k8s_node_drained",
    },
  },
  k8s_pod_preempted: {
    evidence: failed({
      kind: "preempted",
      node: "gke-pool-1-7d9f-abcd",
      message: "default-scheduler: preempting to accommodate a higher priority pod",
    }),
    nearMiss: {
      why: "preempted after the result was in",
      evidence: { ...failed({ kind: "preempted", node: null, message: null }), summary: succeeded },
      code: null,
    },
  },
  k8s_node_drained: {
    evidence: failed({ kind: "drained", node: "gke-pool-1-7d9f-abcd", message: "Eviction API: evicting" }),
    nearMiss: {
      why: "an API error came before the drain",
      evidence: {
        ...failed({ kind: "drained", node: null, message: null }),
        summary: { ...worked, result: { subtype: "success", isError: true, apiErrorStatus: 401 } },
      },
      code: "claude_auth_required",
    },
  },
  k8s_node_shutdown: {
    evidence: failed({
      kind: "node-shutdown",
      node: "gke-pool-1-7d9f-abcd",
      message: "Pod was terminated in response to imminent node shutdown.",
    }),
    nearMiss: {
      why: "the node was lost without a word",
      evidence: failed({ kind: "node-lost", node: "n", message: null }),
      code: "k8s_node_lost",
    },
  },
  k8s_node_lost: {
    evidence: failed(
      { kind: "node-lost", node: "gke-pool-1-7d9f-abcd", message: "PodGC: node no longer exists" },
      { exitCode: null, signal: null },
    ),
    nearMiss: {
      why: "the pod is gone, but nothing says that its node is",
      evidence: failed({ kind: "pod-vanished", pod: "p", lastSeen: null }),
      code: "k8s_pod_vanished",
    },
  },
  k8s_image_pull_failed: {
    evidence: notStarted({
      kind: "image-pull-failed",
      image: "registry.example.com/agent:2.2",
      final: true,
      reason: "ErrImagePull",
      message: "pulling from host registry.example.com failed with status code 401 Unauthorized",
      waitedSeconds: 3,
    }),
    nearMiss: {
      why: "the name itself is wrong",
      evidence: notStarted({
        kind: "image-invalid",
        image: "Bad",
        reason: "InvalidImageName",
        message: null,
      }),
      code: "k8s_image_invalid",
    },
  },
  k8s_image_invalid: {
    evidence: notStarted({
      kind: "image-invalid",
      image: "Lab/Base:One:Two",
      reason: "InvalidImageName",
      message: "couldn't parse image name: invalid reference format: repository name must be lowercase",
    }),
    nearMiss: {
      why: "the registry does not know it",
      evidence: notStarted({
        kind: "image-pull-failed",
        image: "a",
        final: true,
        reason: "ErrImagePull",
        message: "not found",
        waitedSeconds: 1,
      }),
      code: "k8s_image_pull_failed",
    },
  },
  k8s_container_config_error: {
    evidence: notStarted({
      kind: "container-config-error",
      reason: "CreateContainerConfigError",
      message: 'secret "claude-key" not found',
    }),
    nearMiss: {
      why: "a volume that is not there yet",
      evidence: notStarted({
        kind: "volume-unavailable",
        message: "pod has unbound immediate PersistentVolumeClaims",
        waitedSeconds: 900,
      }),
      code: "k8s_volume_unavailable",
    },
  },
  k8s_container_start_failed: {
    evidence: notStarted({
      kind: "container-start-failed",
      reason: "StartError",
      message: 'exec: "claude": executable file not found in $PATH: unknown',
      exitCode: 128,
    }),
    nearMiss: {
      why: "exit 127 of a run that had spoken is the run's own",
      evidence: { exit: ended(127), summary: { ...silent, frames: 1, inits: 1 } },
      code: "claude_init_failed",
    },
  },
  k8s_init_container_failed: {
    evidence: notStarted({
      kind: "init-container-failed",
      container: "prepare",
      exitCode: 1,
      reason: "Error",
      message: "git clone failed",
    }),
    nearMiss: {
      why: "the main container failed",
      evidence: {
        exit: { ...ended(1), evidence: cluster },
        summary: { ...silent, noise: ["error: git clone failed"] },
      },
      code: "claude_start_failed",
    },
  },
  k8s_unschedulable: {
    evidence: notStarted({
      kind: "unschedulable",
      message: "0/5 nodes are available: 2 Insufficient memory, 3 node(s) had untolerated taint(s).",
      waitedSeconds: 1800,
    }),
    nearMiss: {
      why: "it has a node, and never ran",
      evidence: notStarted({ kind: "start-timeout", phase: "start", message: null, waitedSeconds: 900 }),
      code: "k8s_start_timeout",
    },
  },
  k8s_volume_unavailable: {
    evidence: notStarted({
      kind: "volume-unavailable",
      message: 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) other',
      waitedSeconds: 900,
    }),
    nearMiss: {
      why: "the volume's Secret is missing",
      evidence: notStarted({
        kind: "container-config-error",
        reason: "FailedMount",
        message: 'secret "absent" not found',
      }),
      code: "k8s_container_config_error",
    },
  },
  k8s_quota_exceeded: {
    evidence: notStarted({
      kind: "quota-exceeded",
      message:
        'pods "claude-x" is forbidden: exceeded quota: agents, requested: requests.memory=1Gi, used: requests.memory=4Gi, limited: requests.memory=4Gi',
    }),
    nearMiss: {
      why: "a 403 of RBAC",
      evidence: refused({
        kind: "forbidden",
        verb: "create",
        resource: "jobs.batch",
        namespace: "agents",
        message: "no",
      }),
      code: "k8s_forbidden",
    },
  },
  k8s_admission_rejected: {
    evidence: notStarted({
      kind: "admission-rejected",
      message:
        'pods "claude-x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    }),
    nearMiss: {
      why: "the Job itself is malformed",
      evidence: refused({
        kind: "create-rejected",
        resource: "jobs.batch",
        httpStatus: 422,
        reason: "Invalid",
        message: "bad",
        causes: [],
      }),
      code: "k8s_job_create_failed",
    },
  },
  k8s_service_account_missing: {
    evidence: notStarted({
      kind: "service-account-missing",
      name: "claude",
      message: 'error looking up service account agents/claude: serviceaccount "claude" not found',
    }),
    nearMiss: {
      why: "the namespace is missing",
      evidence: refused({ kind: "namespace-missing", namespace: "agents" }),
      code: "k8s_job_create_failed",
    },
  },
  k8s_start_timeout: {
    evidence: notStarted({
      kind: "start-timeout",
      phase: "start",
      message: 'Failed to create pod sandbox: plugin type="calico" failed',
      waitedSeconds: 900,
    }),
    nearMiss: {
      why: "it waited in a queue",
      evidence: notStarted({ kind: "queue-timeout", queueName: "agents", waitedSeconds: 3600 }),
      code: "k8s_unschedulable",
    },
  },
  k8s_job_create_failed: {
    evidence: refused({
      kind: "create-rejected",
      resource: "jobs.batch",
      httpStatus: 422,
      reason: "Invalid",
      message: 'Job.batch "claude-x" is invalid',
      causes: [
        {
          field: "spec.template.spec.containers[0].resources.limits[memory]",
          message: "must be greater than or equal to memory request",
        },
      ],
    }),
    nearMiss: {
      why: "a quota refused it",
      evidence: refused({ kind: "quota-exceeded", message: "exceeded quota" }),
      code: "k8s_quota_exceeded",
    },
  },
  k8s_concurrent_run_blocked: {
    evidence: {
      exit: {
        kind: "busy",
        holder: {
          jobName: "claude-3f9a1c07b2d4",
          namespace: "agents",
          runId: "run-17",
          supervisor: "server-1",
          supervised: true,
          createdAt: "2026-11-22T09:30:00Z",
          terminating: false,
        },
        waitedSeconds: 60,
      },
    },
    nearMiss: {
      why: "the pod of the Job to go on with is gone",
      evidence: refused({ kind: "reattach-failed", message: "Job claude-x has no pod" }),
      code: "k8s_pod_reattach_failed",
    },
  },
  k8s_forbidden: {
    evidence: refused({
      kind: "forbidden",
      verb: "create",
      resource: "jobs.batch",
      namespace: "agents",
      message:
        'jobs.batch is forbidden: User "system:serviceaccount:host:server" cannot create resource "jobs" in API group "batch" in the namespace "agents"',
    }),
    nearMiss: {
      why: "a policy forbids the pod",
      evidence: notStarted({
        kind: "admission-rejected",
        message: 'pods "x" is forbidden: violates PodSecurity',
      }),
      code: "k8s_admission_rejected",
    },
  },
  k8s_api_unreachable: {
    evidence: refused({
      kind: "api-unreachable",
      server: "https://10.0.0.1:6443",
      message: "connect ECONNREFUSED 10.0.0.1:6443",
      triedSeconds: 60,
    }),
    nearMiss: {
      why: "the model's API refused the connection",
      evidence: apiError(
        null,
        "API Error: Connection refused (ECONNREFUSED)",
        "server_error",
        "connection_failed",
      ),
      code: "claude_transient_upstream",
    },
  },
  k8s_job_deleted_externally: {
    evidence: failed(
      {
        kind: "deleted-externally",
        object: "job",
        by: "kubectl-delete (alice)",
        lastSeen: "2026-11-22T10:12:00Z",
      },
      { exitCode: 143, signal: "SIGTERM" },
    ),
    nearMiss: { why: "we stopped it ourselves", evidence: stopped("cancelled"), code: "cancelled" },
  },
  k8s_pod_replaced: {
    evidence: failed({
      kind: "pod-replaced",
      firstPod: "claude-3f9a1c07b2d4-x7k2p",
      secondPod: "claude-3f9a1c07b2d4-m4n8q",
    }),
    nearMiss: {
      why: "the pod went and none came",
      evidence: failed({ kind: "pod-vanished", pod: "a", lastSeen: null }),
      code: "k8s_pod_vanished",
    },
  },
  k8s_pod_vanished: {
    evidence: failed(
      { kind: "pod-vanished", pod: "claude-3f9a1c07b2d4-x7k2p", lastSeen: "2026-11-22T10:12:00Z" },
      { exitCode: null, signal: null },
    ),
    nearMiss: {
      why: "somebody deleted it",
      evidence: failed({ kind: "deleted-externally", object: "pod", by: null, lastSeen: null }),
      code: "k8s_job_deleted_externally",
    },
  },
  k8s_pod_reattach_failed: {
    evidence: refused({ kind: "reattach-failed", message: "Job claude-3f9a1c07b2d4 has no pod" }),
    nearMiss: {
      why: "a live run holds it",
      evidence: { exit: { kind: "busy", holder: { jobName: "a", namespace: "b" }, waitedSeconds: 0 } },
      code: "k8s_concurrent_run_blocked",
    },
  },

  kubeconfig_invalid: {
    evidence: refused({
      kind: "kubeconfig-invalid",
      field: "current-context",
      message: 'context "prod" does not exist',
    }),
    nearMiss: {
      why: "a good kubeconfig to a dead server",
      evidence: refused({
        kind: "api-unreachable",
        server: "https://10.0.0.1:6443",
        message: "timeout",
        triedSeconds: 60,
      }),
      code: "k8s_api_unreachable",
    },
  },
  settings_invalid: {
    evidence: refused({
      kind: "settings-invalid",
      problems: [
        { field: "resources.limits.memory", value: "8 GB", rule: "a Kubernetes quantity", example: "8Gi" },
      ],
    }),
    nearMiss: {
      why: "the API found the value wrong, not we",
      evidence: refused({
        kind: "create-rejected",
        resource: "jobs.batch",
        httpStatus: 400,
        reason: "BadRequest",
        message: "quantities must match the regular expression",
        causes: [],
      }),
      code: "k8s_job_create_failed",
    },
  },
  not_allowed_by_operator: {
    evidence: refused({
      kind: "not-allowed",
      file: "/etc/claude-k8s/operator.yaml",
      refusals: [
        {
          setting: "image",
          value: "docker.io/someone/agent:1",
          rule: "only images of registry.example.com",
          allow: "allow.images",
        },
        {
          setting: "podTemplate.spec.hostNetwork",
          value: true,
          rule: "pods use no network of the node",
          allow: "allow.podTemplate",
        },
      ],
    }),
    nearMiss: {
      why: "the value is none at all",
      evidence: refused({
        kind: "settings-invalid",
        problems: [{ field: "image", value: "", rule: "the name of an image" }],
      }),
      code: "settings_invalid",
    },
  },
  slot_foreign: {
    evidence: refused({
      kind: "slot-foreign",
      jobName: "claude-3f9a1c07b2d4",
      namespace: "agents",
      reason: "it carries no seal",
      createdAt: "2026-11-22T09:30:00Z",
    }),
    nearMiss: {
      why: "a run of ours holds the slot",
      evidence: {
        exit: {
          kind: "busy",
          holder: { jobName: "claude-3f9a1c07b2d4", namespace: "agents" },
          waitedSeconds: 5,
        },
      },
      code: "k8s_concurrent_run_blocked",
    },
  },

  workspace_clone_failed: {
    evidence: notStarted({
      kind: "workspace-failed",
      step: "clone",
      repository: "https://git.example.com/team/app.git",
      ref: "main",
      exitCode: 128,
      message:
        "fatal: unable to access 'https://git.example.com/team/app.git/': Could not resolve host: git.example.com",
    }),
    nearMiss: {
      why: "another init container failed",
      evidence: notStarted({
        kind: "init-container-failed",
        container: "prepare",
        exitCode: 128,
        reason: "Error",
        message: "fatal: unable to access: Could not resolve host: git.example.com",
      }),
      code: "k8s_init_container_failed",
    },
  },
  workspace_credentials_refused: {
    evidence: notStarted({
      kind: "workspace-failed",
      step: "clone",
      repository: "git@git.example.com:team/app.git",
      ref: null,
      exitCode: 128,
      message:
        "git@git.example.com: Permission denied (publickey). fatal: Could not read from remote repository.",
    }),
    nearMiss: {
      why: "the same last line after a connection that failed",
      evidence: notStarted({
        kind: "workspace-failed",
        step: "clone",
        repository: "git@git.example.com:team/app.git",
        message:
          "ssh: connect to host git.example.com port 22: Connection timed out\nfatal: Could not read from remote repository.",
      }),
      code: "workspace_clone_failed",
    },
  },
  workspace_ref_not_found: {
    evidence: notStarted({
      kind: "workspace-failed",
      step: "clone",
      repository: "https://git.example.com/team/app.git",
      ref: "feature/gone",
      exitCode: 128,
      message: "fatal: Remote branch feature/gone not found in upstream origin",
    }),
    nearMiss: {
      why: "the repository itself is not found, as servers say where a credential is missing",
      evidence: notStarted({
        kind: "workspace-failed",
        step: "clone",
        repository: "https://git.example.com/team/app.git",
        message:
          "remote: Repository not found.\nfatal: repository 'https://git.example.com/team/app.git/' not found",
      }),
      code: "workspace_credentials_refused",
    },
  },
  workspace_setup_failed: {
    evidence: notStarted({
      kind: "workspace-failed",
      step: "setup",
      repository: "https://git.example.com/team/app.git",
      command: "npm ci",
      exitCode: 1,
      message: "npm error code E401",
    }),
    nearMiss: {
      why: "git's words in a set-up command are the command's",
      evidence: notStarted({
        kind: "workspace-failed",
        step: "clone",
        message: "fatal: Authentication failed for 'https://git.example.com/team/app.git/'",
      }),
      code: "workspace_credentials_refused",
    },
  },
  workspace_push_failed: {
    evidence: failed({
      kind: "workspace-failed",
      step: "push",
      repository: "https://git.example.com/team/app.git",
      ref: "agent/fix-1",
      exitCode: 1,
      message:
        "! [rejected] agent/fix-1 -> agent/fix-1 (non-fast-forward) error: failed to push some refs to 'https://git.example.com/team/app.git'",
    }),
    nearMiss: {
      why: "the credential may read only",
      evidence: failed({
        kind: "workspace-failed",
        step: "push",
        repository: "https://git.example.com/team/app.git",
        message:
          "remote: Permission to team/app.git denied to agent-bot. fatal: unable to access: The requested URL returned error: 403",
      }),
      code: "workspace_credentials_refused",
    },
  },
  workspace_copy_failed: {
    evidence: notStarted({
      kind: "start-timeout",
      phase: "files",
      message: "the server could not find the requested resource",
      waitedSeconds: 10,
      trouble: "no-exec",
    }),
    nearMiss: {
      why: "its start hung before anything could be copied",
      evidence: notStarted({
        kind: "start-timeout",
        phase: "start",
        message: "the server could not find the requested resource",
        waitedSeconds: 10,
      }),
      code: "k8s_start_timeout",
    },
  },
  workspace_fill_failed: {
    evidence: {
      exit: ended(75),
      summary: {
        ...silent,
        noise: [
          "cp: error writing '/workspace/./data/big': No space left on device",
          "the claim could not be filled with the files of the workspace folder",
        ],
      },
    },
    nearMiss: {
      why: "the agent had begun, so the claim was filled: a program of its own says these words",
      evidence: {
        exit: ended(75),
        summary: {
          ...silent,
          frames: 1,
          inits: 1,
          noise: ["the claim could not be filled with the files of the workspace folder"],
        },
      },
      code: "claude_init_failed",
    },
  },
  workspace_too_large: {
    evidence: refused({
      kind: "workspace-too-large",
      what: "the workspace",
      bytes: 3_221_225_472,
      limitBytes: 1_073_741_824,
      setting: null,
    }),
    nearMiss: {
      why: "the pod used more disk than its limit",
      evidence: failed({
        kind: "evicted",
        cause: "disk",
        overLimit: true,
        message: 'Usage of EmptyDir volume "workspace" exceeds the limit "1Gi".',
      }),
      code: "k8s_pod_evicted",
    },
  },
  skill_not_found: {
    evidence: refused({
      kind: "skill-not-found",
      skill: "paperclipai/paperclip/release",
      message: null,
      available: ["paperclipai/paperclip/paperclip"],
    }),
    nearMiss: {
      why: "an answer that speaks of a missing skill",
      evidence: answered("skill not found"),
      code: null,
    },
  },
  claude_version_unsupported: {
    evidence: refused({ kind: "claude-version-unsupported", version: "1.0.128", range: ">=2.1.0" }),
    nearMiss: {
      why: "an option that the release does not know",
      evidence: startError("error: unknown option '--permission-prompts'"),
      code: "claude_start_failed",
    },
  },
  k8s_agent_id_invalid: {
    evidence: refused({ kind: "agent-id-invalid", agentId: "***" }),
    nearMiss: {
      why: "another setting is wrong",
      evidence: refused({ kind: "settings-invalid", problems: [] }),
      code: "settings_invalid",
    },
  },

  timeout: {
    evidence: stopped("deadline", {
      by: "deadline",
      deadlineSeconds: 3600,
      forced: true,
      exitCode: 137,
      signal: "SIGKILL",
    }),
    nearMiss: {
      why: "the deadline struck after the result",
      evidence: { ...stopped("deadline", { by: "deadline", deadlineSeconds: 3600 }), summary: succeeded },
      code: null,
    },
  },
  cancelled: {
    evidence: stopped("cancelled"),
    nearMiss: {
      why: "a stop that only tidied up behind a failed result",
      evidence: {
        ...stopped("lingering"),
        summary: { ...worked, result: { subtype: "error_max_turns", isError: true } },
      },
      code: "max_turns_exhausted",
    },
  },
  claude_stalled: {
    evidence: stopped("stalled"),
    nearMiss: {
      why: "the model's API timed out by itself",
      evidence: apiError(null, "Request timed out.", "server_error"),
      code: "claude_transient_upstream",
    },
  },
};

const withFiles = (returned: NonNullable<ClusterEvidence["files"]>["returned"]): Evidence => ({
  exit: { kind: "exited", exitCode: 0, signal: null, evidence: { ...cluster, files: { returned } } },
  summary: succeeded,
});
const withRepository = (repository: NonNullable<ClusterEvidence["repository"]>): Evidence => ({
  exit: { kind: "exited", exitCode: 0, signal: null, evidence: { ...cluster, repository } },
  summary: succeeded,
});
const noted = (more: SummaryLike, exit: Evidence["exit"] = ended(0)): Evidence => ({
  exit,
  summary: { ...succeeded, ...more },
});

export const notes: Readonly<Record<NoteCode, { readonly evidence: Evidence; readonly nearMiss: Evidence }>> =
  {
    child_oom_killed: {
      evidence: endings.k8s_oom_killed.nearMiss.evidence,
      nearMiss: endings.k8s_oom_killed.evidence,
    },
    empty_result: { evidence: answered(""), nearMiss: answered("Done.") },
    hook_stopped: {
      evidence: noted({
        result: { ...succeeded.result, terminalReason: "hook_stopped" },
        hooks: { stops: [{ promptBlocked: false, reason: "enough" }] },
      }),
      nearMiss: noted({ hooks: { stops: [] } }),
    },
    prompt_blocked_by_hook: {
      evidence: noted({ hooks: { stops: [{ promptBlocked: true, reason: "prompt refused" }] } }),
      nearMiss: noted({ hooks: { stops: [{ promptBlocked: false, reason: "a tool" }] } }),
    },
    structured_output_missing: {
      evidence: noted({ structuredOutputRequested: true, structuredOutput: null }),
      nearMiss: noted({ structuredOutputRequested: true, structuredOutput: { value: {}, length: 2 } }),
    },
    permission_denied: {
      evidence: noted({
        permissionDenials: { count: 3, last: [{ toolName: "Bash" }, { toolName: "Write" }] },
      }),
      nearMiss: noted({ permissionDenials: { count: 0, last: [] } }),
    },
    session_not_saved: {
      evidence: noted({ sessionWritesLost: { errorCode: "ENOSPC", lost: 2 } }),
      nearMiss: noted({ sessionWritesLost: null }),
    },
    mcp_server_failed: {
      evidence: noted({
        mcpServers: [
          { name: "github", status: "failed" },
          { name: "docs", status: "connected" },
        ],
      }),
      nearMiss: noted({
        mcpServers: [
          { name: "docs", status: "connected" },
          { name: "slow", status: "pending" },
        ],
      }),
    },
    workspace_not_returned: {
      evidence: {
        ...noted({}),
        workspace: { returned: false, message: "the pod was gone before they were taken" },
      },
      nearMiss: { ...noted({}), workspace: { returned: true } },
    },
    workspace_conflict: {
      evidence: withFiles({
        kind: "returned",
        conflicted: 1,
        conflicts: [{ path: "a.txt", keptAs: "a.txt.conflict-1" }],
      }),
      nearMiss: withFiles({ kind: "returned", conflicted: 0, conflicts: [] }),
    },
    workspace_unpushed: {
      evidence: withRepository({ head: "0abc", commits: 2, dirty: 1, pushed: false, branch: "agent/x" }),
      nearMiss: withRepository({ head: "0abc", commits: 2, dirty: 1, pushed: true, branch: "agent/x" }),
    },
    workspace_late: {
      evidence: {
        exit: { kind: "exited", exitCode: 0, signal: null, evidence: { ...cluster, workIsLate: true } },
        summary: succeeded,
      },
      nearMiss: {
        exit: { kind: "exited", exitCode: 0, signal: null, evidence: { ...cluster, workIsLate: false } },
        summary: succeeded,
      },
    },
    workspace_left_out: {
      evidence: withFiles({
        kind: "returned",
        refused: 1,
        refusals: [{ path: "out", reason: "leads-out" }],
      }),
      nearMiss: withFiles({ kind: "returned", refused: 0, refusals: [] }),
    },
    result_contradicted: {
      evidence: noted({}, ended(1)),
      // A signal from outside says nothing of what the agent did.
      nearMiss: noted({}, ended(143)),
    },
    ended_by_linger: {
      evidence: { ...stopped("lingering"), summary: succeeded },
      nearMiss: { ...stopped("cancelled"), summary: succeeded },
    },
    log_gap: {
      evidence: noted(
        {},
        {
          ...ended(0),
          evidence: { gaps: [{ reason: "rotated", message: "the kubelet rotated the log away" }] },
        },
      ),
      nearMiss: noted({}, { ...ended(0), evidence: { gaps: [] } }),
    },
    ended_after_result: { evidence: noted({}, ended(143)), nearMiss: noted({}) },
  };
