/** Sidecars, and endings that nobody asked for. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, at, ev, meta, pod, run, term, wait } from "./objects.ts";
import type { Row } from "./objects.ts";

/** A Job that is over, with the reason that its controller gave. */
const jobFailed = (reason: string, message: string): object => ({
  kind: "Job",
  metadata: meta("claude-1"),
  spec: {},
  status: { conditions: [{ type: "Failed", status: "True", reason, message }] },
});

export const endings: readonly Row[] = [
  [
    "native sidecar, main still waits for a Secret",
    {
      pod: pod(wait("CreateContainerConfigError", 'secret "k" not found'), {
        spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [{ name: "proxy", started: true, ready: true, restartCount: 0, state: run }],
        },
      }),
    },
    "k8s_container_config_error",
    null,
    /"?k"?/,
  ],
  [
    "native sidecar cannot be pulled",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "proxy", image: "auto", restartPolicy: "Always" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [
            {
              name: "proxy",
              started: false,
              restartCount: 0,
              state: wait("ImagePullBackOff", 'Back-off pulling image "auto"'),
            },
          ],
        },
      }),
    },
    "k8s_image_pull_failed",
    undefined,
    /proxy/,
  ],
  [
    "native sidecar is in a crash loop, so main never starts",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "vault-agent", restartPolicy: "Always" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [
            {
              name: "vault-agent",
              started: false,
              restartCount: 5,
              state: wait("CrashLoopBackOff", "back-off 2m40s restarting failed container=vault-agent"),
              lastState: term(1),
            },
          ],
        },
      }),
    },
    "k8s_init_container_failed|k8s_start_timeout",
    undefined,
    /vault-agent/,
  ],
  [
    "sidecar 137 after main's success is no memory trouble of main",
    {
      pod: pod(term(2), {
        spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
        status: {
          phase: "Failed",
          initContainerStatuses: [{ name: "proxy", restartCount: 0, state: term(137, "OOMKilled") }],
        },
      }),
    },
    "claude_failed|claude_start_failed|claude_init_failed",
    null,
    /^(?!.*memory)/s,
  ],
  [
    "Spot: node shutdown with exit 0",
    {
      pod: pod(term(0), {
        status: {
          phase: "Failed",
          reason: "Terminated",
          message: "Pod was terminated in response to imminent node shutdown.",
          conditions: [
            {
              type: "DisruptionTarget",
              status: "True",
              reason: "TerminationByKubelet",
              message: "Pod was terminated in response to imminent node shutdown.",
            },
          ],
        },
      }),
    },
    "k8s_node_shutdown",
    T,
    /shutdown/,
  ],
  [
    "pod GC of an orphan",
    {
      pod: pod(run, {
        metadata: { deletionTimestamp: at },
        status: {
          phase: "Failed",
          conditions: [
            {
              type: "DisruptionTarget",
              status: "True",
              reason: "DeletionByPodGC",
              message: "PodGC: node no longer exists",
            },
          ],
        },
      }),
    },
    "k8s_node_lost",
    T,
    /no longer exists/,
  ],
  [
    "ContainerStatusUnknown",
    {
      pod: pod(
        {
          terminated: {
            exitCode: 137,
            reason: "ContainerStatusUnknown",
            message:
              "The container could not be located when the pod was deleted.  The container used to be Running",
            startedAt: null,
            finishedAt: null,
          },
        },
        {
          status: {
            phase: "Failed",
            reason: "Evicted",
            message:
              "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi. Container main was using 12Gi, request is 0, has larger consumption of ephemeral-storage. ",
          },
        },
      ),
    },
    "k8s_pod_evicted",
    T,
    /12Gi|ephemeral/,
  ],
  [
    "ContainerStatusUnknown alone",
    {
      pod: pod(
        {
          terminated: {
            exitCode: 137,
            reason: "ContainerStatusUnknown",
            message: "The container could not be located when the pod was terminated",
            startedAt: null,
            finishedAt: null,
          },
        },
        { status: { phase: "Failed" } },
      ),
    },
    "k8s_node_lost|k8s_pod_vanished",
    undefined,
    /could not be located/,
  ],
  [
    "Unknown 255 after a reboot",
    {
      pod: pod(
        { terminated: { exitCode: 255, reason: "Unknown", startedAt: at, finishedAt: at } },
        { status: { phase: "Failed" } },
      ),
    },
    "k8s_node_lost|k8s_node_shutdown|k8s_pod_vanished|k8s_container_start_failed",
    T,
    /255|restart|reboot/,
  ],
  [
    "activeDeadline of the pod",
    {
      pod: pod(term(143), {
        status: {
          phase: "Failed",
          reason: "DeadlineExceeded",
          message: "Pod was active on the node longer than the specified deadline",
        },
      }),
    },
    "timeout",
    null,
    /deadline/i,
  ],
  [
    "liveness of an injected probe",
    {
      pod: pod(term(137), { status: { phase: "Failed" } }),
      events: [
        ev("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"),
        ev("Killing", "Container main failed liveness probe, will be restarted"),
      ],
    },
    "claude_killed|k8s_container_killed|claude_failed",
    null,
    /probe/,
  ],
  ["segmentation fault", { pod: pod(term(139)) }, "claude_crashed", null, /SIGSEGV/],
  ["illegal instruction", { pod: pod(term(132)) }, "claude_crashed", null, /processor|CPU|instruction/i],
  ["abort", { pod: pod(term(134)) }, "claude_crashed", null, /SIGABRT/],
  [
    "exit 0 and nothing",
    { pod: pod(term(0), { status: { phase: "Succeeded" } }) },
    "claude_output_lost",
    null,
    /result/,
  ],
  [
    "a rule of the Job's failure policy",
    {
      pod: pod(term(42), { status: { phase: "Failed" } }),
      job: jobFailed(
        "PodFailurePolicy",
        "Container main for pod agents/claude-1-abcde failed with exit code 42 matching FailJob rule at index 0",
      ),
    },
    "claude_start_failed|claude_init_failed|claude_failed",
    null,
    /42/,
  ],
  [
    "init out of memory",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "fetch" }] },
        status: {
          phase: "Failed",
          initContainerStatuses: [{ name: "fetch", restartCount: 0, state: term(137, "OOMKilled") }],
        },
      }),
    },
    "k8s_init_container_failed",
    null,
    /memory/,
  ],
  [
    "init's image",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "istio-init", image: "istio/proxyv2:9" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [
            {
              name: "istio-init",
              restartCount: 0,
              state: wait("ImagePullBackOff", 'Back-off pulling image "istio/proxyv2:9"'),
            },
          ],
        },
      }),
    },
    "k8s_image_pull_failed",
    undefined,
    /istio-init/,
  ],
  [
    "init that waits for ever",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "wait-for-db" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [{ name: "wait-for-db", restartCount: 0, state: run }],
        },
      }),
    },
    "k8s_start_timeout",
    T,
    /wait-for-db/,
  ],
  [
    "init whose Secret is missing",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "fetch" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [
            {
              name: "fetch",
              restartCount: 0,
              state: wait("CreateContainerConfigError", 'secret "git" not found'),
            },
          ],
        },
      }),
    },
    "k8s_container_config_error",
    null,
    /git/,
  ],
  [
    "deleted by its Job's clean-up while it ran",
    {
      pod: pod(term(143), { metadata: { deletionTimestamp: at }, status: { phase: "Failed" } }),
      job: { kind: "Job", metadata: meta("claude-1", { deletionTimestamp: at }), spec: {}, status: {} },
    },
    "k8s_job_deleted_externally",
    null,
    /Job was deleted/,
  ],
  ["main restarted by a controller", { pod: pod(run, {}) }, "claude_failed", null, /still running/],
];
