/** What is said when the Job controller may not make the pod. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, fc } from "./objects.ts";
import type { Row } from "./objects.ts";

export const admission: readonly Row[] = [
  [
    "quota must specify",
    fc(
      'pods "claude-1-xyz12" is forbidden: failed quota: compute: must specify limits.cpu for: prepare; limits.memory for: prepare',
    ),
    "k8s_admission_rejected",
    null,
    /CPU limit/,
  ],
  [
    "limit range",
    fc(
      'pods "claude-1-xyz12" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m, maximum memory usage per Container is 2Gi, but limit is 4Gi]',
    ),
    "k8s_admission_rejected",
    null,
    /100m/,
  ],
  [
    "webhook is down",
    fc(
      'Internal error occurred: failed calling webhook "mutate.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": context deadline exceeded',
    ),
    "k8s_admission_rejected|k8s_api_unreachable|k8s_job_create_failed",
    T,
    /webhook/,
  ],
  [
    "Kyverno",
    fc(
      "admission webhook \"validate.kyverno.svc-fail\" denied the request: \n\nresource Pod/agents/claude-1-xyz12 was blocked due to the following policies \n\nrequire-labels:\n  check-team: 'validation error: The label `team` is required.'",
    ),
    "k8s_admission_rejected",
    null,
    /team/,
  ],
  [
    "VAP",
    fc(
      "pods \"claude-1-xyz12\" is forbidden: ValidatingAdmissionPolicy 'images' with binding 'images-binding' denied request: only images of registry.corp are allowed",
    ),
    "k8s_admission_rejected",
    null,
    /registry\.corp/,
  ],
  [
    "priority class",
    fc('pods "claude-1-xyz12" is forbidden: no PriorityClass with name agents-high was found'),
    "k8s_admission_rejected|k8s_job_create_failed",
    null,
    /agents-high/,
  ],
  [
    "runtime class",
    fc('pods "claude-1-xyz12" is forbidden: pod rejected: RuntimeClass "gvisor" not found'),
    "k8s_admission_rejected|k8s_job_create_failed",
    null,
    /gvisor/,
  ],
  [
    "priority and quota of OpenShift",
    fc(
      'pods "claude-1-xyz12" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount, provider restricted-v2: .containers[0].runAsUser: Invalid value: 1000: must be in the ranges: [1000680000, 1000689999]]',
    ),
    "k8s_admission_rejected",
    null,
    /1000680000/,
  ],
  [
    "namespace ends",
    fc(
      'pods "claude-1-xyz12" is forbidden: unable to create new content in namespace agents because it is being terminated',
    ),
    "k8s_admission_rejected|k8s_job_create_failed|k8s_job_deleted_externally",
    null,
    /terminat/,
  ],
  [
    "GKE autopilot",
    fc(
      'admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request because it violates one or more constraints.\nViolations details: {"[denied by autogke-disallow-hostnamespaces]":["enabling hostPID is not allowed in Autopilot."]}',
    ),
    "k8s_admission_rejected",
    null,
    /Autopilot/,
  ],
  [
    "etcd: too large",
    fc("etcdserver: request is too large"),
    "k8s_admission_rejected|k8s_job_create_failed",
    null,
    /too large/,
  ],
  [
    "etcd: busy",
    fc("etcdserver: request timed out"),
    "k8s_admission_rejected|k8s_job_create_failed",
    T,
    /timed out/,
  ],
  [
    "etcd: full",
    fc("etcdserver: mvcc: database space exceeded"),
    "k8s_admission_rejected|k8s_job_create_failed",
    undefined,
    /space exceeded/,
  ],
  [
    "count quota",
    fc(
      'pods "claude-1-x" is forbidden: exceeded quota: agents, requested: count/pods=1, used: count/pods=10, limited: count/pods=10',
    ),
    "k8s_quota_exceeded",
    T,
    /count\/pods=10/,
  ],
  [
    "request above limit",
    fc(
      'Pod "claude-1-x" is invalid: spec.containers[0].resources.requests: Invalid value: "4Gi": must be less than or equal to memory limit of 2Gi',
    ),
    "k8s_admission_rejected|k8s_job_create_failed",
    null,
    /memory limit of 2Gi/,
  ],
  [
    "PSP",
    fc(
      'pods "claude-1-x" is forbidden: PodSecurityPolicy: unable to admit pod: [spec.containers[0].securityContext.runAsUser: Invalid value: 0]',
    ),
    "k8s_admission_rejected",
    null,
    /PodSecurityPolicy/,
  ],
  [
    "webhook's certificate",
    fc(
      'Internal error occurred: failed calling webhook "vault.hashicorp.com": failed to call webhook: Post "https://vault-agent-injector-svc.vault.svc:443/mutate?timeout=30s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
    "k8s_admission_rejected|k8s_job_create_failed",
    undefined,
    /vault/,
  ],
];
