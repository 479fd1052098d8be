/**
 * What an event says of a pod that was deleted, row by row, each with its near miss: object, reason, message, and the kind of failure.
 * Diagnostics and runner name it each by themselves, since neither needs the other; both are held against these rows. Texts are
 * those of the sources: the scheduler's and the kubelet's preemption, the controllers of taints and node lifecycle, the cluster
 * autoscaler's drain, the descheduler's evictor (four wordings by its releases), Kueue's preemption and its reconciler of Jobs.
 */
export const removalRows: readonly (readonly [string, string, string, string | null])[] = [
  ["Pod/p", "Evicted", "Evicted pod: Forceful Termination", "drained"],
  ["Pod/p", "Evicted", "Evicted pod", "drained"],
  ["Pod/p", "Evicted", "The node was low on resource: memory.", "evicted"],
  ["Pod/p", "Preempted", "Preempted by pod 42d3 on node node-1", "preempted"],
  ["Pod/p", "Preempted", "Preempted by a pod on node node-1", "preempted"],
  ["Pod/p", "Preempted", "Preempted by agents/other on node node-1", "preempted"],
  // A pod that was not bound yet, and stays.
  ["Pod/p", "Preempted", "Preempted by pod 42d3 on node node-1 (in kube-scheduler memory).", null],
  ["Pod/p", "Preempted", "No preemption victims found for incoming pod", null],
  ["Pod/p", "Preempting", "Preempted in order to admit critical pod", "preempted"],
  ["Pod/p", "Preempting", "something else", null],
  ["Pod/p", "TaintManagerEviction", "Marking for deletion Pod n/p", "drained"],
  ["Pod/p", "TaintManagerEviction", "Cancelling deletion of Pod n/p", null],
  ["Pod/p", "NodeControllerEviction", "Marking for deletion Pod p from Node node-1", "node-lost"],
  ["Pod/p", "ScaleDown", "deleting pod for node scale down", "drained"],
  ["Pod/p", "ScaleDownFailed", "failed to delete pod for ScaleDown", null],
  ["Pod/p", "ScaleDownFailed", "failed to forcefully delete pod for ScaleDown", null],
  ["Node/n", "ScaleDown", "marked the node as toBeDeleted/unschedulable", null],
  ["Node/n", "ScaleDown", "deleting pod for node scale down", null],
  ["Pod/p", "HighNodeUtilization", "pod evicted from n node by sigs.k8s.io/descheduler", "drained"],
  ["Pod/p", "HighNodeUtilization", "pod eviction from n node by sigs.k8s.io/descheduler", "drained"],
  ["Pod/p", "NotSet", "pod eviction from n node by sigs.k8s.io/descheduler", "drained"],
  ["Pod/p", "Descheduled", "pod evicted by sigs.k8s.io/deschedulerRemoveDuplicatePods", "drained"],
  ["Pod/p", "Descheduled", "pod evicted by sigs.k8s.io/descheduler", "drained"],
  [
    "Pod/p",
    "EvictionFailed",
    "pod eviction from n node by sigs.k8s.io/descheduler failed: total eviction limit exceeded (1)",
    null,
  ],
  ["Pod/p", "HighNodeUtilization", "seen by sigs.k8s.io/descheduler", null],
  [
    "Job/j",
    "Stopped",
    "Preempted to accommodate a workload (UID: a, JobUID: b) due to reclamation within the cohort; preemptor path: /c/q; preemptee path: /c/r",
    "preempted",
  ],
  [
    "Job/j",
    "Stopped",
    "Preempted to accommodate a workload (UID: a) due to prioritization in the ClusterQueue",
    "preempted",
  ],
  ["Job/j", "Stopped", "Preempted to accommodate a higher priority Workload", "preempted"],
  ["Job/j", "Stopped", "The ClusterQueue is stopped", null],
  ["Job/j", "Stopped", "Not admitted by cluster queue", null],
  ["Workload/w", "Preempted", "Preempted to accommodate a higher priority Workload", null],
  ["Pod/p", "Killing", "Stopping container main", null],
];
