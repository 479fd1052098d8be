export type * from "./types/spec.ts";
export type * from "./types/copies.ts";
export type * from "./types/record.ts";
export type * from "./types/repository.ts";
export type * from "./types/evidence.ts";
export type * from "./types/own-pod.ts";
export type * from "./types/exit.ts";
export type * from "./types/events.ts";
export type * from "./types/listed-ending.ts";
export type * from "./types/run.ts";
export type * from "./types/policy.ts";
export { connect } from "./cluster/connect.ts";
export type { ConnectOptions } from "./cluster/connect.ts";
export type { KubeConfigObject } from "./cluster/kubeconfig/kubeconfig.ts";
export type { KubeconfigPermission, RestrictedKubeconfig } from "./types/kubeconfig.ts";
export type { ApiAnswer, ApiError, Cluster, CreateOptions, RequestOptions } from "./cluster/cluster.ts";
export type { Clock } from "./clock.ts";
export {
  ClusterRequestError,
  InvalidKubeconfigError,
  InvalidRunSpecError,
  RunDetachedError,
  RunnerClosedError,
} from "./errors.ts";
export type { SealKey } from "./manifest/seal.ts";
export { jobManifest } from "./manifest/job.ts";
export { mayUse } from "./may-use.ts";
export { featurePermissions, requiredPermissions, upkeepPermissions } from "./permissions.ts";
export type { Feature, Permission } from "./permissions.ts";
export { preflight } from "./preflight.ts";
export { roleManifest, upkeepRoleManifest } from "./role-manifest.ts";
export type { RoleManifest } from "./role-manifest.ts";
export { readOwnPod } from "./own-pod/read.ts";
export type { OwnPodName } from "./own-pod/read.ts";
export { sharedFolderOf } from "./own-pod/shared-folder.ts";
export { ensureClaim, listClaims, markClaim, readClaim, removeClaim } from "./claims/claims.ts";
export type { ClaimAnswer, ClaimRemoval, ClaimSpec, ClaimView } from "./claims/claims.ts";
export { readCopiedRun, remembersCopy } from "./files/known-copies.ts";
export type { CopiedRun } from "./files/known-copies.ts";
export { checkPodPolicy } from "./policy/check.ts";
export type { PodSecurityLevel } from "./policy/control.ts";
export { podSecurityViolations } from "./policy/pod-security.ts";
export { validateRunSpec } from "./validate.ts";
export { listRuns } from "./supervision/list-alone.ts";
export { createRunner } from "./runner.ts";
export type { RunnerOptions } from "./runner.ts";
