import type { Entries } from "./entry.ts";

/** Why the cluster did not take the Job or its pod. */
export const clusterAdmission = {
  k8s_quota_exceeded: {
    title: "The namespace's quota is used up",
    when: "`FailedCreate` on the Job, or 403 on create, with a quota's words.",
    family: "transient_upstream",
    bootstrap: true,
    session: "keep",
    fix: [
      "Wait for other runs to end, or raise the quota: `kubectl describe resourcequota,limitrange -n {namespace}`.",
      "Or ask for less: {setting:resources.requests.cpu}, {setting:resources.requests.memory}, {setting:resources.limits.cpu}, {setting:resources.limits.memory}.",
    ],
  },
  k8s_admission_rejected: {
    title: "A policy of the cluster rejects the pod",
    when: "Pod Security, a webhook, a LimitRange or a quota's rule denied it; or what has to admit it did not answer.",
    family: null,
    familyNote: "`transient_upstream` where a webhook or the API did not answer",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "webhook",
        text: "Run again when what the words name answers. A webhook: `kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations`, then the pods of its service.",
      },
      {
        when: "counted",
        text: "The namespace's quota takes only pods that name what it counts: set {setting:resources.requests.cpu}, {setting:resources.requests.memory}, {setting:resources.limits.cpu} and {setting:resources.limits.memory}, also for containers of {setting:podTemplate}; or give the namespace a LimitRange with defaults.",
      },
      'Change what the policy names, in {setting:podTemplate}, {setting:labels} or the resources; without an overlay our pod satisfies Pod Security "restricted".',
      "See the namespace's level: `kubectl get namespace {namespace} --show-labels`.",
    ],
  },
  k8s_service_account_missing: {
    title: "The service account does not exist",
    when: "`FailedCreate` on the Job: error looking up service account.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Create it: `kubectl create serviceaccount {serviceAccount} -n {namespace}`.",
      "Or let the pod use one that exists: change {setting:serviceAccountName}.",
    ],
  },
  k8s_job_create_failed: {
    title: "The cluster refused the Job",
    when: "The POST was refused, with the API's causes.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Correct the fields that the API names; they come from {setting:podTemplate}, {setting:labels} and the resources.",
      "The namespace must exist: {setting:namespace}.",
    ],
  },
  k8s_concurrent_run_blocked: {
    title: "Another run holds the slot",
    when: "The slot is held by a live run, or by a pod that a deleted Job has left, after the wait asked for.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Wait for it, or stop it; {setting:busyWaitSec} is how long the next run waits by itself.",
      "Look at it: `kubectl describe job {holder} -n {namespace}`.",
      "If nobody needs what the pod does, delete it: `kubectl delete pod {leftPod} -n {namespace}`.",
    ],
  },
  slot_foreign: {
    title: "A foreign Job has the slot's name",
    when: "A Job under the slot's name is not sealed by this server. It is left alone.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Look at it: `kubectl get job {holder} -n {namespace} -o yaml`.",
      "If nobody needs it, delete it: `kubectl delete job {holder} -n {namespace}`. If another server made it, give each server a namespace of its own ({setting:namespace}).",
      "If this server made it with another secret (after a restore or a change of its key), wait until it has ended, then delete it.",
    ],
  },
  k8s_forbidden: {
    title: "Kubernetes does not allow it",
    when: "RBAC, with verb and resource.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Apply the Role of the documentation for the identity that {setting:kubeconfig} uses.",
      "What is missing: `{verb}` on `{resource}` in namespace {namespace}.",
      "Check: `kubectl auth can-i {verb} {resource} -n {namespace}`.",
    ],
  },
  k8s_api_unreachable: {
    title: "The Kubernetes API cannot be reached",
    when: "Before the Job exists; later it is only a wait.",
    family: "transient_upstream",
    bootstrap: true,
    session: "keep",
    fix: [
      "Check that the API server answers from where the adapter runs: `kubectl get --raw /readyz`.",
      "Check the address in {setting:kubeconfig}, network policies and proxies.",
    ],
  },
} satisfies Entries;
