/** A pod of the API → what another pod could have of it. Pure. */

import type { V1Container, V1Toleration, V1VolumeMount } from "../cluster/kubernetes-types.ts";
import type { Pod, Wire } from "../cluster/wire.ts";
import type { OwnMount, OwnPod } from "../types/own-pod.ts";

type Container = Wire<V1Container>;

/** `container`: ours; `null`: the first one. `null`: there is none of that name. */
export function ownPodOf({ metadata, spec }: Pod, container: string | null): OwnPod | null {
  const own = spec?.containers.find(({ name }) => container === null || name === container);
  if (spec === undefined || own === undefined) return null;
  const { securityContext: pod = {} } = spec;
  const { securityContext: inner = {} } = own;
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    nodeName: spec.nodeName ?? null,
    image: own.image ?? "",
    imagePullPolicy: pullPolicyOf(own.imagePullPolicy),
    imagePullSecrets: (spec.imagePullSecrets ?? []).flatMap(({ name }) => (name === undefined ? [] : [name])),
    serviceAccountName: spec.serviceAccountName ?? null,
    dnsPolicy: spec.dnsPolicy ?? null,
    dnsConfig: spec.dnsConfig ?? null,
    hostAliases: spec.hostAliases ?? [],
    nodeSelector: spec.nodeSelector ?? {},
    tolerations: (spec.tolerations ?? []).filter((toleration) => !isEverybodys(toleration)),
    affinity: spec.affinity ?? null,
    runtimeClassName: spec.runtimeClassName ?? null,
    runAsUser: inner.runAsUser ?? pod.runAsUser ?? null,
    runAsGroup: inner.runAsGroup ?? pod.runAsGroup ?? null,
    fsGroup: pod.fsGroup ?? null,
    mounts: (own.volumeMounts ?? []).flatMap((mount) => mountOf(mount, spec.volumes ?? [])),
    secretVariables: secretVariablesOf(own),
  };
}

function mountOf(
  { name, mountPath, subPath, subPathExpr, readOnly }: Wire<V1VolumeMount>,
  volumes: NonNullable<NonNullable<Pod["spec"]>["volumes"]>,
): readonly OwnMount[] {
  const volume = volumes.find((candidate) => candidate.name === name);
  if (volume === undefined) return [];
  const unknown = subPathExpr !== undefined && subPathExpr !== "";
  return [
    {
      mountPath,
      subPath: unknown ? null : (subPath ?? ""),
      readOnly: readOnly ?? false,
      // As it is on the wire: it goes into a pod again, and is read by nobody.
      volume: volume as unknown as OwnMount["volume"],
    },
  ];
}

function secretVariablesOf({ env = [] }: Container): OwnPod["secretVariables"] {
  return env.flatMap(({ name, valueFrom }) => {
    const reference = valueFrom?.secretKeyRef;
    if (reference?.name === undefined) return [];
    const { name: secretName, key, optional = false } = reference;
    return [{ name, secretName, key, optional }];
  });
}

/** Admission adds these two to every pod. */
function isEverybodys({ key, operator, effect }: Wire<V1Toleration>): boolean {
  return (
    effect === "NoExecute" &&
    operator === "Exists" &&
    (key === "node.kubernetes.io/not-ready" || key === "node.kubernetes.io/unreachable")
  );
}

function pullPolicyOf(policy: string | undefined): OwnPod["imagePullPolicy"] {
  return policy === "Always" || policy === "IfNotPresent" || policy === "Never" ? policy : null;
}
