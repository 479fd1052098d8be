/** What nodes say of pods that they evict or do not take. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, pod, rejected, term } from "./objects.ts";
import type { Row } from "./objects.ts";

export const refusedOrEvicted: readonly Row[] = [
  [
    "ephemeral limit of containers",
    {
      pod: pod(term(137), {
        status: {
          phase: "Failed",
          reason: "Evicted",
          message: "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
        },
      }),
    },
    "k8s_pod_evicted",
    T,
    /1Gi/,
  ],
  [
    "emptyDir over its limit",
    {
      pod: pod(term(137), {
        status: {
          phase: "Failed",
          reason: "Evicted",
          message: 'Usage of EmptyDir volume "tmp" exceeds the limit "2Gi". ',
        },
      }),
    },
    "k8s_pod_evicted",
    T,
    /tmp/,
  ],
  [
    "inodes",
    {
      pod: pod(term(137), {
        status: {
          phase: "Failed",
          reason: "Evicted",
          message: "The node was low on resource: inodes. Threshold quantity: 5%, available: 4%. ",
        },
      }),
    },
    "k8s_pod_evicted",
    T,
    /inodes/,
  ],
  [
    "PIDPressure before start",
    rejected("Evicted", "Pod was rejected: The node had condition: [PIDPressure]. "),
    "k8s_pod_evicted|k8s_unschedulable",
    T,
    /PIDPressure/,
  ],
  [
    "OutOfpods",
    rejected(
      "OutOfpods",
      "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 110, capacity: 110",
    ),
    "k8s_unschedulable",
    T,
    /110/,
  ],
  [
    "device plugin",
    rejected(
      "UnexpectedAdmissionError",
      "Pod was rejected: Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected",
    ),
    "k8s_unschedulable",
    T,
    /gpu/,
  ],
  [
    "VolumeAttachmentLimitExceeded",
    rejected(
      "VolumeAttachmentLimitExceeded",
      "Pod was rejected: Node has reached its volume attachment limit",
    ),
    "k8s_unschedulable|k8s_volume_unavailable",
    T,
    /attachment limit/,
  ],
  [
    "SMT alignment",
    rejected(
      "SMTAlignmentError",
      "Pod was rejected: SMT Alignment Error: requested 3 cpus not multiple cpus per core = 2",
    ),
    "k8s_unschedulable",
    T,
    /multiple/,
  ],
  [
    "node shuts down before start",
    rejected("NodeShutdown", "Pod was rejected: Pod was rejected as the node is shutting down."),
    "k8s_node_shutdown",
    T,
    /shut/,
  ],
  [
    "affinity at admission",
    rejected(
      "NodeAffinity",
      "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ),
    "k8s_unschedulable",
    T,
    /NodeAffinity/,
  ],
  [
    "memory pressure with numbers",
    {
      pod: pod(term(137), {
        status: {
          phase: "Failed",
          reason: "Evicted",
          message:
            "The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. Container main was using 3Gi, request is 1Gi, has larger consumption of memory. ",
        },
      }),
    },
    "k8s_pod_evicted",
    T,
    /Memory request/,
  ],
];
