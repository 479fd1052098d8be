import type { V1Volume } from "../cluster/kubernetes-types.ts";

/** What the pods of a runner may be, as its caller decides, and where a pod is something else. */

/** `"any"`, the names themselves, or a test of the caller's own. */
export type Allowed = "any" | readonly string[] | ((name: string) => boolean);

/** Which of the checks a violation comes from: the Pod Security Standards by Kubernetes, or the runner's own rules. */
export type PolicySource = "baseline" | "restricted" | "runner";

/** A volume of somebody else's that a run may mount in parts. */
export interface LentVolume {
  /** As it stands in the pod: under this name and with nothing changed, else it is another volume. */
  readonly volume: V1Volume;
  /** Folders below the volume; each is mounted by exactly this `subPath`. The empty text: the whole volume. */
  readonly subPaths: readonly string[];
  /** The pod's `fsGroup`, to which the kubelet may hand over every file of the volume; `null`: none. Absent: any. */
  readonly fsGroup?: number | null;
}

/**
 * What a pod may have beyond the closed default. The default, `{}`, is: everything that Pod Security "restricted" allows, no
 * service-account token, no Secret but those of the run itself, no claim, no fields that choose a node past the scheduler.
 */
export interface PodPolicy {
  /**
   * Fields that no rule applies to, and everything below them: `spec.hostNetwork`,
   * `spec.containers[*].securityContext.privileged`. Indexes are written `[*]`.
   */
  readonly fields?: readonly string[];
  /** Images of containers of all kinds, and of image volumes. Default: any. */
  readonly images?: Allowed;
  /** Secrets that exist already, mounted or read as variables. Default: none. Those that the run makes for itself are always allowed. */
  readonly secrets?: Allowed;
  /** Secrets with which images are pulled; the pod itself cannot read them. Default: none. */
  readonly imagePullSecrets?: Allowed;
  /** Default: any. */
  readonly configMaps?: Allowed;
  /** Persistent volume claims. Default: none. */
  readonly claims?: Allowed;
  /** Volumes of any kind, claims and hostPath included, that may be mounted in the parts that are named here. Default: none. */
  readonly lent?: readonly LentVolume[];
  /** Keys of Secrets that may be read as variables, where the Secret itself is not allowed. Default: none. */
  readonly lentKeys?: readonly { readonly secretName: string; readonly key: string }[];
  /** Service accounts by name; a token is mounted in no case. Default: any. */
  readonly serviceAccounts?: Allowed;
}

/** A field of the pod template that a rule does not allow. */
export interface PolicyViolation {
  /** `spec.containers[0].securityContext.privileged`. */
  readonly field: string;
  /** What stands there, as JSON, at most 120 characters; `null`: nothing, and something has to. */
  readonly value: string | null;
  /** Name of the rule: of the Pod Security Standards as Kubernetes has it (`hostNamespaces`), or of the runner (`claim`). */
  readonly rule: string;
  readonly source: PolicySource;
  /** Continues "the field …": `must be absent or false`. */
  readonly requirement: string;
}
