/** The client's types as they are on the wire: times are strings. The client itself would parse them into `Date` and lose the microseconds of a Lease. */

import type {
  CoreV1Event,
  V1Job,
  V1Lease,
  V1Namespace,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PriorityClass,
  V1RuntimeClass,
  V1Secret,
  V1SelfSubjectAccessReview,
  V1ServiceAccount,
  V1StorageClass,
} from "./kubernetes-types.ts";

export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer E)[]
    ? Wire<E>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;

export type Job = Wire<V1Job>;
export type Pod = Wire<V1Pod>;
export type Secret = Wire<V1Secret>;
export type Lease = Wire<V1Lease>;
export type ClusterEvent = Wire<CoreV1Event>;
export type Node = Wire<V1Node>;
export type Namespace = Wire<V1Namespace>;
export type Claim = Wire<V1PersistentVolumeClaim>;
export type ServiceAccount = Wire<V1ServiceAccount>;
export type PriorityClass = Wire<V1PriorityClass>;
export type RuntimeClass = Wire<V1RuntimeClass>;
export type StorageClass = Wire<V1StorageClass>;
export type AccessReview = Wire<V1SelfSubjectAccessReview>;

/** Every resource that the runner touches, and those that its callers choose from. */
export interface Resources {
  readonly jobs: Job;
  readonly pods: Pod;
  readonly secrets: Secret;
  readonly leases: Lease;
  readonly events: ClusterEvent;
  readonly nodes: Node;
  readonly namespaces: Namespace;
  readonly serviceaccounts: ServiceAccount;
  readonly persistentvolumeclaims: Claim;
  readonly priorityclasses: PriorityClass;
  readonly runtimeclasses: RuntimeClass;
  readonly storageclasses: StorageClass;
  readonly selfsubjectaccessreviews: AccessReview;
}

export type ResourceName = keyof Resources;

export const resourceGroups: Readonly<
  Record<ResourceName, { group: string; version: string; kind: string }>
> = {
  jobs: { group: "batch", version: "v1", kind: "Job" },
  pods: { group: "", version: "v1", kind: "Pod" },
  secrets: { group: "", version: "v1", kind: "Secret" },
  leases: { group: "coordination.k8s.io", version: "v1", kind: "Lease" },
  events: { group: "", version: "v1", kind: "Event" },
  nodes: { group: "", version: "v1", kind: "Node" },
  namespaces: { group: "", version: "v1", kind: "Namespace" },
  serviceaccounts: { group: "", version: "v1", kind: "ServiceAccount" },
  persistentvolumeclaims: { group: "", version: "v1", kind: "PersistentVolumeClaim" },
  priorityclasses: { group: "scheduling.k8s.io", version: "v1", kind: "PriorityClass" },
  runtimeclasses: { group: "node.k8s.io", version: "v1", kind: "RuntimeClass" },
  storageclasses: { group: "storage.k8s.io", version: "v1", kind: "StorageClass" },
  selfsubjectaccessreviews: { group: "authorization.k8s.io", version: "v1", kind: "SelfSubjectAccessReview" },
};

/** As `JSON.stringify` writes it. */
export function toWire<T>(value: T): Wire<T> {
  return JSON.parse(JSON.stringify(value)) as Wire<T>;
}
