/** What a pod that runs us has, as far as another pod could have it, too. */

import type {
  V1Affinity,
  V1HostAlias,
  V1PodDNSConfig,
  V1Toleration,
  V1Volume,
} from "../cluster/kubernetes-types.ts";

export interface OwnPod {
  readonly namespace: string;
  readonly name: string;
  readonly nodeName: string | null;
  /** Of the container that we are in. */
  readonly image: string;
  readonly imagePullPolicy: "Always" | "IfNotPresent" | "Never" | null;
  readonly imagePullSecrets: readonly string[];
  readonly serviceAccountName: string | null;
  readonly dnsPolicy: string | null;
  readonly dnsConfig: V1PodDNSConfig | null;
  readonly hostAliases: readonly V1HostAlias[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Without those that Kubernetes gives to every pod. */
  readonly tolerations: readonly V1Toleration[];
  readonly affinity: V1Affinity | null;
  readonly runtimeClassName: string | null;
  /** `null`: the image's own. */
  readonly runAsUser: number | null;
  readonly runAsGroup: number | null;
  readonly fsGroup: number | null;
  readonly mounts: readonly OwnMount[];
  /** Variables of our container that come from keys of Secrets: names, never values. */
  readonly secretVariables: readonly {
    readonly name: string;
    readonly secretName: string;
    readonly key: string;
    readonly optional: boolean;
  }[];
}

export interface OwnMount {
  readonly mountPath: string;
  /** Below the volume; empty: its root. `null`: it depends on variables of ours, and cannot be had by another pod. */
  readonly subPath: string | null;
  readonly readOnly: boolean;
  readonly volume: V1Volume;
}

/** Where a folder of ours lies, for another pod to mount it. */
export type SharedFolder =
  | {
      readonly kind: "shared";
      readonly volume: V1Volume;
      /** Below the volume; empty: its root. */
      readonly subPath: string;
      readonly mountPath: string;
    }
  | {
      readonly kind: "not-shared";
      readonly reason: "no-volume" | "own-volume" | "read-only" | "unknown-part";
      /** Of the volume that is in the way; `null`: it lies on none. */
      readonly volumeName: string | null;
    };

export type OwnPodAnswer =
  | { readonly kind: "pod"; readonly pod: OwnPod }
  /** We run in no pod, or in one that cannot be read: with the reason. */
  | {
      readonly kind: "none";
      readonly reason: "no-pod" | "forbidden" | "unavailable" | "not-found";
      readonly message: string;
    };
