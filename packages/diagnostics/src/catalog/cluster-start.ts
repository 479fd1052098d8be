import type { Entries } from "./entry.ts";

/** What kept the container from starting. */
export const clusterStart = {
  k8s_image_pull_failed: {
    title: "The image cannot be pulled",
    when: "The container waits for its image: at once when the registry says not found or denied, else after a grace.",
    family: null,
    familyNote: "`transient_upstream` when the registry failed rather than refused",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "denied",
        text: "Give the pod an image pull secret ({setting:podTemplate}, `spec.imagePullSecrets`), or add one to {setting:serviceAccountName}.",
      },
      {
        when: "untrusted",
        text: "Let the nodes trust the registry: add its certificate authority to the node's container runtime (containerd: `/etc/containerd/certs.d/<registry>/hosts.toml`), or give the registry a certificate that they know. Pulling again does not help.",
      },
      {
        when: "processor",
        text: "The image has no build for the node's processor: build {setting:image} for both (`docker buildx build --platform linux/amd64,linux/arm64`), or choose nodes by `kubernetes.io/arch` in {setting:nodeSelector}.",
      },
      "Check the name and tag in {setting:image}, and that the cluster's nodes reach its registry.",
      "See the registry's words: `kubectl describe pod {pod} -n {namespace}`.",
    ],
  },
  k8s_image_invalid: {
    title: "The image cannot be used as it is named",
    when: "`InvalidImageName`, `ErrImageNeverPull` and the like: waiting cannot help.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Correct {setting:image}: `registry/name:tag`, in lower case.",
      "If the policy is `Never`, the image must be on the node already: change {setting:imagePullPolicy}.",
    ],
  },
  k8s_container_config_error: {
    title: "The container lacks something it needs",
    when: "A missing Secret, ConfigMap or key.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "missing",
        text: "Create the missing object in namespace {namespace}, or take its reference out of {setting:env} or {setting:podTemplate}.",
      },
      {
        when: "root",
        text: "Build {setting:image} with a numeric user that is not 0 (`USER 1000`), or set `runAsUser` in {setting:podTemplate}.",
      },
      "Look at what {setting:env} and {setting:podTemplate} refer to.",
      "See the container's words: `kubectl describe pod {pod} -n {namespace}`.",
    ],
  },
  k8s_container_start_failed: {
    title: "The container could not be started",
    when: "`RunContainerError`, `StartError`; exit 126, 127 or 128 before any frame, or a runtime's or shell's words (exec format error, not found, not executable).",
    family: null,
    familyNote: "`transient_upstream` when the node's container runtime did not answer in time",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "runtime",
        text: "Run again: nothing was done. If it repeats, look at node {node}: its container runtime is overloaded or restarts, or its disk is slow.",
      },
      {
        when: "memory",
        text: "Raise {setting:resources.limits.memory}: it is too small even to start the container.",
      },
      {
        when: "node",
        text: "The node could not prepare the container (a device's driver, a security profile, its disk): look at node {node}, or choose others in {setting:nodeSelector}.",
      },
      {
        when: "processor",
        text: "The image is for another processor than the node: build {setting:image} for both (`docker buildx build --platform linux/amd64,linux/arm64`), or choose nodes by `kubernetes.io/arch` in {setting:nodeSelector}.",
      },
      {
        when: "path",
        text: "Put the program that the words name into {setting:image}, on its PATH: `claude`, `/bin/sh`, and `node` where `claude` is a script of it.",
      },
      {
        when: "mode",
        text: "The file must be executable for the pod's user: `chmod 755` in the image's build, no volume mounted `noexec` over it, and its directories readable.",
      },
      {
        when: "libraries",
        text: "The program is for another base system (glibc or musl, or a newer one): use the build of Claude Code for this base, or a newer base, in {setting:image}.",
      },
      {
        when: "command",
        text: "The image in {setting:image} must have `claude` on its PATH, and `/bin/sh`.",
      },
      {
        when: "command",
        text: "Try it: `kubectl run try --rm -it -n {namespace} --image={image} --command -- claude --version`.",
      },
      "See what the node says: `kubectl describe pod {pod} -n {namespace}`.",
      "Look at the pod's events, and at {setting:image}.",
    ],
  },
  k8s_init_container_failed: {
    title: "An init container failed",
    when: "An init container ended with another exit than 0.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Read its log: `kubectl logs {pod} -n {namespace} -c {container}`.",
      { when: "memory", text: "It ran out of memory: raise the init container's own limit." },
      "Init containers come from {setting:podTemplate}.",
    ],
  },
  k8s_unschedulable: {
    title: "No node takes the pod",
    when: "Only after a generous budget of its own, with the scheduler's words; a queue that never let the Job in; a node that refused the pod placed on it (OutOfcpu, NodeAffinity, UnexpectedAdmissionError and others).",
    family: "transient_upstream",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "rejected",
        text: "Run again: nothing was done, and the scheduler had chosen a node that had no room, no device or no match any more.",
      },
      {
        when: "nodes",
        text: "Ask for less: lower {setting:resources.requests.cpu} or {setting:resources.requests.memory}.",
      },
      {
        when: "nodes",
        text: "Or add nodes; check {setting:nodeSelector}, {setting:tolerations}, and affinity in {setting:podTemplate}.",
      },
      {
        when: "queue",
        text: "Look at the queue: `kubectl get workloads -n {namespace}`. Its name comes from {setting:labels}.",
      },
      "Or run again later, when other pods have ended.",
      "See the scheduler's words: `kubectl describe pod {pod} -n {namespace}`.",
    ],
  },
  k8s_volume_unavailable: {
    title: "A volume is not available",
    when: "An unbound claim, a volume attached elsewhere, a mount that failed.",
    family: "transient_upstream",
    bootstrap: true,
    session: "keep",
    fix: [
      "See which: `kubectl get pvc -n {namespace}` and `kubectl describe pod {pod} -n {namespace}`.",
      "A `ReadWriteOnce` volume serves one node at a time: wait for the other pod, or use `ReadWriteMany`. Volumes come from {setting:podTemplate}.",
    ],
  },
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
  k8s_start_timeout: {
    title: "The container never got to run",
    when: "Scheduled, never ran, and nothing else explains it within the budget (sandbox, network, volumes).",
    family: "transient_upstream",
    bootstrap: true,
    session: "keep",
    fix: [
      "Look at the pod's events: its sandbox, network and volumes come before its container.",
      "See what it waited for: `kubectl describe pod {pod} -n {namespace}`.",
      "If other pods on node {node} hang too, look at the node.",
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
    when: "The slot is held by a live run, after the wait asked for.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Wait for it, or stop it; {setting:busyWaitSec} is how long the next run waits by itself.",
      "Look at it: `kubectl describe job {holder} -n {namespace}`.",
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
