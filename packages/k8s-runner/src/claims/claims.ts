/** Persistent volume claims that outlive the runs on them: made at first use, kept until somebody removes them. */

import type { ApiError, Cluster, RequestOptions } from "../cluster/cluster.ts";
import type { Claim } from "../cluster/wire.ts";
import { ClusterRequestError } from "../errors.ts";
import { labels, manager } from "../manifest/names.ts";
import { refusal } from "../start/refusal.ts";
import type { RunFailure } from "../types/exit.ts";

export interface ClaimSpec {
  readonly namespace: string;
  readonly name: string;
  /** In Kubernetes notation (`10Gi`). One that exists keeps its own. */
  readonly size: string;
  /** Default: the cluster's default class. */
  readonly storageClass?: string;
  /** Default `ReadWriteOnce`. */
  readonly accessMode?: ClaimAccess;
  /** By which the claim is found again, beside the runner's own label. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export type ClaimAccess = "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany";

export interface ClaimView {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Made by a runner, and not by somebody else. */
  readonly isOwn: boolean;
  readonly phase: "Pending" | "Bound" | "Lost" | null;
  /** What was asked for; `null`: nothing. */
  readonly size: string | null;
  readonly storageClass: string | null;
  readonly accessModes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdAt: string | null;
  /** It is being removed, and stays as long as a pod has it mounted. */
  readonly isLeaving: boolean;
}

export type ClaimAnswer =
  | { readonly kind: "made" | "found"; readonly claim: ClaimView }
  /** A claim of that name is somebody else's, or is going. */
  | { readonly kind: "taken"; readonly claim: ClaimView }
  | { readonly kind: "refused"; readonly failure: RunFailure };

/** Finds a claim of the runner's, or makes it. Nothing of one that exists is changed. Rejects with `signal.reason` only. */
export async function ensureClaim(
  cluster: Pick<Cluster, "get" | "create" | "server">,
  spec: ClaimSpec,
  options: RequestOptions = {},
): Promise<ClaimAnswer> {
  const refused = (verb: string, error: ApiError): ClaimAnswer => {
    const attempted = {
      verb,
      resource: "persistentvolumeclaims",
      namespace: spec.namespace,
      server: cluster.server,
    };
    return { kind: "refused", failure: refusal(error, { ...attempted, triedSeconds: 0 }) };
  };
  const before = await readClaim(cluster, spec, options);
  if (before.kind === "refused") return refused("get", before.error);
  if (before.kind === "found") return judged(before.claim);
  const made = await cluster.create("persistentvolumeclaims", spec.namespace, claimOf(spec), options);
  if (made.kind === "ok") return { kind: "made", claim: viewOf(made.value) };
  if (made.error.kind !== "already-exists" && made.error.kind !== "unavailable")
    return refused("create", made.error);
  // Another process was quicker, or nobody knows whether it was made.
  const after = await readClaim(cluster, spec, options);
  if (after.kind === "found") return judged(after.claim);
  return refused("create", after.kind === "refused" ? after.error : made.error);
}

export async function readClaim(
  cluster: Pick<Cluster, "get">,
  { namespace, name }: Pick<ClaimSpec, "namespace" | "name">,
  options: RequestOptions = {},
): Promise<
  | { readonly kind: "found"; readonly claim: ClaimView }
  | { readonly kind: "missing" }
  | { readonly kind: "refused"; readonly error: ApiError }
> {
  const answer = await cluster.get("persistentvolumeclaims", namespace, name, options);
  if (answer.kind === "ok") return { kind: "found", claim: viewOf(answer.value) };
  return answer.error.kind === "not-found" ? { kind: "missing" } : { kind: "refused", error: answer.error };
}

/** The runner's own claims of a namespace. Rejects with `ClusterRequestError` when the API server does not say. */
export async function listClaims(
  cluster: Pick<Cluster, "list">,
  { namespace, labels: wanted = {} }: Pick<ClaimSpec, "namespace" | "labels">,
  options: RequestOptions = {},
): Promise<readonly ClaimView[]> {
  const labelSelector = Object.entries({ ...wanted, [labels.managedBy]: manager })
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const answer = await cluster.list("persistentvolumeclaims", namespace, { labelSelector }, options);
  if (answer.kind === "error")
    throw new ClusterRequestError("list", "persistentvolumeclaims", namespace, answer.error);
  return answer.value.items.map(viewOf);
}

/** Leaves a mark on a claim of the runner's. `false`: it could not be left; nothing else depends on it. */
export async function markClaim(
  cluster: Pick<Cluster, "patch">,
  { namespace, name }: Pick<ClaimView, "namespace" | "name">,
  annotations: Readonly<Record<string, string>>,
  options: RequestOptions = {},
): Promise<boolean> {
  const body = { metadata: { annotations } };
  const answer = await cluster.patch("persistentvolumeclaims", namespace, name, body, options);
  return answer.kind === "ok";
}

export type ClaimRemoval =
  /** It goes as soon as no pod has it mounted, and with it the files, as its storage class says. */
  | "removed"
  | "gone"
  /** Another one has its name now, or it is not the runner's. */
  | "changed";

/** Removes one claim that was listed. Rejects with `ClusterRequestError` when the API server refuses. */
export async function removeClaim(
  cluster: Pick<Cluster, "delete">,
  { namespace, name, uid, isOwn }: Pick<ClaimView, "namespace" | "name" | "uid" | "isOwn">,
  options: RequestOptions = {},
): Promise<ClaimRemoval> {
  if (!isOwn) return "changed";
  const answer = await cluster.delete("persistentvolumeclaims", namespace, name, { uid }, options);
  if (answer.kind === "ok") return "removed";
  if (answer.error.kind === "not-found") return "gone";
  if (answer.error.kind === "conflict") return "changed";
  throw new ClusterRequestError("delete", "persistentvolumeclaims", namespace, answer.error);
}

function judged(claim: ClaimView): ClaimAnswer {
  return { kind: claim.isOwn && !claim.isLeaving ? "found" : "taken", claim };
}

function claimOf(spec: ClaimSpec): Claim {
  const { namespace, name, size, storageClass, accessMode = "ReadWriteOnce", annotations } = spec;
  return {
    metadata: {
      name,
      namespace,
      labels: { ...spec.labels, [labels.managedBy]: manager },
      ...(annotations !== undefined && { annotations: { ...annotations } }),
    },
    spec: {
      accessModes: [accessMode],
      resources: { requests: { storage: size } },
      ...(storageClass !== undefined && { storageClassName: storageClass }),
    },
  };
}

function viewOf({ metadata = {}, spec = {}, status = {} }: Claim): ClaimView {
  const { phase } = status;
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
    uid: metadata.uid ?? "",
    isOwn: metadata.labels?.[labels.managedBy] === manager,
    phase: phase === "Pending" || phase === "Bound" || phase === "Lost" ? phase : null,
    size: spec.resources?.requests?.["storage"] ?? null,
    storageClass: spec.storageClassName ?? null,
    accessModes: status.accessModes ?? spec.accessModes ?? [],
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    createdAt: metadata.creationTimestamp ?? null,
    isLeaving: metadata.deletionTimestamp !== undefined,
  };
}
