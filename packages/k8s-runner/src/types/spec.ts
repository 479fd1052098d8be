/** What to run: everything a caller says about one run. Checked by `validate.ts` before the cluster sees it. */

import type {
  V1Affinity,
  V1Container,
  V1HostAlias,
  V1PodDNSConfig,
  V1PodTemplateSpec,
  V1Toleration,
  V1TopologySpreadConstraint,
  V1Volume,
  V1VolumeMount,
} from "../cluster/kubernetes-types.ts";
import type { PodPolicy } from "./policy.ts";

import type { CopiedFolders } from "./copies.ts";
import type { RecordedOutputSpec } from "./record.ts";
import type { RepositoryCheckout } from "./repository.ts";

/** A file that the container finds at `path`. Travels in immutable Secrets, so its content may be secret. */
export interface PayloadFile {
  /** Absolute path in the container. */
  readonly path: string;
  /** Any bytes, any size: content beyond one Secret (1 MiB) is split over several and joined in the pod. */
  readonly content: string | Uint8Array;
  /** Permission bits, default 0o444. Readable by the pod's `fsGroup` in any case. */
  readonly mode?: number;
}

/** Resource quantities in Kubernetes notation (`500m`, `2Gi`). */
export interface ResourceSpec {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/**
 * How long each phase before the container runs may take, in seconds. Generous by default: an autoscaler may need
 * ten minutes for a node, a large image as long again.
 */
export interface StartBudgets {
  /** Waiting for a place under `cap`; suspended by a queue (Kueue) or gated. Default: no limit (`null`). */
  readonly queueSeconds?: number | null;
  /** No pod although the Job is released: quota, admission, missing service account. Default 60. */
  readonly podCreationSeconds?: number;
  /** Unschedulable. Default 1800. */
  readonly schedulingSeconds?: number;
  /** Registry trouble that is not final at once. Default 900. */
  readonly imagePullSeconds?: number;
  /** Missing Secret, ConfigMap or key: the object may be about to appear. Default 30. */
  readonly configSeconds?: number;
  /** Init containers. Default 1800. */
  readonly initSeconds?: number;
  /** Scheduled, but the container never ran and nothing above explains it (volumes, sandbox). Default 900. */
  readonly startSeconds?: number;
}

/**
 * At most `limit` Jobs of one name at once in a namespace, over all processes. It is kept in a Lease object of the namespace, so a
 * process that may not write Leases cannot start such a run.
 */
export interface RunCap {
  /** Any non-empty text. */
  readonly name: string;
  /** At least 1. Each run goes by its own. */
  readonly limit: number;
}

export interface RunSpec {
  /** Namespace of the Job. Must exist. */
  readonly namespace: string;
  /** The slot of work, any non-empty string: at most one live Job per slot and namespace. Hashed into the Job's name. */
  readonly slot: string;
  /** The caller's id for this attempt; told apart from other attempts on the same slot. Any non-empty string up to 253 characters. */
  readonly runId: string;

  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Program and arguments, exactly as the process shall get them: `$(X)` and `$$` are escaped for Kubernetes. */
  readonly command: readonly string[];
  /** Standard input of the process. Absent: closed. Given: needs `/bin/sh` in the image, which `exec`s the command. */
  readonly stdin?: string | Uint8Array;
  readonly workingDirectory?: string;
  /** Literal, visible to anybody who may read Jobs. Never for secrets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kept in a Secret that the Job owns, and removed with the run. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** References to keys of Secrets that already exist in the namespace: variable name → Secret and key. */
  readonly secretEnvFrom?: Readonly<
    Record<string, { readonly secretName: string; readonly key: string; readonly optional?: boolean }>
  >;
  /** At most 500: each is a mount of its own. */
  readonly files?: readonly PayloadFile[];
  /** Folders of this machine that the command works in as copies. Needs `/bin/sh` in the image. */
  readonly copies?: CopiedFolders;
  /** A repository that the command works in. Needs `/bin/sh` in the image. */
  readonly repository?: RepositoryCheckout;
  /** Keeps the output beside the log as well, so that nothing of it is lost where the log loses it. Needs `/bin/sh` in the image. */
  readonly recordOutput?: RecordedOutputSpec;

