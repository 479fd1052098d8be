/**
 * What an event says of a pod that was deleted, row by row, each with its near miss: object, reason, message, and the kind of failure.
 * Diagnostics and runner name it each by themselves, since neither needs the other; both are held against these rows.
 */
export const removalRows: readonly (readonly [string, string, string, string | null])[] = [
  ["Pod/p", "Evicted", "Evicted pod: Forceful Termination", "drained"],
  ["Pod/p", "Evicted", "Evicted pod", "drained"],
  ["Pod/p", "Evicted", "The node was low on resource: memory.", "evicted"],
  ["Pod/p", "Preempted", "Preempted by pod 42d3 on node node-1", "preempted"],
  ["Pod/p", "Preempted", "No preemption victims found for incoming pod", null],
  ["Pod/p", "Preempting", "Preempted in order to admit critical pod", "preempted"],
  ["Pod/p", "Preempting", "something else", null],
  ["Pod/p", "TaintManagerEviction", "Marking for deletion Pod n/p", "drained"],
  ["Pod/p", "TaintManagerEviction", "Cancelling deletion of Pod n/p", null],
  ["Pod/p", "NodeControllerEviction", "Marking for deletion Pod p from Node node-1", "node-lost"],
  ["Pod/p", "ScaleDown", "deleting pod for node scale down", "drained"],
  ["Node/n", "ScaleDown", "node removed by cluster autoscaler", null],
  ["Node/n", "ScaleDown", "deleting pod for node scale down", null],
  ["Pod/p", "HighNodeUtilization", "pod evicted from n node by sigs.k8s.io/descheduler", "drained"],
  ["Pod/p", "HighNodeUtilization", "seen by sigs.k8s.io/descheduler", null],
  ["Job/j", "Stopped", "Preempted to accommodate a workload (UID: a) due to reclamation", "preempted"],
  ["Job/j", "Stopped", "The ClusterQueue is stopped", null],
  ["Pod/p", "Killing", "Stopping container main", null],
];
