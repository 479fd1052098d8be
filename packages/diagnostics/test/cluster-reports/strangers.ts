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
];