  readonly resources?: ResourceSpec;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly V1Toleration[];
  readonly affinity?: V1Affinity;
  readonly topologySpreadConstraints?: readonly V1TopologySpreadConstraint[];
  readonly hostAliases?: readonly V1HostAlias[];
  readonly dnsPolicy?: string;
  readonly dnsConfig?: V1PodDNSConfig;
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
  readonly imagePullSecrets?: readonly string[];
  /** Default: the namespace's `default`. Its token is not mounted unless `mountServiceAccountToken`. */
  readonly serviceAccountName?: string;
  readonly mountServiceAccountToken?: boolean;
  readonly volumes?: readonly V1Volume[];
  readonly volumeMounts?: readonly V1VolumeMount[];
  readonly initContainers?: readonly V1Container[];
  readonly extraContainers?: readonly V1Container[];
  /** User and group of the process, and owner of its volumes. Default 1000. */
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  /** `null`: none, so that no volume changes its owner. */
  readonly fsGroup?: number | null;
  /** What the image has cannot be changed in the container; `/tmp` and `writablePaths` can be written to. Default `false`. */
  readonly readOnlyRootFilesystem?: boolean;
  /** Of the empty volume at `/tmp`, in Kubernetes notation; a pod that fills it is evicted. Default: no limit of its own. */
  readonly temporarySize?: string;
  /** Empty folders of the run's own, such as a home or a cache, gone with the pod. They hide what the image has there. */
  readonly writablePaths?: readonly string[];
  /** Escape hatch: strategic merge over the pod template; the main container is named `main`. Wins over everything above. */
  readonly podTemplate?: DeepPartial<V1PodTemplateSpec>;
  /**
   * What the pod may be, whatever the fields above say: the merged Job is checked right before it is sent, and a violation is the
   * refusal `policy-violated`. Stands in the place of the runner's own `policy`.
   */
  readonly policy?: PodPolicy;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Kueue LocalQueue. The Job is then released by Kueue, not by us. */
  readonly queueName?: string;

  /**
   * A start waits until fewer than so many Jobs live, for as long as `budgets.queueSeconds` allows: first come, first served, and
   * nothing of it is in the cluster yet. A Job that is taken over has its place already.
   */
  readonly cap?: RunCap;
  /** Our own graceful deadline, counted from the container's `startedAt`. Absent or 0: none. */
  readonly deadlineSeconds?: number;
  /** Between SIGTERM and SIGKILL. Default 30. */
  readonly graceSeconds?: number;
  readonly budgets?: StartBudgets;
  /** How long the finished Job stays. Default 3600. */
  readonly ttlSecondsAfterFinished?: number;
  /**
   * May the run of a dead supervisor on this slot be taken over? Default "when-orphaned". With "never" it keeps the slot while it
   * runs, and makes room two minutes after nobody can have been reading it.
   */
  readonly adopt?: "when-orphaned" | "never";
  /**
   * Labels that a Job must have to be taken over; for any other, `adopt` is "never". For slots that stand for more than one piece of
   * work, such as one slot for all tasks of an agent.
   */
  readonly adoptOnlyWith?: Readonly<Record<string, string>>;
  /**
   * Written on a Job that is taken over. The spec's `labels` are as well, as they say who it is for; its `annotations` are not, as
   * they may say what the Job was made with.
   */
  readonly adoptionAnnotations?: Readonly<Record<string, string>>;
}

export type DeepPartial<T> = T extends readonly (infer E)[]
  ? DeepPartial<E>[]
  : T extends Date
    ? T | string
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> }
      : T;
