/** Who took a pod away, as controllers beside Kubernetes' own say it. Rebuilt from public reports; the ending was decided before it was tried. */
import { T, at, ev, fc, meta, pod, term } from "./objects.ts";
import type { Row } from "./objects.ts";

const gone = { deletionTimestamp: "2026-11-22T10:05:30Z", deletionGracePeriodSeconds: 30 };
const killed = { ...ev("Killing", "Stopping container main"), type: "Normal" };

export const strangers: readonly Row[] = [
  [
    "kubectl delete pod, and the command ends with 0 within its grace (kubernetes/kubernetes#125695)",
    {
      pod: pod(term(0), { metadata: gone, status: { phase: "Succeeded" } }),
      job: {
        kind: "Job",
        metadata: meta("claude-1"),
        spec: {},
        status: {
          conditions: [
            {
              type: "Failed",
              status: "True",
              reason: "BackoffLimitExceeded",
              message: "Job has reached the specified backoff limit",
            },
          ],
        },
      },
      events: [killed],
    },
    "k8s_job_deleted_externally",
    null,
    /deleted/,
  ],
  [
    "Karpenter deletes by force, without a condition (kubernetes-sigs/karpenter#3218, aws/karpenter-provider-aws#8160)",
    {
      pod: pod(term(143), { metadata: gone, status: { phase: "Failed" } }),
      events: [
        {
          ...ev("Evicted", "Evicted pod: Forceful Termination"),
          type: "Normal",
          source: { component: "karpenter" },
        },
        killed,
      ],
    },
    "k8s_node_drained",
    T,
    /Forceful Termination/,
  ],
  [
    "Kueue's condition on a pod that it preempts (marin-community/marin#7806)",
    {
      pod: pod(term(137), {
        metadata: gone,
        status: {
          phase: "Failed",
          conditions: [
            {
              type: "TerminationTarget",
              status: "True",
              reason: "WorkloadEvictedDueToPreempted",
              message: "Preempted to accommodate a higher priority Workload",
            },
          ],
        },
      }),
      events: [killed],
    },
    "k8s_pod_preempted",
    T,
    /higher priority/,
  ],
  [
    "GKE's spot node shuts down, and no container has a state (flyteorg/flyteplugins#354)",
    {
      pod: pod(null, {
        status: {
          phase: "Failed",
          reason: "NodeShutdown",
          message: "Pod was terminated in response to imminent node shutdown.",
        },
      }),
    },
    "k8s_node_shutdown",
    T,
    /shutdown|shut down/,
  ],
  [
    "the time to live of a Job that was long done takes its pod along (kubernetes/kubernetes#109429)",
    {
      pod: pod(term(0), {
        metadata: {
          deletionTimestamp: "2026-11-22T10:15:30Z",
          deletionGracePeriodSeconds: 30,
          finalizers: ["batch.kubernetes.io/job-tracking"],
        },
        status: { phase: "Succeeded" },
      }),
      job: {
        kind: "Job",
        metadata: meta("claude-1", {
          deletionTimestamp: "2026-11-22T10:15:00Z",
          finalizers: ["foregroundDeletion"],
        }),
        spec: { ttlSecondsAfterFinished: 300 },
        status: { conditions: [{ type: "Complete", status: "True", lastTransitionTime: at }] },
      },
    },
    "claude_output_lost",
    undefined,
    /./,
  ],
  [
    "an injector writes a pod that this server does not take (istio/istio#52245)",
    fc(
      'Pod "claude-1-zj7pd" is invalid: [spec.initContainers[1].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always, spec.initContainers[1].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always]',
    ),
    "k8s_admission_rejected|k8s_job_create_failed",
    null,
    /restartPolicy=Always/,
  ],
  [
    "a cloud's controller removes pods of a machine that is gone (kubernetes/cloud-provider-gcp#416)",
    {
      pod: pod(
        { running: { startedAt: at } },
        {
          metadata: gone,
          status: {
            phase: "Failed",
            conditions: [
              {
                type: "DisruptionTarget",
                status: "True",
                reason: "DeletionByGCPControllerManager",
                message: "GCPControllerManager: node no longer exists",
              },
            ],
          },
        },
      ),
    },
    "k8s_node_lost",
    T,
    /no longer exists/,
  ],
  [
    "an injected agent gets no token, and the command never begins (hashicorp/vault#20772)",
    {
      pod: pod(
        { waiting: { reason: "PodInitializing" } },
        {
          spec: { initContainers: [{ name: "vault-agent-init", image: "hashicorp/vault:1.13.1" }] },
          status: {
            phase: "Failed",
            initContainerStatuses: [{ name: "vault-agent-init", restartCount: 0, state: term(1) }],
          },
        },
      ),
    },
    "k8s_init_container_failed",
    null,
    /vault-agent-init/,
  ],
  [
    "an injected container's user is outside the namespace's range (hashicorp/vault-k8s#59)",
    fc(
      'pods "claude-1-xxxxx" is forbidden: unable to validate against any pod security policy: [spec.initContainers[1].securityContext.securityContext.runAsUser: Invalid value: 100: must be in the ranges: [1000250000, 1000259999]]',
    ),
    "k8s_admission_rejected",
    null,
    /must be in the ranges/,
  ],
  [
    "a spot machine disappears without a word (Azure/AKS#3528)",
    {
      pod: pod(
        { running: { startedAt: at } },
        {
          metadata: gone,
          status: {
            phase: "Failed",
            conditions: [
              {
                type: "DisruptionTarget",
                status: "True",
                reason: "DeletionByTaintManager",
                message: "Taint manager: deleting due to NoExecute taint",
              },
            ],
          },
        },
      ),
      node: {
        kind: "Node",
        metadata: { name: "node-1" },
        spec: { taints: [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }] },
        status: { conditions: [{ type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" }] },
      },
    },
    "k8s_node_lost",
    T,
    /node-1/,
  ],
  [
    "a pod that was done waits for its finalizer, and its Job is gone (kubernetes/kubernetes#121828)",
    {
      pod: pod(term(0), {
        metadata: {
          deletionTimestamp: "2026-11-22T10:20:00Z",
          finalizers: ["batch.kubernetes.io/job-tracking"],
        },
        status: { phase: "Succeeded" },
      }),
    },
    "claude_output_lost",
    undefined,
    /./,
  ],
  [
    "drained while somebody's finalizer holds the pod (kubernetes/test-infra#26611)",
    {
      pod: pod(term(143), {
        metadata: { ...gone, finalizers: ["prow.x-k8s.io/gcsk8sreporter"] },
        status: {
          phase: "Failed",
          conditions: [
            {
              type: "DisruptionTarget",
              status: "True",
              reason: "EvictionByEvictionAPI",
              message: "Eviction API: evicting",
            },
          ],
        },
      }),
      events: [killed],
    },
    "k8s_node_drained",
    T,
    /Eviction API/,
  ],
  [
    "a node claim that drifted, and a command that catches the signal (kubernetes-sigs/karpenter#1370)",
    {
      pod: pod(term(0), { metadata: gone, status: { phase: "Succeeded" } }),
      events: [
        {
          ...ev("Evicted", "Evicted pod: node worker-czn28/ip-10-0-0-5.internal drifted"),
          type: "Normal",
        },
        killed,
      ],
    },
    "k8s_node_drained",
    T,
    /drifted/,
  ],
  [
    "a pod that is gone with a node that was not ready (Azure/AKS#4400)",
    {
      events: [
        { ...ev("Started", "Started container main"), type: "Normal", lastTimestamp: "2026-11-22T09:00:00Z" },
        { ...ev("NodeNotReady", "Node is not ready"), lastTimestamp: "2026-11-22T09:30:00Z" },
        {
          ...ev("TaintManagerEviction", "Marking for deletion Pod agents/claude-1-abcde"),
          type: "Normal",
          lastTimestamp: "2026-11-22T09:35:00Z",
        },
      ],
    },
    "k8s_node_lost",
    T,
    /./,
  ],
];
