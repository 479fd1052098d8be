import type { Entries } from "./entry.ts";

/** What the cluster did to a pod, before or after its container started. */
export const clusterRun = {
  k8s_oom_killed: {
    title: "Out of memory",
    when: "The container ended `OOMKilled` with exit 137 and without a result. Suspected: exit 137, reason `Error`, not deleted, no disruption.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Raise {setting:resources.limits.memory}.",
      "Or let the agent use less at once: fewer parallel builds and tests, a smaller heap (`NODE_OPTIONS` in {setting:env}).",
    ],
  },
  k8s_pod_evicted: {
    title: "The node evicted the pod",
    when: "Node pressure (memory, disk, process ids), or more ephemeral storage used than the limit.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "memory",
        text: "Ask for what the run uses: raise {setting:resources.requests.memory}, so that the scheduler finds a node with room.",
      },
      {
        when: "disk",
        text: "Raise the limit of `ephemeral-storage`, or the volume's `sizeLimit`, in {setting:podTemplate}; or let the agent clean up.",
      },
      "Then run again; the session can be continued.",
      "See the node: `kubectl describe node {node}`.",
    ],
  },
  k8s_pod_preempted: {
    title: "A pod of higher priority took the place",
    when: "`DisruptionTarget`, reason `PreemptionByScheduler`; or `TerminationByKubelet` of a pod with reason `Preempting`.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued.",
      "If it repeats: give runs a priority class ({setting:podTemplate}, `spec.priorityClassName`), or add nodes.",
    ],
  },
  k8s_node_drained: {
    title: "The pod was evicted from its node",
    when: "`DisruptionTarget`, reason `EvictionByEvictionAPI`: a drain, or an autoscaler that removes the node.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued.",
      'If an autoscaler removes nodes under running agents, forbid it for them: annotation `cluster-autoscaler.kubernetes.io/safe-to-evict: "false"` or `karpenter.sh/do-not-disrupt: "true"` in {setting:podTemplate}.',
    ],
  },
  k8s_node_shutdown: {
    title: "The node was shut down",
    when: "The node shut down gracefully and ended its pods.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued.",
      "If it repeats: keep agents off spot or preemptible nodes (node selector or affinity in {setting:podTemplate}).",
    ],
  },
  k8s_node_lost: {
    title: "The node was lost",
    when: "`DisruptionTarget`, reason `DeletionByTaintManager` or `DeletionByPodGC`: the node became unreachable or disappeared. Also `ContainerStatusUnknown`, and exit 255 with reason `Unknown`: the node restarted, or its container runtime, and lost track of the container.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued. The process on the lost node may still have been at work for a while.",
      "Look at the node: `kubectl describe node {node}`.",
    ],
  },
  k8s_job_deleted_externally: {
    title: "Somebody else deleted the run",
    when: "Job or pod deleted by somebody else, with who, when and what was seen last.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Find out who deletes: `kubectl get events -n {namespace}`, the cluster's audit log, clean-up jobs, GitOps pruning ({setting:labels} may match its selector).",
      "Then run again; the session can be continued.",
    ],
  },
  k8s_pod_replaced: {
    title: "The cluster started a second pod",
    when: "A second pod of the same Job: the work may have been begun twice.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Check what the first pod has changed already before you run again.",
      "Find out who deleted the first pod: `kubectl get events -n {namespace}`.",
    ],
  },
  k8s_pod_vanished: {
    title: "The pod disappeared",
    when: "Gone twice by UID, with no last state: how it ended is unknown.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Check what the run has changed already before you run again.",
      "Find out what removed it: `kubectl get events -n {namespace}`, `kubectl get nodes`.",
    ],
  },
  k8s_pod_reattach_failed: {
    title: "The run to go on with has lost its pod",
    when: "The Job to reattach to has no pod any more.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Check what the earlier run has changed already, then run again.",
      "If finished runs disappear too early, raise {setting:ttlSecondsAfterFinished}.",
    ],
  },
} satisfies Entries;
