import { randomUUID } from "node:crypto";
import type { ClusterClock } from "../clock.ts";
import type { NodeOptions } from "../options.ts";
import { timestamp } from "../objects/time.ts";
import type { Condition, Node } from "../objects/types.ts";
import { readyCondition } from "./kubelet.ts";

export function nodeObject(options: NodeOptions, clock: ClusterClock): Node {
  const now = timestamp(clock);
  const room = {
    cpu: options.cpu ?? "8",
    "ephemeral-storage": "100Gi",
    memory: options.memory ?? "32Gi",
    pods: String(options.pods ?? 110),
  };
  const pressure = (type: string, reason: string, message: string): Condition => ({
    type,
    status: "False",
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: options.name,
      uid: randomUUID(),
      resourceVersion: "",
      creationTimestamp: now,
      labels: {
        "kubernetes.io/arch": process.arch === "x64" ? "amd64" : process.arch,
        "kubernetes.io/hostname": options.name,
        "kubernetes.io/os": "linux",
        ...options.labels,
      },
    },
    spec: {
      ...(options.unschedulable === true ? { unschedulable: true } : {}),
      ...(options.taints === undefined ? {} : { taints: options.taints.map((taint) => ({ ...taint })) }),
    },
    status: {
      capacity: room,
      allocatable: { ...room },
      conditions: [
        pressure("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        pressure("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        pressure("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        { ...readyCondition, lastHeartbeatTime: now, lastTransitionTime: now },
      ],
      addresses: [
        { type: "InternalIP", address: "127.0.0.1" },
        { type: "Hostname", address: options.name },
      ],
      nodeInfo: {
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        bootID: randomUUID(),
        containerRuntimeVersion: "local-cluster://1",
        kernelVersion: "local",
        kubeProxyVersion: "",
        kubeletVersion: "v1.34.4",
        machineID: randomUUID(),
        operatingSystem: "linux",
        osImage: "local-cluster",
        systemUUID: randomUUID(),
      },
    },
  };
}
