/** What the scheduler says. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, unsched } from "./objects.ts";
import type { Row } from "./objects.ts";

export const scheduling: readonly Row[] = [
  [
    "taints",
    unsched(
      "0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint {nvidia.com/gpu: true}. preemption: 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
    ),
    "k8s_unschedulable",
    T,
    /Insufficient cpu/,
  ],
  [
    "claim is not there",
    unsched(
      '0/3 nodes are available: persistentvolumeclaim "agent-home" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    ),
    "k8s_volume_unavailable",
    undefined,
    /agent-home/,
  ],
  [
    "zone of the volume",
    unsched(
      "0/6 nodes are available: 3 node(s) had volume node affinity conflict, 3 node(s) didn't match Pod's node affinity/selector.",
    ),
    "k8s_volume_unavailable|k8s_unschedulable",
    T,
    /volume node affinity/,
  ],
  [
    "claim in use RWOP",
    unsched(
      "0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
    ),
    "k8s_volume_unavailable|k8s_unschedulable",
    T,
    /ReadWriteOncePod/,
  ],
  [
    "claim being deleted",
    unsched('0/2 nodes are available: persistentvolumeclaim "agent-home" is being deleted.'),
    "k8s_volume_unavailable",
    undefined,
    /being deleted/,
  ],
  [
    "host port",
    unsched("0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports."),
    "k8s_unschedulable",
    T,
    /free ports/,
  ],
  [
    "DRA",
    unsched("0/3 nodes are available: 3 cannot allocate all claims. still not schedulable"),
    "k8s_unschedulable",
    T,
    /claims/,
  ],
  ["no nodes at all", unsched("no nodes available to schedule pods"), "k8s_unschedulable", T, /no nodes/],
  [
    "disk pressure taint",
    unsched("0/4 nodes are available: 4 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }."),
    "k8s_unschedulable",
    T,
    /disk-pressure/,
  ],
  [
    "binding took too long",
    unsched('running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded'),
    "k8s_volume_unavailable|k8s_unschedulable",
    T,
    /VolumeBinding/,
  ],
  [
    "local storage",
    unsched("0/3 nodes are available: 3 node(s) did not have enough free storage."),
    "k8s_volume_unavailable|k8s_unschedulable",
    T,
    /free storage/,
  ],
  [
    "ephemeral volume",
    unsched(
      'waiting for ephemeral volume controller to create the persistentvolumeclaim "claude-1-abcde-scratch"',
    ),
    "k8s_volume_unavailable",
    T,
    /scratch/,
  ],
];
